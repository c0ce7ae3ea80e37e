"""Dictionaries of other styles: labels as headers, a window in one cell, one form of several milestones, criteria."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.new_study.dictionary import DictionaryField, inline_values
from pipeline.new_study.eligibility import criteria_of, eligibility_rows, eligibility_text
from pipeline.new_study.proposals import propose
from pipeline.new_study.proposed import CrfForm
from pipeline.new_study.sheets import standard_known
from pipeline.new_study.system import system_of
from pipeline.new_study.visits import visit_rows

STANDARD = Path(__file__).parents[2] / "specs" / "standard"


@pytest.fixture(scope="module")
def known():
    return standard_known(STANDARD)


def field(form, name, label, kind="text", codelist=""):
    return DictionaryField(form.upper()[:8], form, name, "", label, kind, codelist)


def rows_of(known, form, *said):
    fields = [field(form, *one) for one in said]
    made = propose(CrfForm(fields, "SUBJECT", ("SUBJECT",)), known)
    return {domain: [tuple(row)[1:5] for row in rows if row.block != "OPEN"] for domain, rows in made.rows.items()}


def test_one_form_of_consent_and_enrolment_gives_a_block_of_each(known):
    rows = rows_of(known, "Consent and enrolment", ("ICDAT", "Date of informed consent", "date"),
                   ("ENRYN", "Was the participant enrolled?", "coded"), ("ENRDAT", "Date of enrolment", "date"),
                   ("SFREAS", "Reason for screen failure", "coded"),
                   ("DL", "Dose level assigned", "coded"))["ds"]  # fmt: skip
    assert {block for block, *_ in rows} == {"enrolled", "failed", "consent"}
    assert ("enrolled", "", "coded_as", "ENRYN NY Y") in rows and ("failed", "", "coded_as", "ENRYN NY N") in rows
    assert ("enrolled", "DSSTDTC", "assign_datetime", "ENRDAT") in rows
    assert ("consent", "DSSTDTC", "assign_datetime", "ICDAT") in rows
    assert ("failed", "DSTERM", "lookup", "SFREAS SFREAS") in rows
    assert ("enrolled", "SUPP.DOSELVL", "assign_code", "DL") in rows


def test_blocks_of_a_form_that_no_answer_tells_apart_are_told_by_their_dates(known):
    rows = rows_of(known, "Registration", ("ICFDT", "Date of informed consent", "date"),
                   ("REGDT", "Date of enrolment", "date"), ("SFREAS", "Reason for screen failure", "coded"))["ds"]
    assert [row for row in rows if not row[1]] == [
        ("enrolled", "", "answered", "REGDT"), ("failed", "", "answered", "SFREAS"),
        ("consent", "", "answered", "ICFDT")]


@pytest.mark.parametrize(("labels", "mapped"), [
    (("Onset day", "Onset month", "Onset year"), True),
    (("Start date (day)", "Start date (month)", "Start date (year)"), True),
    (("Onset day", "Onset month", "Year of birth"), False),
])
def test_a_date_in_three_fields_is_mapped_as_one(known, labels, mapped):
    said = [(f"{part}X", label, "text") for part, label in zip(("DD", "MM", "YY"), labels, strict=True)]
    said += [("TERM", "Adverse event"), ("PT", "Preferred term"), ("SOC", "System organ class"),
             ("SAE", "Serious?", "coded"), ("GR", "Toxicity grade", "coded")]  # fmt: skip
    made = propose(CrfForm([field("Adverse event", *one) for one in said], "SUBJECT", ("SUBJECT",)), known)
    dated = [row[3:5] for row in made.rows["ae"] if row.target == "AESTDTC"]
    opened = [row.source for row in made.rows["ae"] if row.block == "OPEN"]
    assert dated == [("date_of_parts", "YYX MMX DDX")] * mapped
    assert opened == [] if mapped else len(opened) == 3


@pytest.mark.parametrize(("unit", "mapped"), [
    ("10^6 cells", ["10^6 Therapeutic Cells"]), ("mg/m2", ["mg/m2"]), ("buckets", []), ("", [])])
def test_the_unit_that_the_dictionary_says_of_a_dose_is_the_unit_of_the_dose(known, unit, mapped):
    fields = [field("CAR-T infusion", "INFDAT", "Date of infusion", "date"),
              replace(field("CAR-T infusion", "INFCELLS", "CAR-positive T cells given", "decimal"), unit=unit)]
    rows = propose(CrfForm(fields, "SUBJECT", ("SUBJECT",)), known).rows["ex"]
    assert [row.source for row in rows if row.target == "EXDOSU"] == mapped


def test_a_form_without_a_word_of_failure_has_no_block_of_it(known):
    rows = rows_of(known, "Enrolment", ("ENRYN", "Enrolled?", "coded"), ("ENRDAT", "Date of enrolment", "date"))["ds"]
    assert {block for block, *_ in rows} == {"enrolled"}


@pytest.mark.parametrize(
    ("label", "kind", "read"),
    [
        ("Start time", "time", ("", "EXSTDTC", "assign_datetime", "INFDAT INFX")),  # EX has no --DTC with a --TIM
        ("Was the product given?", "coded", ("", "", "coded_as", "INFX NY Y")),
    ],
)
def test_an_infusion_is_told_by_its_labels(known, label, kind, read):
    rows = rows_of(known, "CAR-T infusion", ("INFDAT", "Date of infusion", "date"), ("INFX", label, kind),
                   ("INFCELLS", "CAR-positive T cells given", "decimal"))  # fmt: skip
    assert read in rows["ex"]


def test_a_field_that_means_what_the_domain_lacks_is_taken_for_nothing_else(known):
    """EXSCAT is no variable of the standard's EX: the course of treatment is no name of the treatment."""
    rows = rows_of(known, "CAR-T infusion", ("INFDAT", "Date of infusion", "date"), ("X", "Treatment course", "coded"))
    assert not [row for row in rows["ex"] if row[3].startswith("X")]


CRITERIA = [["CRIT", "I01", "Mantle cell lymphoma"], ["CRIT", "E01", "Active infection"], ["NY", "Y", "Yes"]]


@pytest.mark.parametrize(
    ("answer", "not_met", "present"),
    [
        ((), [("IEORRES", "hardcode", "N"), ("IESTRESC", "hardcode", "N")],
         [("IEORRES", "hardcode", "Y"), ("IESTRESC", "hardcode", "Y")]),
        ((("RES", "Criterion met or present?", "coded", "NY"),), [("", "coded_as", "RES NY N")],
         [("", "coded_as", "RES NY Y")]),
    ],
)  # fmt: skip
def test_coded_criteria_are_ietestcd_with_their_labels(answer, not_met, present):
    criteria = {name: criteria_of(CRITERIA, name) for name in ("CRIT", "NY")}
    fields = [field("IE", "CRIT", "Criterion not met", "coded", "CRIT"), *(field("IE", *one) for one in answer)]
    rows = eligibility_rows(fields, criteria)
    by_block = {block: [row[2:5] for row in rows if row[1] == block] for block in ("not met", "present", "*")}

    assert rows[0] == ("IE", "not met", "", "records", "", 'CRIT_STD in ["I01"]')
    assert set(by_block["not met"]) == {("", "records", ""), ("IECAT", "hardcode", "INCLUSION"), *not_met}
    assert set(by_block["present"]) == {("", "records", ""), ("IECAT", "hardcode", "EXCLUSION"), *present}
    assert by_block["*"][:2] == [("IETESTCD", "assign_code", "CRIT"), ("IETEST", "assign", "CRIT")]
    sheet = "".join(",".join(row) + "\n" for row in rows)
    assert eligibility_text(fields, criteria, {"mapping/ie.csv": sheet}).splitlines()[1:] == [
        "I01,Mantle cell lymphoma,INCLUSION,", "E01,Active infection,EXCLUSION,"]  # fmt: skip


def test_codes_that_do_not_say_inclusion_or_exclusion_tell_no_criteria():
    assert criteria_of([["C", "I01", "a"], ["C", "7", "b"]], "C") == []


@pytest.mark.parametrize(
    ("planned", "window", "bounds"),
    [("28", "+/- 5", ("23", "33")), ("28", "\u00b13 days", ("25", "31")), ("-5", "-7 to -3", ("-7", "-3")),
     ("28", "21-35", ("21", "35")), ("28", "about", ("", ""))],
)  # fmt: skip
def test_a_window_said_in_one_cell_is_read(tmp_path, planned, window, bounds):
    (tmp_path / "visits.csv").write_text(f"Visit,Planned day,Window\nWeek 4,{planned},{window}\n", encoding="utf-8")
    row = visit_rows("", str(tmp_path / "visits.csv"))[1].split(",")
    assert (row[5], row[6]) == bounds


def test_an_extract_with_labels_as_headers_tells_its_columns(tmp_path):
    said = {"AETERM": "Reported term", "AESTDAT": "Start date", "AEDOSE": "Dose (mg)", "AESER": "AESER"}
    fields = [field("Adverse events", name, label) for name, label in said.items()]
    head = "Participant,Visit name,Entry,Reported term,Start date,Dose,AESER"
    (tmp_path / "Adverse events.csv").write_text(f"{head}\nNL-01,Screening,E1,Cough,05-MAR-2025,1,Yes\n")
    seen = system_of(str(tmp_path), fields, [])

    assert seen.carried == ("Participant", "VISITNAME", "Entry")
    assert dict(seen.columns) == {"ADVERSE .AETERM": "Reported term", "ADVERSE .AESTDAT": "Start date",
                                  "ADVERSE .AEDOSE": "Dose", "VISITNAME": "Visit name"}  # fmt: skip
    assert (seen.subject_carried, seen.visit, seen.records[0]) == ("Participant", "VISITNAME", "Entry")
    assert seen.folders == {"Screening"}
    assert seen.of_nobody == frozenset()


def test_labels_that_two_fields_share_tell_no_column(tmp_path):
    fields = [field("AE", "A", "Date", "date"), field("AE", "B", "Date", "date")]
    (tmp_path / "AE.csv").write_text("SUBJECT,Date\n1,05-MAR-2025\n")
    assert system_of(str(tmp_path), fields, []).columns == {}


def test_records_whose_subject_no_known_column_holds_are_not_of_nobody(tmp_path):
    (tmp_path / "AE.csv").write_text("Whose,AETERM\nNL-01,Cough\n")
    assert system_of(str(tmp_path), [field("AE", "AETERM", "Term")], []).of_nobody == frozenset()


def test_a_unit_is_spelt_as_it_is_submitted_in_any_case():
    from pipeline.new_study.proposed import spelt

    units = {"lbs": "LB", "pounds": "LB", "g": "g", "G": "Gy"}
    assert [spelt(unit, units) for unit in ("lb", "LBS", "g", "stone")] == ["LB", "LB", "g", "stone"]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("Chemotherapy|High-dose therapy and autologous transplant of stem cells", 2),
        ("Yes;No", 2),
        ("A remark that goes on for a while; and it is in no way a list of any values of a field", 0),
    ],
)
def test_values_in_a_cell_may_be_long_where_no_sentence_is_parted_so(said, values):
    assert len(inline_values(said)) == values
