"""AE: the relation to study treatment is the stronger of the two that were asked."""

import pytest
from small_study import NO_ELEMENTS, grid

from sdtm.ae import ae

RELATIONS = grid("codelist | submission\n" + "\n".join(
    f"REL | {word} RELATED" for word in ("NOT", "UNLIKELY", "POSSIBLY", "PROBABLY", "DEFINITELY")))


@pytest.mark.parametrize(("conditioning", "cells", "strongest"), [
    ("UNLIKELY RELATED", "DEFINITELY RELATED", "DEFINITELY RELATED"),
    ("PROBABLY RELATED", "NOT RELATED", "PROBABLY RELATED"),
    (".", "POSSIBLY RELATED", "POSSIBLY RELATED"),
])  # fmt: skip
def test_the_stronger_relation_holds(conditioning, cells, strongest):
    header = "USUBJID | AECNREL | AECTREL | AESTDTC | AEENDTC\n"
    events = grid(f"{header}A | {conditioning} | {cells} | 2025-03-05 | 2025-03")
    row = ae(events, grid("USUBJID | RFSTDTC\nA | 2025-03-04"), RELATIONS, NO_ELEMENTS).iloc[0]
    assert (row["AEREL"], row["AESTDY"], row.isna()["AEENDY"]) == (strongest, 2.0, True)
