"""The catalogue of checks: complete, tested, and refused where it names what is not there."""

import re
from pathlib import Path

import pandas as pd
import pytest
from check_case import ROOT, found_by, nothing, raw_frames, study
from check_tables import checks

from pipeline.gate.checks import running
from pipeline.gate.checks.catalogue import entries, read_check, validate
from pipeline.gate.checks.engine import run_over
from pipeline.ground.faults import TrialError

ENTRY = {
    "id": "X-1", "severity": "major", "responsible": "site", "form": "AE", "field": "AEENDAT", "rule": "out_of_order",
    "with": {"first": "AESTDAT", "second": "AEENDAT"}, "message": "{AETERM} ends early.", "why": "A reason.",
}  # fmt: skip


def test_every_check_has_its_block_in_a_table():
    rows = set(checks())
    computed = {name for name, check in study()[2].items() if not (check.made_by_reader or check.lacking)}
    assert computed - rows == set()
    assert rows - computed == set()


def test_every_finding_of_the_reader_has_a_responsible_party():
    told = {name for name, check in study()[2].items() if check.made_by_reader}
    text = "".join(path.read_text() for path in (ROOT / "pipeline").rglob("*.py"))
    made = set(re.findall(r'"(RAW-[A-Z]+)"', text))
    assert made - told == set()


@pytest.mark.parametrize(
    ("change", "said", "cure"),
    [
        ({"rule": "out_of_ordr"}, "Unknown rule 'out_of_ordr'", "out_of_order"),
        ({"field": "AEENDT"}, "Unknown field 'AEENDT' of AE", "AEENDAT"),
        ({"with": {"first": "AESTDT", "second": "AEENDAT"}}, "Unknown field 'AESTDT' of AE", "AESTDAT"),
        ({"with": {"start": "AESTDAT", "second": "AEENDAT"}}, "has no argument 'start'", ""),
        ({"with": {"first": "AESTDAT"}}, "needs the argument 'second'", "add it"),
        ({"form": "AEE"}, "Unknown form 'AEE'", "AE"),
        ({"where": 'AESRE == "Y"'}, "Unknown field 'AESRE' of AE", "AESER"),
        ({"where": "AEENDAT + 1 > 3"}, "cannot be read", "a function"),
        ({"severity": "grave"}, "Unknown severity 'grave'", ""),
        ({"sevrity": "major"}, "Unknown word 'sevrity'", "severity"),
        ({"why": ""}, "needs `why:`", "add it"),
    ],
)
def test_a_check_that_names_what_is_not_there_is_refused_with_file_and_cure(change, said, cure):
    path = Path("checks/x.yaml")
    with pytest.raises(TrialError) as caught:
        validate(read_check(ENTRY | change, path, shared=False), study()[1])
    assert said in caught.value.text()
    assert "x.yaml" in caught.value.text()
    assert cure in caught.value.cure


HEADED = """\
- {id: A, severity: minor, form: VS}
- defaults: {form: AE, responsible: site, severity: major}
- id: B
- {id: C, severity: minor, domain: CM}
- defaults: {severity: critical}
- id: D
"""


def test_defaults_hold_for_the_checks_below_them_and_a_check_that_says_the_word_wins(tmp_path):
    (tmp_path / "x.yaml").write_text(HEADED)
    assert [entry for _, entry in entries(tmp_path / "x.yaml")] == [
        {"id": "A", "severity": "minor", "form": "VS"},  # above them
        {"id": "B", "form": "AE", "responsible": "site", "severity": "major"},
        {"id": "C", "domain": "CM", "responsible": "site", "severity": "minor"},  # of a domain, so of no form
        {"id": "D", "severity": "critical"},  # the next defaults take the place of those before
    ]


@pytest.mark.parametrize(("text", "said"), [
    ("- defaults: {form: AE}\n  id: B\n", "x.yaml, line 1, column 3: `defaults:` stands in one entry with `id:`"),
    ("- defaults: {severty: major}\n", "x.yaml, line 1, column 14: `[1].defaults` has the unknown word 'severty'"),
])  # fmt: skip
def test_defaults_are_an_entry_of_their_own_with_the_words_they_may_say(tmp_path, text, said):
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(TrialError) as caught:
        list(entries(tmp_path / "x.yaml"))
    told = f"{caught.value.where}: {caught.value.what}"
    assert told.removeprefix(f"{tmp_path}/").startswith(said)


def test_a_check_whose_column_was_not_delivered_is_not_run_rather_than_passed():
    gone = {"check": "RAW-COLUMN", "severity": "major", "form": "AE", "field": "AEENDAT"}
    found = pd.DataFrame([gone | {"record": "", "subject": "", "value": "", "message": ""}])
    _, coverage = run_over(nothing(), [study()[2]["AE-END-BEFORE-START"]], found)
    assert coverage["ran"].tolist() == ["N"]
    assert coverage["reason"].tolist() == ["the column AEENDAT of AE was not delivered, or cannot be read"]


def test_a_shared_check_of_a_form_the_study_does_not_collect_is_not_run():
    check = read_check(ENTRY | {"form": "ZZ"}, Path("x.yaml"), shared=True)
    validate(check, study()[1])
    _, coverage = run_over(nothing(), [check])
    assert coverage["reason"].tolist() == ["the study does not collect the form ZZ"]


def test_a_query_tells_the_record_as_collected():
    queries, _ = found_by("AE-ONGOING-WITH-END", "AE AETERM=Rash; AEONGO=Y; AEENDAT=05 JAN 2025; AEOUT=REC")
    query = queries.iloc[0]
    assert (query["form"], query["record"], query["site"], query["subject"]) == ("AE", "1", "101", "1010001")
    assert (query["folder"], query["field"], query["value"], query["severity"]) == ("LOG", "AEONGO", "Yes", "major")
    assert query["message"].startswith("Rash is marked as ongoing, yet it has the end date 05 JAN 2025")


@pytest.mark.parametrize(
    "noise",
    [
        "AE AETERM=rash; AEONGO=N; AEENDAT=5 jan 2025",
        "AE AETERM=rash; AEONGO=N; AEENDAT=2025/01/05",
        "AE AEENDAT=UN UNK UNK",
    ],
)
def test_another_way_of_writing_is_no_finding(noise):
    forms = raw_frames(noise)[0]
    assert len(forms["AE"]) == 1
    for check in ("AE-NO-END", "ALL-PARTIAL-DATE", "ALL-FUTURE"):
        assert found_by(check, noise + "; AEOUT=UNK")[0].empty


def test_a_check_whose_rule_fails_is_not_run_rather_than_the_end_of_the_run(monkeypatch):
    def broken(records, forms, **arguments):
        raise KeyError("AEENDAT")

    monkeypatch.setattr(running, "rules", lambda: {study()[2]["AE-GRADE-5"].rule: broken})
    _, coverage = found_by("AE-GRADE-5", "AE AETOXGR=5; AEOUT=REC")
    assert coverage["ran"].tolist() == ["N"]
    assert "its rule failed" in coverage["reason"].iloc[0]
