"""`trial new-study`: the folder of a new study, filled from its data dictionary as far as can be."""
