"""A result that was given its limits by a reference range leads to the line of that range too."""

import pandas as pd
import pytest
from small_study import grid

from pipeline.why.range_lines import range_lines

RESULTS = grid("""
    USUBJID | LBSEQ | LBTESTCD | LBNAM | LBSPEC | LBDTC      | LBSTRESU | LBORRESU | LBSTNRLO | LBSTNRHI
    A       | 1     | ALT      | City  |        | 2025-03-01 | U/L      | U/L      |          |
    A       | 2     | ALT      | City  |        | 2025-03-01 | U/L      | U/L      | 5        | 40
    B       | 1     | ALT      | City  |        | 2025-03-01 | U/L      | U/L      |          |
    B       | 2     | AST      | City  |        | 2025-03-01 | U/L      | U/L      |          |
""").astype({"LBSEQ": "float64"})
PEOPLE = grid("""
    USUBJID | SEX | AGE
    A       | F   | 30
    B       | M   | 40
""").astype({"AGE": "float64"})
RANGES = grid("""
    LBTESTCD | LBNAM | LBSPEC | SEX | VALIDFRM | VALIDTO | LBORRESU | LBORNRLO | LBORNRHI | _FILE  | _LINE | _RECORD
    ALT      | City  |        | F   |          |         | U/L      | 7        | 40       | nr.csv | 12    | 11
    ALT      | City  |        | M   |          |         | U/L      | 9        | 50       | nr.csv | 13    | 12
""").assign(AGELO=float("nan"), AGEHI=float("nan"), _FORM="NR")
UNITS = pd.DataFrame(columns=["domain", "test", "from", "to", "factor", "offset", "decimals"], dtype="str")


class Made:
    """A build in which all is made: frames by the name of their node."""

    def __init__(self):
        self.frames = {"lb_mapped": RESULTS, "dm_mapped": PEOPLE, "reference_ranges_mapped": RANGES}
        self.graph = {name: type("N", (), {"needs": ()}) for name in self.frames}
        self.entries = dict.fromkeys(self.frames)

    def ensure(self, name):
        return True

    def frame(self, name):
        return self.frames[name]

    def read(self, name, file, columns):
        return self.frames[name][columns]

    def table(self, word):
        return UNITS


@pytest.mark.parametrize(("domain", "subject", "number", "line"), [
    ("LB", "A", 1, ["A 1 nr.csv 12"]),  # by the range of women
    ("LB", "B", 1, ["B 1 nr.csv 13"]),  # by that of men
    ("LB", "A", 2, []),  # the result brought limits of its own
    ("LB", "B", 2, []),  # no range is of this test
    ("AE", "A", 1, []),
])  # fmt: skip
def test_a_result_leads_to_the_line_of_its_range(domain, subject, number, line):
    asked = pd.DataFrame({"USUBJID": [subject], "DOMAIN": domain, "SEQ": float(number)})

    found = range_lines(Made(), asked)

    assert [f"{o.USUBJID} {o.SEQ:g} {o.FILE} {o.LINE}" for o in found.itertuples()] == line
