"""The decisions that rules of the gate read: it rests on these alone, and each of its parts on those that it reads.

A table without imports, for an unchanged run asks it.
"""

DECISIONS = (
    *("CRS_ANTIPYRETICS", "CRS_GAP", "CT_CR_NEEDS_PET", "NE_PET_RULE"),
    *("SPLEEN_NEW_ANY", "SPLEEN_NEW_CM", "SPLEEN_PD_FROM", "VASOPRESSIN_ALONE_GRADE"),
)
