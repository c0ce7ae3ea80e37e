"""Published figures of several trials: read as a table, checked for arithmetic that cannot be, never edited."""
