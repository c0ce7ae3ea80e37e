"""Responses by the tables of iwCLL 2018 and LYRIC 2016, and the date of a progression that was indeterminate.

Sources: Hallek et al., Blood 2018;131:2745, table 4; Cheson et al., Blood 2016;128:2489.
"""

import pandas as pd
import pytest
from tables import STANDARD, as_text, given

from adam.criteria.in_order import response_by
from adam.response.progression import first_progressions
from pipeline.study import endpoint_shapes, shapes
from pipeline.study.derivation import read_criterion

WELL = {"NODES": "CR", "ORGANS": "CR", "LYMPHS": "CR", "PLATELET": "CR", "HAEMOGL": "CR", "MARROWST": "CR",
        "SYMPTOMS": "N", "NABASE": 3}  # fmt: skip
PD = {"LUGANO": "PD", "CLINDET": "N", "SPDCHG": 60, "CARTDY": 30, "NEWLESD": "N", "ANATOMD": "PD", "METABOLD": "PMD"}


def responses(table, *seen):
    """The responses of one subject at assessments in order."""
    criterion = read_criterion(shapes.load(STANDARD / "criteria" / f"{table}.yaml", endpoint_shapes.CRITERION))
    points = pd.DataFrame([{"USUBJID": "S", "POSTFL": "Y"} | one for one in seen])
    points = points.assign(RSSEQ=range(len(points)), ADT=pd.date_range("2025-01-01", periods=len(points)))
    return response_by(points, criterion).tolist()


@pytest.mark.parametrize(("seen", "expected"), [
    ({}, "CR"),
    ({"NODES": "NORMAL", "ORGANS": "NORMAL"}, "CR"),  # what was never abnormal
    ({"PLATELET": "PR"}, "CRi"), ({"MARROWST": "HYPO"}, "CRi"),
    ({"MARROWST": "NODULES"}, "PR"), ({"MARROWST": "ND"}, "PR"), ({"SYMPTOMS": "Y"}, "PR"),
    ({"NODES": "PR"}, "PR"), ({"NODES": "PR", "ORGANS": "PR", "LYMPHS": "SD", "HAEMOGL": "SD"}, "PR"),
    ({"NODES": "PR", "ORGANS": "SD", "LYMPHS": "SD"}, "SD"),  # two of group A must improve
    ({"NODES": "PR", "ORGANS": "NORMAL", "LYMPHS": "NORMAL", "NABASE": 1, "MARROWST": "CLL"}, "PR"),  # one was abnormal
    ({"NODES": "PR", "PLATELET": "SD", "HAEMOGL": "SD"}, "SD"),  # none of group B
    ({"NODES": "PD"}, "PD"), ({"ORGANS": "PD"}, "PD"), ({"LYMPHS": "PD"}, "PD"), ({"PLATELET": "PD"}, "PD"),
    ({"HAEMOGL": "PD"}, "PD"), ({"MARROWST": "PD"}, "PD"),
    ({"NODES": "NE"}, "NE"), ({"ORGANS": None}, "NE"), ({"NODES": "NE", "LYMPHS": "PD"}, "PD"),
])  # fmt: skip
def test_a_row_of_iwcll(seen, expected):
    assert responses("iwcll_2018", WELL | seen) == [expected]


@pytest.mark.parametrize(("seen", "expected"), [
    ({}, "IR1"), ({"SPDCHG": 50, "CARTDY": 84}, "IR1"),
    ({"CARTDY": 85}, "PD"),  # after 12 weeks
    ({"CLINDET": "Y"}, "PD"),  # with clinical deterioration
    ({"SPDCHG": 49, "NEWLESD": "Y", "ANATOMD": "SD"}, "IR2"), ({"SPDCHG": 49}, "IR2"),
    ({"SPDCHG": 49, "CARTDY": 200}, "IR2"),  # at any time
    ({"SPDCHG": 0, "ANATOMD": "SD"}, "IR3"),
    ({"SPDCHG": None}, "PD"),  # what grew is not known
    *(({"LUGANO": one}, one) for one in ("CR", "PR", "SD", "NE", "ND")),
])  # fmt: skip
def test_a_row_of_lyric(seen, expected):
    assert responses("lyric_2016", PD | seen) == [expected]


def test_an_indeterminate_response_is_proven_by_the_next_progression():
    assert responses("lyric_2016", PD, PD | {"CARTDY": 70}) == ["IR1", "PD"]


@pytest.mark.parametrize(("responses", "expected"), [
    ("PR IR1 PD PD", "2"), ("IR2 IR1 PD", "1"), ("IR1 PR PD", "3"), ("IR1 NE PD", "1"), ("SD PD", "2"),
    ("IR1 IR2", "."), ("CR REL", "2"),
])  # fmt: skip
def test_a_progression_is_dated_back_to_the_indeterminate_responses_before_it(responses, expected):
    rows = [f"A | {number} | {one} | 2025-01-{number:02d}" for number, one in enumerate(responses.split(), 1)]
    points = given("assessments", "\n".join(["USUBJID | RSSEQ | OVERALL | ADT", *rows]))
    found = first_progressions(points, "OVERALL")
    assert [str(int(one[-2:])) for one in as_text(found["PDDT"])] == ([] if expected == "." else [expected])
