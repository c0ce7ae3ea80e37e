"""Published criteria as pure functions on columns: grading of CRS, ICANS and laboratory values, lymphoma response."""
