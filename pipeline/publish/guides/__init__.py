"""Guides for the reviewer of SDTM (cSDRG) and of ADaM (ADRG), from facts of a build and what people write."""
