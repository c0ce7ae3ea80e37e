"""Conformance of the datasets as people are handed them, as one table by rule: SDTM, ADaM, and what holds of both."""
