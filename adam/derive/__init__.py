"""The verbs of the analysis datasets, under admiral's names where the meaning is the same."""
