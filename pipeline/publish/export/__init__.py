"""Datasets as other programs read them: SAS transport files, Dataset-JSON, Parquet, CSV."""
