"""Limits that a laboratory delivers apart from results: which range holds for a result, and in which unit."""

import pandas as pd
import pytest
from small_study import grid

from sdtm.reference_ranges import with_reference_ranges

PEOPLE = grid("""
    USUBJID | SEX | AGE
    A       | M   | 40
    B       | F   | 15
""").astype({"AGE": "float64"})
UNITS = pd.DataFrame(
    [("LB", "HGB", "g/dL", "g/L", "10", "", ""), ("LB", "HGB", "g/L", "g/L", "1", "", "")],
    columns=["domain", "test", "from", "to", "factor", "offset", "decimals"])  # fmt: skip
RANGE = {"LBTESTCD": "HGB", "LBORRESU": "g/L", "LBORNRLO": "120", "LBORNRHI": "160"}
HELD = ("LBTESTCD", "LBNAM", "LBSPEC", "SEX", "AGELO", "AGEHI", "VALIDFRM", "VALIDTO")
RANGES = (*HELD, "LBORRESU", "LBORNRLO", "LBORNRHI")


def limits(*ranges, subject="A", day="2025-03-10", own=None, unit="g/L"):
    """Limits of a result in standard units, its lower one as collected; `ranges`: what each says besides RANGE."""
    result = pd.DataFrame([{"USUBJID": subject, "LBTESTCD": "HGB", "LBNAM": "CENTRAL", "LBSPEC": "BLOOD", "LBDTC": day,
                            "LBSTRESU": "g/L", "LBORRESU": unit, "LBORNRLO": None, "LBORNRHI": None,
                            "LBSTNRLO": own, "LBSTNRHI": None}])  # fmt: skip
    result = result.astype({"LBSTNRLO": "float64", "LBSTNRHI": "float64", "LBORNRLO": "str", "LBORNRHI": "str"})
    table = pd.DataFrame([dict.fromkeys(RANGES) | RANGE | one for one in ranges], columns=RANGES)
    text = dict.fromkeys([name for name in RANGES if not name.startswith("AGE")], "str")
    made = with_reference_ranges(result, PEOPLE, table.astype(text | {"AGELO": "float64", "AGEHI": "float64"}), UNITS)
    shown = made[["LBSTNRLO", "LBSTNRHI", "LBORNRLO"]].astype("object").where(made.notna(), None)
    return tuple(shown.iloc[0])


OTHER = {"LBORNRLO": "130", "LBORNRHI": "170"}


@pytest.mark.parametrize(
    ("ranges", "asked", "expected"),
    [
        ([{}], {}, (120, 160, "120")),
        ([{}], {"own": 115.0}, (115, None, None)),  # a result with a limit of its own keeps what it has
        ([{"LBTESTCD": "PLT"}], {}, (None, None, None)),
        # a range says for whom and when it holds
        ([{"SEX": "F"}], {}, (None, None, None)),
        ([{"SEX": "F"}, {"SEX": "M"} | OTHER], {}, (130, 170, "130")),
        ([{"LBNAM": "LOCAL"}], {}, (None, None, None)),
        ([{"AGELO": 18}, {"AGEHI": 17} | OTHER], {}, (120, 160, "120")),
        ([{"AGELO": 18}, {"AGEHI": 17} | OTHER], {"subject": "B"}, (130, 170, "130")),
        ([{"VALIDTO": "2025-03-09"}], {}, (None, None, None)),
        ([{"VALIDFRM": "2025-03-10"}], {"day": "2025-03-10T08:00"}, (120, 160, "120")),
        # of several the one that says most, then the one from the latest day, then the first
        ([{}, {"LBNAM": "CENTRAL"} | OTHER], {}, (130, 170, "130")),
        ([{"VALIDFRM": "2025-02-01"} | OTHER, {"VALIDFRM": "2024-01-01"}], {}, (130, 170, "130")),
        ([{}, OTHER], {}, (120, 160, "120")),
        # in standard units; as collected only where range and result are in one unit
        ([{"LBORRESU": "g/dL", "LBORNRLO": "13", "LBORNRHI": "17.5"}], {}, (130, 175, None)),
        ([{"LBORRESU": "g/dL", "LBORNRLO": "13", "LBORNRHI": "17.5"}], {"unit": "g/dL"}, (130, 175, "13")),
        ([{"LBORRESU": "mmol/L"}], {}, (None, None, None)),  # nobody turns it to the unit of the result
    ],
)
def test_a_result_without_limits_has_those_of_the_range_that_holds_for_it(ranges, asked, expected):
    assert limits(*ranges, **asked) == expected
