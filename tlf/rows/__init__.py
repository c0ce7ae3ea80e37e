"""Kinds of rows: `kinds` holds the words of each; the module of a kind has measure(row, place, records) and printed."""
