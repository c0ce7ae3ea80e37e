"""A sample number that two patients share: both records and both patients are named, and no result is dropped."""

import pytest
from check_case import found_by
from mini_extract import csv_bytes, deliver
from mini_study import STAMP, STANDARD, SYSTEM, files, project
from odm_text import clinical, group, odm, page

from pipeline.gate.checks.catalogue import entries
from pipeline.gate.validation import validate
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.study.specs import load_specs

pytestmark = pytest.mark.slow

SAMPLES = """
form: SMP
label: Samples
subject: {column: SUBJECT}
record: [RECORDID]
unique: [SAMPLE]
fields:
  SAMPLE: {label: Sample id, type: text}
  SMPDAT: {label: Date, type: date}
  RESULT: {label: Result, type: decimal}
"""
PEOPLE = (("1010001", "44"), ("1010002", "51"))
CHECK = "ALL-ID-TWO-SUBJECTS"


@pytest.fixture
def specs(tmp_path):
    """The small study with a form of samples and this one check."""
    project(tmp_path)
    (tmp_path / "specs" / "mini" / "raw" / "smp.yaml").write_text(SAMPLES)
    (one,) = [entry for _, entry in entries(STANDARD / "checks" / "general.yaml") if entry["id"] == CHECK]
    (tmp_path / "specs" / "standard" / "checks").mkdir()
    text = "".join(f"  {word}: {said!r}\n" for word, said in one.items())
    (tmp_path / "specs" / "standard" / "checks" / "general.yaml").write_text("-" + text[1:])
    return load_specs(tmp_path, "mini")


def laboratory(folder):
    labs = (["101-0001", "A1", "HB", "12"], ["101-0002", "A1", "HB", "13"], ["101-0002", "A1", "PLT", "90"])
    return deliver(folder, files([], labs, PEOPLE))


def collected(folder):
    rows = [["MINI", "101", p, "D1", r, "1", STAMP, STAMP, "S7", "08 JAN 2026", v]
            for r, p, v in (("11", "1010001", "5"), ("12", "1010002", "6"))]  # fmt: skip
    header = [*SYSTEM, "SAMPLE", "SMPDAT", "RESULT"]
    return deliver(folder, files([], (), PEOPLE) | {"SMP.csv": csv_bytes([header, *rows])})


def snapshot(folder):
    folder.mkdir()
    text = "".join(
        clinical(
            page(group({"IT.AGE": age}, oid="IG.DM"), form="F.DM")
            + page(group({"IT.SAMPLE": "S7", "IT.SMPDAT": "2026-01-08", "IT.RESULT": "5"}, oid="IG.SMP"), form="F.SMP"),
            subject=person,
        )
        for person, age in PEOPLE
    )
    (folder / "s.xml").write_text(odm(text))
    return folder / "s.xml"


@pytest.mark.parametrize(
    ("route", "form", "kept", "named"),
    [
        (laboratory, "LAB", 3, [
            "Accession A1 of subject 1010001 (LAB.csv, line 2) also stands with subject 1010002 (101-0002, line 3).",
            "Accession A1 of subject 1010002 (LAB.csv, line 3) also stands with subject 1010001 (101-0001, line 2)."]),
        (collected, "SMP", 2, [
            "Sample id S7 of subject 1010001 (SMP.csv, record 11, line 2) also stands with subject 1010002 "
            "(record 12, line 3).",
            "Sample id S7 of subject 1010002 (SMP.csv, record 12, line 3) also stands with subject 1010001 "
            "(record 11, line 2)."]),
        (snapshot, "SMP", 2, [
            "Sample id S7 of subject 1010001 (s.xml[SMP], record 1010001/SCR/1/SMP/1/1, line 3) also stands with "
            "subject 1010002 (record 1010002/SCR/1/SMP/1/1, line 4).",
            "Sample id S7 of subject 1010002 (s.xml[SMP], record 1010002/SCR/1/SMP/1/1, line 4) also stands with "
            "subject 1010001 (record 1010001/SCR/1/SMP/1/1, line 3)."]),
    ],
)  # fmt: skip
def test_both_records_and_both_patients_are_named_by_every_route(specs, tmp_path, route, form, kept, named):
    delivery = open_delivery(route(tmp_path / "extract"))
    queries = validate(specs, delivery, "2026-06-30").queries
    asked = queries[queries["check"] == CHECK].sort_values("subject")
    records, _ = read_form(delivery, specs.contracts[form], frozenset({"1010001", "1010002"}))

    assert [text.partition(" The visits")[0] for text in asked["message"]] == named
    assert list(asked["subject"]) == ["1010001", "1010002"]
    assert len(records) == kept


VISITS = "VS FOLDER=D30; VSDAT=2025-02-10 | VS SUBJECT=1010002; FOLDER=D30; VSDAT=2025-06-10"
ONE = " | QPCR SAMPLE_ID=Q; COLLECT_DATE={}"
OTHER = " | QPCR SUBJECT=1010002; SAMPLE_ID=Q; COLLECT_DATE={}"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("2025-02-10", "2025-02-10", "Only the date of subject 1010001 agrees with the subject's own visits."),
        ("2025-06-10", "2025-06-11", "Only the date of subject 1010002 agrees with the subject's own visits."),
        ("2025-02-10", "2025-06-10", "Each date agrees with the subject's own visits: one number stands for different"),
        ("2025-04-01", "2025-04-01", "The visits do not tell whose it is."),
    ],
)
def test_the_visits_tell_whose_a_sample_is_and_both_patients_are_asked(first, second, verdict):
    queries, _ = found_by(CHECK, VISITS + ONE.format(first) + OTHER.format(second))

    assert list(queries["subject"]) == ["1010001", "1010002"]
    assert all(verdict in message for message in queries["message"])
