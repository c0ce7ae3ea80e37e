"""`trial lint-specs`: what is missing, misspelt or contradictory in a study's folder, with file, line and column."""
