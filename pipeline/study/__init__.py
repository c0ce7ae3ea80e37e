"""What a study's folder says: specs, decisions, and the shape of every spec file."""
