"""Define-XML 2.1: what the datasets are, told from the specs and the values, written, and held against the data."""
