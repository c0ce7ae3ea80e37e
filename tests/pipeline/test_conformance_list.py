"""Rules of conformance as rows of a list: each way of holding records finds those that break it, and no others."""

import pandas as pd
import pytest
from small_study import grid

from pipeline.engine.conformance.rule import Checked, StudyFrames
from pipeline.engine.conformance.table import RULES, conformance
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.study.conformance import COLUMNS, NOTES

STUDY = {
    "dm": """
        USUBJID | DTHFL | DTHDTC     | RFICDTC
        A       | Y     | 2025-04-30 | 2025-03
        B       | .     | .          | 2025-03-10""",
    "ae": """
        USUBJID | AESEQ | AEDECOD  | AEPTCD | AESER | AESDTH | AEOUT | AESTDTC          | AEENDTC
        A       | 1     | Pyrexia  | 11     | Y     | Y      | FATAL | 2025-03-04       | 2025-04-30
        A       | 2     | Pyrexia  | 11     | N     | .      | .     | 2025-03-09T08:00 | 2025-03-09
        B       | 1     | Headache | 12     | .     | .      | .     | 2025-03          | .""",
    "relrec": """
        USUBJID | RDOMAIN | IDVAR | IDVARVAL | RELID
        A       | AE      | AESEQ | 1        | R1
        A       | CM      | CMSEQ | 1        | R1
        B       | AE      | AESEQ | 1        | R1
        B       | CM      | CMSEQ | 3        | R1""",
}
CLASS = {"ae": "EVENTS", "dm": "SPECIAL-PURPOSE", "relrec": "RELATIONSHIP"}
# A row of the list, what breaks it (a dataset, a cell and another in its place), and the issues.
ROWS = [
    ('AE | AESDTH == "Y" | holds | AESER == "Y" | |', "ae", "| Y     | Y ", "| N     | Y ", 1),
    ('AE | --SER != "" | holds | --SER in ["Y", "N"] | |', "ae", "| N     |", "| U     |", 1),
    ('EVENTS | | holds | --DECOD != "" | |', "ae", "Headache", ".", 1),
    ('AE | | holds | AEDECOD == "Headache" or DM.DTHFL == "Y" | |', "dm", "A       | Y ", "A       | . ", 2),
    ("AE | | one_to_one | --PTCD --DECOD | |", "ae", "| Headache | 12", "| Headache | 11", 3),
    ("AE | | once | USUBJID AESEQ | |", "ae", "A       | 2", "A       | 1", 2),
    ("RELREC | | not_alone | USUBJID RELID | |", "relrec", "3        | R1", "3        | R2", 2),
    ('AE | AEOUT == "FATAL" | known | USUBJID | DM.USUBJID | DTHFL == "Y"', "dm", "A       | Y ", "A       | . ", 1),
    ('AE | AEOUT == "FATAL" | known | USUBJID AEENDTC | DM.USUBJID DTHDTC |', "ae", "2025-04-30", "2025-04-29", 1),
    ('AE | AEOUT == "" | unknown | USUBJID AEENDTC | DM.USUBJID DTHDTC |', "ae", "2025-03-09\n", "2025-04-30\n", 1),
    ("AE | | in_order | --STDTC --ENDTC | |", "ae", "2025-03-09\n", "2025-03-08\n", 1),
    ("AE | | in_order | DM.RFICDTC AESTDTC | |", "ae", "2025-03-04 ", "2025-02-27 ", 1),
    ("SDTM -DM -RELREC | | absent | --TOX | |", "ae", "AEPTCD", "AETOX", 1),
]  # fmt: skip


def spec(name: str, frame: pd.DataFrame) -> DatasetSpec:
    return DatasetSpec(name=name, layer="sdtm", dataset=name.upper(), observation_class=CLASS[name], keys=("USUBJID",),
                       variables=tuple(Variable(one, one) for one in frame))  # fmt: skip


def issues(row: str, study: dict[str, str]) -> int:
    """How many issues a rule finds in all datasets."""
    cells = [cell.strip() for cell in row.split("|")]
    table = pd.DataFrame([["R", "", "", *cells]], columns=list(COLUMNS))
    frames = {name: grid(text) for name, text in study.items()}
    frames["ae"] = frames["ae"].assign(AESEQ=pd.to_numeric(frames["ae"]["AESEQ"]))
    study = StudyFrames(frames)
    found = conformance([Checked(frame, spec(name, frame), study) for name, frame in frames.items()], table)
    assert len(found) == len(RULES) + 1
    return int(found.iloc[-1]["ISSUES"])


@pytest.mark.parametrize(("row", "dataset", "right", "wrong", "expected"), ROWS)
def test_each_way_of_holding_records_finds_those_that_break_it(row, dataset, right, wrong, expected):
    assert right in STUDY[dataset]
    assert issues(row, STUDY) == 0
    assert issues(row, STUDY | {dataset: STUDY[dataset].replace(right, wrong, 1)}) == expected


@pytest.mark.parametrize("row", [
    'SV | | holds | VISIT != "" | |',  # a dataset that the study has not
    'AE | AESMIE == "Y" | holds | AESER == "Y" | |',  # a variable that no record has
    "AE | | known | USUBJID | DS.USUBJID |",  # compared with a dataset that is not there
    "AE | | in_order | SS.SSDTC AESTDTC | |",
    "AE | | one_to_one | AELLTCD AELLT | |",
    'EVENTS -AE | | holds | --SER == "Q" | |',  # taken out
])  # fmt: skip
def test_a_rule_of_what_is_not_there_looks_at_nothing(row):
    assert issues(row, STUDY) == 0


EXPLAINED = [
    (("AE", ""), 0, "in order"), (("AE.AESEQ", ""), 2, ""), (("AE.AESER", ""), 0, "in order"), (("DM", ""), 2, ""),
    (("EVENTS", "AESEQ == 2"), 1, "in order"), (("SDTM -AE", ""), 2, ""),
    (("DM.AESER AE.AESER", "--SEQ < 9"), 0, "in order"),
    (("AE", "DM.DTHFL == 'Y'"), 1, "in order"), (("AE", "CM.CMSEQ == 1"), 2, ""), (("AE", "AESEQ == 7"), 2, ""),
]  # fmt: skip


@pytest.mark.parametrize(("note", "left", "why"), EXPLAINED)
def test_a_note_explains_what_it_names_and_leaves_the_rest_to_be_seen(note, left, why):
    """AESER must not be empty: it is on A's second and B's only event."""
    rule = pd.DataFrame([["R", "", "", "AE", "", "holds", "AESER == 'Y'", "", ""]], columns=list(COLUMNS))
    notes = pd.DataFrame([["R", *note, "in order"], ["S", "AE", "", "of another rule"]], columns=list(NOTES))
    frames = {name: grid(text) for name, text in STUDY.items() if name != "relrec"}
    frames["ae"] = frames["ae"].assign(AESEQ=pd.to_numeric(frames["ae"]["AESEQ"]))
    given = [Checked(frame, spec(name, frame), StudyFrames(frames)) for name, frame in frames.items()]
    found = conformance(given, rule, notes).iloc[-1]

    assert (found["ISSUES"], found["UNEXPLAINED"], found["EXPLAINED"]) == (2, left, why)
    left_is_of = "B" if note[1] in ("AESEQ == 2", "DM.DTHFL == 'Y'") else "A"
    assert found["FIRST"].startswith(f"AE: USUBJID={left_is_of}")


def test_what_a_study_says_wins_over_the_standards_note():
    rule = pd.DataFrame([["R", "", "", "AE", "", "holds", "AESER == 'Y'", "", ""]], columns=list(COLUMNS))
    notes = pd.DataFrame([["R", "AE", "", "of any study"], ["R", "AE", "", "of this study"]], columns=list(NOTES))
    frame = grid(STUDY["ae"]).assign(AESEQ=[1, 2, 1])

    assert conformance([Checked(frame, spec("ae", frame))], rule, notes).iloc[-1]["EXPLAINED"] == "of this study"
