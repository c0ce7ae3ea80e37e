"""Laboratory criteria of IEC-HS (Hines 2023, analysis plan 3.7): ferritin and two others within 72 hours, by hand."""

import pandas as pd
import pytest
from recipes import criteria_table
from tables import as_text, given

from adam.toxicity.iec_hs_days import iec_hs_days

DAY_0 = pd.Timestamp("2025-03-10")
LIMITS = {"FERRITIN": ("", "300"), "ALT": ("", "40"), "AST": ("", "40"), "FIBRINO": ("2", ""), "NEUT": ("1.8", ""),
          "PLAT": ("150", "")}  # fmt: skip
UNIT = {"FERRITIN": "ug/L", "ALT": "U/L", "AST": "U/L", "FIBRINO": "g/L", "NEUT": "10^9/L", "PLAT": "10^9/L"}


def met(*results: tuple[int, str, float], common: int = 2, days: int = 3) -> dict[int, str]:
    """Whether the criteria hold, by day of a ferritin result; results as day, test, value."""
    rows = []
    for number, (day, test, value) in enumerate(results, 1):
        low, high = LIMITS[test]
        state = "LOW" if low and value < float(low) else "HIGH" if high and value > float(high) else "NORMAL"
        date = f"{DAY_0 + pd.Timedelta(days=day):%Y-%m-%d}"
        rows.append(f"A|{test}|{value}|{UNIT[test]}|{low or '.'}|{high or '.'}|{state}|{date}|{number}")
    head = "USUBJID|PARAMCD|AVAL|AVALU|ANRLO|ANRHI|ANRIND|ADT|SRCSEQ"
    adlb = given("adlb", "\n".join([head, *rows]))
    people = given("subjects", "USUBJID | CARTSDT\nA | 2025-03-10\nB | .")
    found = iec_hs_days(adlb, people, criteria_table("iechs_2023"), common, days)
    return dict(zip((found["ADT"] - DAY_0).dt.days, as_text(found["MET"]), strict=True))


ALT, FIBRINOGEN, PLATELETS = (11, "ALT", 201.0), (11, "FIBRINO", 1.4), (11, "PLAT", 24.0)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([(10, "FERRITIN", 601.0), ALT, FIBRINOGEN], {10: "1"}),
        ([(10, "FERRITIN", 600.0), ALT, FIBRINOGEN], {10: "0"}),  # not above 2 x ULN
        ([(0, "FERRITIN", 250.0), (10, "FERRITIN", 501.0), ALT, FIBRINOGEN], {0: "0", 10: "1"}),  # 2 x that at infusion
        ([(10, "FERRITIN", 601.0), ALT], {10: "0"}),  # one other criterion
        ([(10, "FERRITIN", 601.0), ALT, (11, "AST", 400.0)], {10: "0"}),  # both are transaminases
        ([(10, "FERRITIN", 601.0), (11, "ALT", 200.0), FIBRINOGEN], {10: "0"}),  # not above 5 x ULN
        ([(-1, "ALT", 60.0), (10, "FERRITIN", 601.0), (11, "ALT", 300.0), FIBRINOGEN], {10: "0"}),  # of abnormal
        ([(-1, "ALT", 60.0), (10, "FERRITIN", 601.0), (11, "ALT", 301.0), FIBRINOGEN], {10: "1"}),
        ([(10, "FERRITIN", 601.0), (13, "PLAT", 24.0), (13, "FIBRINO", 1.9)], {10: "1"}),  # below LLN, on the third day
        ([(10, "FERRITIN", 601.0), (14, "PLAT", 24.0), FIBRINOGEN], {10: "0"}),  # four days
        ([(10, "FERRITIN", 601.0), (8, "PLAT", 24.0), (12, "FIBRINO", 1.4)], {10: "0"}),  # four days between them
        ([(10, "FERRITIN", 601.0), (9, "PLAT", 24.0), (12, "FIBRINO", 1.4)], {10: "1"}),
        ([ALT, FIBRINOGEN, PLATELETS], {}),  # ferritin is needed
    ],
)
def test_ferritin_and_two_common_criteria_hold_within_three_days(results, expected):
    assert met(*results) == expected


def test_how_many_and_within_how_many_days_are_decisions():
    assert met((10, "FERRITIN", 601.0), ALT, common=1) == {10: "1"}
    assert met((10, "FERRITIN", 601.0), ALT, FIBRINOGEN, days=0) == {10: "0"}
