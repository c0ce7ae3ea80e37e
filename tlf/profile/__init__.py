"""The page of one subject: what a study's profile.yaml asks for (spec), found of all subjects at once (marks), set out
per subject (pages) on one axis (axis), and drawn (picture)."""
