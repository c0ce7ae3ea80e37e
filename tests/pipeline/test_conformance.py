"""Conformance by rule: a table in order breaks none, and each rule tells the records that break it."""

import pandas as pd
import pytest
from small_study import grid

from pipeline.engine.conformance.rule import Checked, StudyFrames
from pipeline.engine.conformance.table import OF_LAYER, RULES, conformance, in_short
from pipeline.ground.metadata import DatasetSpec, Variable

NUMBERS = ("SEQ", "DY", "VISITNUM", "TPTNUM", "STRESN", "AVAL", "BASE", "CHG", "CNSR", "PARAMN", "FN")
STUDY = {
    "dm": "USUBJID | RFSTDTC\nA | 2025-03-04\nB | 2025-03-10",
    "se": """USUBJID | EPOCH | SESTDTC | SEENDTC
             A | SCREENING | 2025-02-20 | 2025-03-04
             A | TREATMENT | 2025-03-04 | 2025-04-30""",
    "sv": "USUBJID | VISITNUM\nA | 1\nA | 2",
    "ae": "USUBJID | AESEQ\nA | 1\nA | 2\nA | 12",
    "adsl": "USUBJID | SAFFL | AGE\nA | Y | 60\nB | N | 61",
}
# Of each rule: a dataset in which it finds nothing, and changes of it (a cell, another in its place), with the issues.
NAMES = ("USUBJID LBSEQ LBTESTCD LBTEST LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU VISITNUM VISIT LBDTC LBDY EPOCH "
         "LBLOBXFL LBSTAT LBREASND LBTPT LBTPTNUM")  # fmt: skip
LB = """
A | 1 | HGB | Hemo | 8.1 | g/dL | 81 | 81 | g/L | 1 | SCREENING | 2025-03-01 | -3 | SCREENING | Y | . | . | PRE | 1
A | 2 | HGB | Hemo | 7.9 | g/dL | 79 | 79 | g/L | 2 | DAY 1 | 2025-03-04T08:30 | 1 | TREATMENT | . | . | . | POST | 2
A | 3 | WBC | Leukocytes | . | . | . | . | . | 2 | DAY 1 | 2025-03 | . | . | . | NOT DONE | clotted | . | ."""
LB = NAMES.replace(" ", " | ") + LB
ADLB = """
USUBJID | ASEQ | PARAMCD | PARAM | PARAMN | ADT | ADY | AVAL | AVALC | BASE | CHG | ABLFL | SAFFL | SRCDOM | SRCSEQ
A | 1 | HGB | Haemoglobin | 1 | 2025-03-01 | -3 | 81 | LOW | 81 | . | Y | Y | AE | 1
A | 2 | HGB | Haemoglobin | 1 | 2025-03-04 | 1 | 79 | LOWER | 81 | -2 | . | Y | AE | 2
B | 1 | WBC | Leukocytes | 2 | 2025-03-10 | 1 | 4 | . | . | . | . | N | AE | ."""
ADTTE = "USUBJID | ASEQ | PARAMCD | PARAM | CNSR\nA | 1 | PFS | Progression-Free Survival | 0"
SUPPAE = "RDOMAIN | USUBJID | IDVAR | IDVARVAL | QNAM\nAE | A | AESEQ | 2 | DLTYN"
BROKEN = [
    ("KEYS", "LB", LB, "A | 2", "A | 1", 2), ("REQUIRED", "LB", LB, "1 | HGB", "1 | .", 1),
    ("SDTM-SEQ", "LB", LB, "A | 2", "A | 1", 2), ("SDTM-SEQ", "LB", LB, "A | 2", "A | 0", 1),
    ("LENGTHS", "LB", LB, "8.1", "8.1 (twice)", 1), ("LENGTHS", "LB", LB, "8.1", "éééééé", 1),
    ("ASCII", "LB", LB, "8.1", "≥8.1", 1), ("TERMS", "LB", LB, "g/L | 1", "g/l | 1", 1),
    ("SDTM-DTC", "LB", LB, "2025-03-01", "01MAR2025", 1), ("SDTM-DTC", "LB", LB, "2025-03-01", "2025-02-30", 1),
    ("SDTM-DY", "LB", LB, "-3", "-2", 1), ("SDTM-DY", "LB", LB, "| 1 | TREATMENT", "| 0 | TREATMENT", 1),
    ("SDTM-DY", "LB", LB, "-3", ".", 1), ("SDTM-DM", "LB", LB, "A | 3", "C | 3", 1),
    ("SDTM-EPOCH", "LB", LB, "-3 | SCREENING", "-3 | TREATMENT", 1),
    ("SDTM-EPOCH", "LB", LB, "-3 | SCREENING", "-3 | FOLLOW-UP", 1),
    ("SDTM-VISIT", "LB", LB, "| 1 | SCREENING", "| 2 | SCREENING", 3),
    ("SDTM-VISIT", "LB", LB, "| 1 | SCREENING", "| . | SCREENING", 1),
    ("SDTM-SV", "LB", LB, "| 1 | SCREENING", "| 9 | SCREENING", 1),
    ("SDTM-TEST", "LB", LB, "2 | HGB | Hemo", "2 | HGB | Hb", 2),
    ("SDTM-TEST", "LB", LB, "WBC |", "9WBC |", 1), ("SDTM-PAIR", "LB", LB, "8.1 |", ". |", 1),
    ("SDTM-PAIR", "LB", LB, "NOT DONE |", ". |", 1), ("SDTM-PAIR", "LB", LB, "PRE | 1", "PRE | .", 1),
    ("SDTM-RESULT", "LB", LB, "Leukocytes | .", "Leukocytes | 4", 1), ("SDTM-RESULT", "LB", LB, "NOT DONE |", ". |", 1),
    ("SDTM-RESULT", "LB", LB, "g/L | 1", "mmol/L | 1", 2), ("SDTM-FLAG", "LB", LB, "TREATMENT | .", "TREATMENT | Y", 2),
    ("SDTM-FLAG", "LB", LB, "SCREENING | Y", "SCREENING | N", 1),
    ("SDTM-NUMERIC", "LB", LB, "| 81 | 81", "| 81 | 82", 1), ("SDTM-NUMERIC", "LB", LB, "| 81 | 81", "| low | 81", 1),
    ("SDTM-NUMERIC", "LB", LB, "| 81 | 81", "| 81 | .", 1),
    ("SDTM-LINK", "SUPPAE", SUPPAE, "| 2", "| 3", 1), ("SDTM-LINK", "SUPPAE", SUPPAE, "AE | A", "XX | A", 1),
    ("SDTM-LINK", "SUPPAE", SUPPAE, "| A |", "| A1 |", 1),
    ("SDTM-TEST", "SUPPAE", SUPPAE, "DLTYN", "DLT-YN", 1),
    ("ADAM-FL", "ADLB", ADLB, "Y | Y | AE", "Y | U | AE", 1),
    ("ADAM-PARAM", "ADLB", ADLB, "2 | HGB | Haemoglobin", "2 | HGB | Hb", 2),
    ("ADAM-PARAM", "ADLB", ADLB, "Leukocytes | 2", "Leukocytes | 1", 3),
    ("ADAM-AVALC", "ADLB", ADLB, "LOWER", "LOW", 2), ("ADAM-ADY", "ADLB", ADLB, "| -3", "| -2", 2),
    ("ADAM-ADY", "ADLB", ADLB, "2025-03-01", ".", 1), ("ADAM-CORE", "ADLB", ADLB, ". | Y | AE", ". | N | AE", 1),
    ("ADAM-CORE", "ADLB", ADLB, "B | 1", "C | 1", 2), ("ADAM-BASE", "ADLB", ADLB, "LOWER | 81", "LOWER | 80", 2),
    ("ADAM-BASE", "ADLB", ADLB, "-2", "2", 1), ("ADAM-BASE", "ADLB", ADLB, "-2 | .", "-2 | Y", 2),
    ("ADAM-SRC", "ADLB", ADLB, "4 | . | . | . | . | N | AE", "0 | N | . | . | . | N | .", None),
    ("ADAM-SRC", "ADLB", ADLB, "AE | .", ". | .", 1), ("ADAM-SRC", "ADLB", ADLB, "AE | 2", "AE | 7", 1),
    ("ADAM-ASEQ", "ADLB", ADLB, "A | 2", "A | 1", 2), ("ADAM-CNSR", "ADTTE", ADTTE, "| 0", "| -1", 1),
]  # fmt: skip


def frame(text: str) -> pd.DataFrame:
    """A dataset of text; what ends as numbers do is a number, ADT a date."""
    data = grid(text)
    number = {name: pd.to_numeric(data[name]) for name in data if name.endswith(NUMBERS) and name != "QNAM"}
    return data.assign(**number, **({"ADT": pd.to_datetime(data["ADT"])} if "ADT" in data else {}))


def checked(dataset: str, text: str) -> Checked:
    data, layer = frame(text), "adam" if dataset.startswith("AD") else "sdtm"
    variables = tuple(Variable(name, name.capitalize(), "text" if pd.api.types.is_string_dtype(data[name]) else
                               "date" if name == "ADT" else "number", "10" if name == "LBORRES" else "40",
                               "Req" if name == "LBTESTCD" else "Perm", "UNIT" if name.endswith("STRESU") else "")
                      for name in data)  # fmt: skip
    number = "ASEQ" if layer == "adam" else "IDVARVAL" if dataset.startswith("SUPP") else f"{dataset}SEQ"
    spec = DatasetSpec(name=dataset.lower(), layer=layer, dataset=dataset, keys=("USUBJID", number),
                       variables=variables, last_before_exposure=("LBTESTCD",))  # fmt: skip
    study = {name: frame(told) for name, told in STUDY.items()} | {dataset.lower(): data}
    return Checked(data, spec, StudyFrames(study), {}, {"UNIT": {"g/L", "mmol/L"}}, ("SAFFL",))


def issues(one: Checked) -> dict[str, int]:
    found = conformance([one])
    return {rule: count for rule, count in zip(found["RULE"], found["ISSUES"], strict=True) if count}


@pytest.mark.parametrize(("dataset", "text"), [("LB", LB), ("ADLB", ADLB), ("ADTTE", ADTTE), ("SUPPAE", SUPPAE)])
def test_a_dataset_in_order_breaks_no_rule(dataset, text):
    assert issues(checked(dataset, text)) == {}


@pytest.mark.parametrize(("rule", "dataset", "text", "right", "wrong", "expected"), BROKEN)
def test_each_rule_tells_the_records_that_break_it(rule, dataset, text, right, wrong, expected):
    assert right in text
    assert issues(checked(dataset, text.replace(right, wrong, 1))).get(rule) == expected


def test_what_a_spec_and_its_dataset_do_not_share_is_told():
    one = checked("ADTTE", ADTTE)
    for changed, rules in (
        (one.data.drop(columns="CNSR"), {}), (one.data.assign(MORE="x"), {"ORDER": 1}),
        (one.data[["ASEQ", "USUBJID", "PARAMCD", "PARAM", "CNSR"]], {"ORDER": 2}),
        (one.data.assign(PARAM=1.0), {"TYPES": 1}), (one.data.assign(PARAM=" PFS"), {"SPACES": 1}),
        (one.data.assign(PARAM="."), {"SPACES": 1}),
    ):  # fmt: skip
        assert issues(Checked(changed, one.spec, one.study)) == rules


def test_every_rule_is_broken_by_one_of_these_tables():
    elsewhere = {"PRESENT", "ORDER", "LABELS", "TYPES", "SPACES", "SDTM-PERIOD"}
    assert {rule.id for rule in RULES} - {rule for rule, *_ in BROKEN} == elsewhere
    assert len({rule.id for rule in RULES}) == len(RULES) and set(OF_LAYER) == {"sdtm", "adam"}


def test_ends_before_starts_and_variables_that_are_not_there_are_told():
    data = frame("USUBJID | AESEQ | AESTDTC | AEENDTC\nA | 1 | 2025-03 | 2025-03-01\nA | 2 | 2025-03-04 | 2025-03-03")
    variables = (Variable("USUBJID", "Subject"), Variable("AESEQ", "Number", "number"),
                 Variable("AETERM", "Term", core="Exp"), Variable("AESTDTC", "Start"), Variable("AEENDTC", "Start"))
    found = conformance([Checked(data, DatasetSpec(name="ae", layer="sdtm", dataset="AE", keys=("USUBJID", "AESEQ"),
                                                   variables=variables))]).set_index("RULE")  # fmt: skip
    assert found.loc["SDTM-PERIOD", ["ISSUES", "WHERE", "FIRST"]].tolist() == [
        1, "AE.AEENDTC 1", "AE: USUBJID=A AESEQ=2 AEENDTC=2025-03-03"]  # fmt: skip
    assert found.at["PRESENT", "WHERE"] == "AE.AETERM 1" and found.at["LABELS", "ISSUES"] == 2
    assert in_short(found.reset_index()) == (
        f"{len(RULES)} rules, 3 with issues, unexplained: PRESENT 1, LABELS 2, SDTM-PERIOD 1")
