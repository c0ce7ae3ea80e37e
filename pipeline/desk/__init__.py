"""What a data manager gets of an extract: queries and their life, the report, what changed, and the view by site."""
