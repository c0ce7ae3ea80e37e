"""The second derivation as a product: the plan's endpoints in SQL over the SDTM of a run, held against its ADaM.

Written from the analysis plan; it shares no line with adam/ and asks of the project what studies sign and nothing else.
"""
