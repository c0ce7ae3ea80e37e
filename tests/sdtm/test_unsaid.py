"""What the analysis asks of SDTM in its own words, and another sponsor's SDTM does not say, is told with its cure."""

import pytest
from small_study import grid

from sdtm.unsaid import unsaid

DM = grid("_SUBJECT | DTHFL\nA | Y\nB | .")
EX, DS, DD, RS = "USUBJID | EXTRT | EXCAT\n", "USUBJID | DSDECOD | DSCAT | DSSCAT\n", "USUBJID\n", "RSTESTCD | RSEVAL\n"
IN, OUT = "A | ENTERED INTO TRIAL | PROTOCOL MILESTONE | .\n", "A | COMPLETED | DISPOSITION EVENT | "


@pytest.mark.parametrize(("domain", "records", "severities", "cure"), [
    ("EX", EX + "A | DRUG | .", ["critical"], 'EX,*,EXCAT,hardcode,CELLS,"EXTRT == ""DRUG"""'),
    ("EX", EX + "A | DRUG | CELLS", [], ""), ("EX", EX, [], ""),
    ("DS", DS + "A | RANDOMIZED | PROTOCOL MILESTONE | .", ["critical"], "DS,*,DSDECOD,hardcode,ENTERED INTO TRIAL,"),
    ("DS", DS + IN + OUT + ".", ["major"], "DS,*,DSSCAT,hardcode,STUDY PARTICIPATION,"),
    ("DS", DS + IN + OUT + "STUDY PARTICIPATION", [], ""), ("DS", DS + IN, [], ""),
    ("DD", DD, ["critical"], "DM,DEATH,DDDTC,assign,DTHDTC,"), ("DD", DD + "A", [], ""),
    ("RS", RS + "OVRLRESP | INDEPENDENT ASSESSOR", ["critical"], "RS,*,RSEVAL,hardcode,INVESTIGATOR,"),
    ("RS", RS + "OVRLRESP | INVESTIGATOR", [], ""), ("AE", "AETERM\nFever", [], ""),
])  # fmt: skip
def test_what_no_record_says_is_told_with_the_row_that_says_it(domain, records, severities, cure):
    found = unsaid(domain, grid(records), DM)

    assert found["severity"].tolist() == severities
    assert all(cure in message for message in found["message"])
