"""A row of any kind may be for some columns; in the others its cells say that nothing applies."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, shell, subjects, typed

from pipeline.ground.metadata import StudySettings
from tlf import families
from tlf.rows.kinds import KINDS
from tlf.templates import survival

COLUMNS = [{"id": name, "label": f"Part {name}", "where": f'COHORT == "{name}"'} for name in "AB"]
PFS, LEVELS = 'PARAMCD == "PFS"', ["M", "F"]
OF_KIND = {
    "heading": {},
    "count": {"where": 'SEX == "M"', "interval": "exact", "show": "{n:x}/{N:x} ({pct:x.x})"},
    "levels": {"variable": "SEX", "values": LEVELS},
    "subgroups": {"within": "SEX", "where": "AGE >= 62"},
    "terms": {"by": ["AEDECOD"], "parts": [{"label": "grade >=3", "where": "ATOXGRN >= 3"}]},
    "shift": {"of": "adlb", "first": {"variable": "BTOXGRL"}, "then": {"variable": "ATOXGRL"}},
    "summary": {"variable": "AGE", "show": "{n:x} {mean:x.x}"},
    "median": {"where": PFS},
    "rate": {"where": PFS, "at": "10"},
    "incidence": {"where": PFS, "at": "10", "event": "EVNTCD == 1"},
    "follow_up": {"where": PFS},
    "gray": {"where": PFS, "event": "EVNTCD == 1"},
    "restricted_mean": {"where": PFS, "until": "20"},
    "hazard_ratio": {"where": PFS},
    "dose_finding": {"rule": "3+3", "says": "mtd"},
    "agreement": {"of": "adae", "variable": "AEDECOD", "values": ["Pyrexia"], "reading": "ATOXGRN >= 1",
                  "against": "ATOXGRN >= 1"},
}
MORE = {
    "summary on lines": {"summary": "Row", "variable": "AGE", "statistics": {"n": "{n:x}", "Mean": "{mean:x.x}"}},
    "summary by visit": {"summary": "Row", "variable": "AVAL", "of": "adlb", "by": "AVISIT", "show": "{n:x} {mean:x}"},
    "records": {"count": "Row", "of": "adae", "where": "ATOXGRN >= 1", "per": "record"},
}
BETWEEN = ("gray",)  # say something of several columns together
ROWS = {kind: {kind: "Row"} | words for kind, words in OF_KIND.items()} | MORE
WHO = ["S-01", "S-02", "S-03", "S-04"]
ADSL = subjects(4, COHORT=["A", "B"] * 2, SEX=["M", "F"] * 2, AGE=[60.0, 61.0, 62.0, 63.0], SAFFL="Y",
                DOSELVLA=1.0, DLTEVLFL="Y", DLTFL="N")  # fmt: skip
DATA = {
    "adsl": ADSL,
    "adae": typed(pd.DataFrame({"USUBJID": WHO, "AEDECOD": "Pyrexia", "ATOXGRN": [1.0, 3.0, 3.0, 2.0]})),
    "adlb": typed(pd.DataFrame({"USUBJID": WHO, "AVISIT": "W4", "AVAL": 1.0, "BTOXGRL": 0.0, "ATOXGRL": 1.0})),
    "adtte": typed(pd.DataFrame({"USUBJID": WHO, "PARAMCD": "PFS", "AVAL": [5.0, 6.0, 20.0, 30.0],
                                 "CNSR": [0.0, 0.0, 1.0, 1.0], "EVNTCD": [1.0, 1.0, 0.0, 0.0]})),
    "decisions": DECISIONS, "study": StudySettings(levels={}),
}  # fmt: skip


def cells(row):
    """The results of an output of one row, and the cells below the heads of its two columns."""
    output = shell(family="survival", columns=COLUMNS, rows=[row])
    results = families.results(survival, output, DATA)
    return results, [one.cells[1:] for one in families.page(survival, output, results).rows if len(one.cells) > 1]


def test_every_kind_of_row_is_tried():
    assert OF_KIND.keys() == KINDS.keys()


@pytest.mark.parametrize("name", [name for name in ROWS if name not in BETWEEN])
def test_a_row_is_made_for_its_columns_and_says_nothing_in_the_others(name):
    row = ROWS[name]
    results, printed = cells({**row, "columns": ["A"]})
    assert {b.strip() for _, b in printed} <= {"", "-"}
    _, everywhere = cells(row)
    assert [a.strip() for a, _ in printed] == [a.strip() for a, _ in everywhere]
    of_b = results[results["ROW"].str.startswith("row") & results["COLUMN"].eq("B")]
    assert of_b["VALUE"].isna().all()
