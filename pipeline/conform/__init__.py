"""Conformance of datasets that are there: of a finished build, or of any folder of SDTM and ADaM; by CORE too."""
