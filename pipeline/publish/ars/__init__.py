"""The results as a reporting event of the CDISC Analysis Results Standard, version 1."""
