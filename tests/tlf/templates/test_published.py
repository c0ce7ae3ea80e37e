"""Family `published`: a printed number agrees when the computed one rounds to it; curves out of order are explained."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects
from walk import counted_again

from tlf import families
from tlf.stats import NOT_REACHED
from tlf.templates import published, survival

MONTH = 30.4375


@pytest.mark.parametrize(
    ("text", "show", "values", "agrees"),
    [
        ("54.5 %", "{estimate%:x.x}", {"estimate": 6 / 11}, 1),
        ("54.5 %", "{estimate%:x.x}", {"estimate": 0.544}, 0),
        ("54 %", "{estimate%:x.x}", {"estimate": 0.544}, 1),  # compared with the decimals that were printed
        ("62.5 %", "{pct:x.x}", {"n": 5, "N": 8}, 1),
        ("63 %", "{pct:x.x}", {"n": 5, "N": 8}, 1),  # half away from zero
        ("53 (34-65)", "{median:x} ({min:x}-{max:x})", {"median": 53, "min": 34, "max": 65}, 1),
        ("53 (34-65)", "{median:x} ({min:x}-{max:x})", {"median": 53, "min": 34, "max": 66}, 0),
        ("9.3 (5.3-14)", "{estimate:x} ({min:x}-{max:x})", {"estimate": 9.298, "min": 5.29, "max": 13.996}, 1),
        ("12 of 12", "{n:x}", {"n": 12}, 0),  # more numbers printed than computed
        ("n = 9", "{n:x}", {"n": np.nan}, 0),
    ],
)
def test_numbers_agree_when_they_round_to_what_was_printed(text, show, values, agrees):
    found = {name: (float(value), "") for name, value in values.items()}
    assert published.compare(text, show, found)[0] == agrees


@pytest.mark.parametrize(("note", "agrees"), [(NOT_REACHED, 1), ("", 0)])
def test_not_reached_agrees_with_a_median_that_is_not_reached(note, agrees):
    assert published.compare("not reached", "{estimate:x.x}", {"estimate": (np.nan, note)})[0] == agrees


ROWS = [
    {"count": "All", "published": "12", "where": "SUBJID == SUBJID"},
    {"rate": "PFS at 12 months", "published": "54.5 %", "at": "365.25",
     "where": 'PARAMCD == "PFS"'},
    {"rate": "OS at 12 months", "published": "50.6 %", "at": "365.25",
     "where": 'PARAMCD == "OS"'},
    {"follow_up": "Follow-up", "published": "9.3 (5.3-14)", "where": 'PARAMCD == "OS"',
     "show": "{estimate:x.x} ({min:x.x}-{max:x.x})"},
]  # fmt: skip
ORDER = {
    "at": "365.25", "upper": {"label": "OS", "where": 'PARAMCD == "OS"'},
    "lower": {"label": "PFS", "where": 'PARAMCD == "PFS"'},
}
# Analysis plan 1.4: twelve patients whose PFS at 12 months is 54.55 % (log-log 22.9 to 78.0) and OS 50.51 %
# (7.9 to 83.2), two at risk in both; reverse Kaplan-Meier median follow-up 9.3.
PFS = [2.9, 3.0, 3.5, 4.0, 4.5, 5.0, 7.5, 8.5, 9.3, 10.0, 12.5, 14.0]
OS = [5.3, 5.8, 9.2, 11.0, 6.5, 7.0, 7.5, 8.5, 9.3, 10.0, 12.5, 14.0]
PFS_CNSR = [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]
OS_CNSR = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def data():
    who = list(range(1, 13))
    times = [("PFS", PFS, PFS_CNSR), ("OS", OS, OS_CNSR)]
    parts = [records(p, who, AVAL=[m * MONTH for m in months], CNSR=cnsr) for p, months, cnsr in times]
    adtte = pd.concat(parts, ignore_index=True)
    reasons = {0: "Event", 1: "Alive", 3: "Stem-cell transplant", 4: "Alive without progression"}
    return {"adsl": subjects(12), "adtte": adtte.assign(EVNTDESC=adtte["CNSR"].map(reasons)), "decisions": DECISIONS}


def output():
    return shell(rows=ROWS, columns=[], order=ORDER)


def page():
    return families.page(published, output(), families.results(published, output(), data()))


def test_each_published_number_stands_beside_the_computed_one_with_interval_and_agreement():
    rows = printed(page())
    assert rows["All"] == ("12", "12/12 (100 %)", "(73.5, 100.0)", "", "agrees")
    assert rows["PFS at 12 months"] == ("54.5 %", "54.5 %", "(22.9, 78.0)", "2 #", "agrees")
    assert rows["OS at 12 months"] == ("50.6 %", "50.5 %", "(7.9, 83.2)", "2 #", "DIFFERS")
    assert rows["Follow-up"][:2] == ("9.3 (5.3-14)", "9.3 (5.3-14.0)")


def test_the_page_says_how_many_agree_and_what_few_at_risk_means():
    texts = [row.cells[0] for row in page().rows]
    assert "3 of 4 published figures agree with what the data give." in texts
    assert "# Fewer than 5 subjects at risk: the estimate at this time is uncertain." in texts


def test_a_lower_curve_above_the_upper_one_is_explained_by_the_risk_sets():
    text = next(row.cells[0] for row in page().rows if "lies above" in row.cells[0])
    assert "PFS 54.5 % lies above OS 50.5 %" in text
    assert "No subject has a longer time for PFS than for OS" in text
    assert "OS: 3 events at months (number at risk) 5.8 (11), 9.2 (6), 11.0 (3)" in text
    assert "PFS: 5 events at months (number at risk) 3.0 (11), 3.5 (10), 4.0 (9), 4.5 (8), 5.0 (7)" in text


def test_curves_in_order_need_no_word():
    frames = data()
    frames["adtte"] = frames["adtte"].assign(CNSR=frames["adtte"]["CNSR"].where(frames["adtte"]["PARAMCD"] == "PFS", 1))
    row = {k: v for k, v in ROWS[1].items() if k != "published"}
    results = families.results(survival, shell(rows=[row], order=ORDER), frames)
    assert not results["ROWID"].str.contains("order of the curves").any()


def test_counts_can_be_counted_again():
    results = families.results(published, output(), data())
    assert counted_again(results, data()) == []
