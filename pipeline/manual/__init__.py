"""What people write specs by: every word of every kind of spec file with its meaning, as pages and as JSON schemas."""
