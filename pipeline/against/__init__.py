"""Two versions of the same held against each other: datasets, results and outputs, and what of it is accepted."""
