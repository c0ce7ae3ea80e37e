"""Response of leukaemia by a table of criteria, row by row of the published one (analysis plan 2.6; Appelbaum 2007)."""

import pandas as pd
import pytest
from recipes import decisions
from tables import STANDARD

from adam.criteria.in_order import response_by
from pipeline.ground.endpoints import Criterion
from pipeline.study import endpoint_shapes, shapes, situations
from pipeline.study.derivation import read_criterion

SAID = shapes.load(STANDARD / "criteria" / "all_response.yaml", endpoint_shapes.CRITERION)
TABLE = read_criterion(situations.filled(SAID, decisions()))
NUMBERS = ("BLAST", "BLASTCHG", "BLASTR", "PBBLAST", "ANC", "PLAT")
WELL = {"MARROW": "EXAMINED", "BLAST": 2, "BLASTCHG": -38, "BLASTR": 0.05, "PBBLAST": 0, "TRILIN": "Y", "ANC": 1.5,
        "PLAT": 150, "EMRESP": "NONE"}  # fmt: skip


def responses(*seen, criterion=TABLE):
    """The responses of one subject at assessments that differ so from a complete response."""
    points = pd.DataFrame([WELL | {"USUBJID": "S", "POSTFL": "Y"} | one for one in seen])
    points = points.assign(RSSEQ=range(len(points)), ADT=pd.date_range("2025-01-01", periods=len(points)))
    return response_by(points.astype(dict.fromkeys(NUMBERS, "float64")), criterion).fillna("").tolist()


@pytest.mark.parametrize(("expected", "seen"), [
    ("CR", {}),
    ("CR", {"ANC": 1.0, "PLAT": 100, "BLAST": 4.9, "EMRESP": "CR"}),  # the limits themselves count
    ("CRh", {"ANC": 0.99}), ("CRh", {"PLAT": 99}), ("CRh", {"ANC": 0.5, "PLAT": 50}),
    ("CRi", {"ANC": 0.49}), ("CRi", {"PLAT": 49}),
    ("CRi", {"ANC": None}),  # a missing count meets no limit
    ("MLFS", {"TRILIN": "N"}), ("MLFS", {"TRILIN": "N", "ANC": 0.1, "PLAT": 10}),
    ("NR", {"PBBLAST": 1}),  # blasts in blood are no remission
    ("NE", {"MARROW": "NOT EXAMINED", "BLAST": None}), ("NE", {"MARROW": "NOT ASSESSABLE"}), ("NE", {"EMRESP": "NE"}),
    ("PR", {"EMRESP": "PR"}), ("NR", {"EMRESP": "SD"}),
    ("PR", {"BLAST": 20, "BLASTCHG": -20, "BLASTR": 0.5}), ("PR", {"BLAST": 25, "BLASTCHG": -25, "BLASTR": 0.5}),
    ("NR", {"BLAST": 25.1, "BLASTCHG": -30, "BLASTR": 0.46}),  # above 25 %
    ("NR", {"BLAST": 20, "BLASTCHG": -19, "BLASTR": 0.51}),  # more than half of baseline
    ("NR", {"BLAST": 20, "BLASTCHG": -20, "BLASTR": 0.5, "ANC": 0.9}),
    ("NR", {"BLAST": 20, "BLASTCHG": None, "BLASTR": None}),  # no baseline: neither PD nor PR by blasts
    ("NR", {"BLAST": 60, "BLASTCHG": 24.9, "BLASTR": 1.7}), ("PD", {"BLAST": 65, "BLASTCHG": 25, "BLASTR": 1.6}),
    ("PD", {"EMRESP": "PD"}),
])  # fmt: skip
def test_a_row_of_the_table_of_leukaemia(expected, seen):
    assert responses(seen) == [expected]


@pytest.mark.parametrize(("seen", "expected"), [
    # after a remission blasts of 5 %, blasts in blood or new extramedullary disease are a relapse, before it not
    ([{}, {"BLAST": 5}], ["CR", "REL"]),
    ([{"BLAST": 5, "BLASTR": 0.9}, {}], ["NR", "CR"]),
    ([{}, {"PBBLAST": 1}, {"EMRESP": "PD"}], ["CR", "REL", "REL"]),
    ([{"EMRESP": "PD"}, {"ANC": 0.1}, {"EMRESP": "PD"}], ["PD", "CRi", "REL"]),
    # one before the infusion is no remission under this treatment; marrow free without trilineage is none
    ([{"POSTFL": "N"}, {"BLAST": 5, "BLASTR": 0.9}], ["CR", "NR"]),
    ([{"TRILIN": "N"}, {"BLAST": 5, "BLASTR": 0.9}], ["MLFS", "NR"]),
])  # fmt: skip
def test_what_follows_a_remission_is_a_relapse(seen, expected):
    assert responses(*seen) == expected


def test_what_an_assessment_is_may_change_what_later_ones_are():
    again = Criterion("Steps", cases={"B": 'PRIOR == "Y" and BLAST < 5', "A": "BLAST < 1"}, remission=("A", "B"))
    assert responses({"BLAST": 0}, {"BLAST": 3}, {"BLAST": 9}, criterion=again) == ["A", "B", ""]


def test_a_response_follows_only_for_whom_the_criteria_are():
    some = Criterion("Some", cases={"CR": ""}, among='ANC >= 1 or BLAST == ""')
    assert responses({}, {"ANC": 0.1}, criterion=some) == ["CR", ""]


def test_the_blasts_of_a_relapse_are_a_decision():
    at_25 = read_criterion(situations.filled(SAID, decisions() | {"all_relapse_blasts": 25.0}))
    assert responses({}, {"BLAST": 24, "BLASTR": 0.9}, {"BLAST": 25}, criterion=at_25) == ["CR", "NR", "REL"]
