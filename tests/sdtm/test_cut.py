"""The data cut (clarification 25): what starts later is out, what ends later is open, what is known later is unknown.

The cut of these tests is 30 June 2026; the rules are those of specs/standard/cut.csv for AE.
"""

from pathlib import Path

import pandas as pd
import pytest
from small_study import grid, map_small

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import StudySettings
from sdtm.cut import delivered_at_cut, people_at_cut, subjects_at_cut

RULES = pd.read_csv(Path(__file__).parents[2] / "specs" / "standard" / "cut.csv", dtype="str")
AS_XX = RULES[RULES["domain"] == "AE"].assign(domain="XX")
NAMES = ["STUDYID", "USUBJID", "AESTDTC", "AEENDTC", "XXENRTPT", "XXENTPT", "AEOUT", "AESDTH", "AETOXGR", "AEMXDTC",
         "AECUTFL"]
VARIABLES = "\n".join(f"{name} text" for name in NAMES) + "\nXXSEQ integer"
SHEET = "\n".join(f"E | | {target} | {rule} | {field} |" for target, rule, field in [
    ("AESTDTC", "assign_datetime", "ST"), ("AEENDTC", "assign_datetime", "EN"), ("AEOUT", "assign", "OUT"),
    ("AESDTH", "assign", "SDTH"), ("AETOXGR", "assign", "GR"), ("AEMXDTC", "assign_datetime", "MX")])


def events(record, death=".", consent="01 JAN 2025", rules=AS_XX):
    """The event of subject 0101 at the cut, and the checks of the findings."""
    return map_small(
        SHEET, {"E": f"SUBJECT | ST | EN | OUT | SDTH | GR | MX\n0101 | {record}"}, VARIABLES, cut=rules,
        consent=f"_SUBJECT | ICDAT\n0101 | {consent}", death=f"_SUBJECT | DTHDAT\n0101 | {death}")


def at_cut(record, **subject):
    frame, _ = events(record, **subject)
    row = frame.iloc[0]
    names = ["AEENDTC", "XXENRTPT", "AEOUT", "AESDTH", "AETOXGR", "AECUTFL"]
    return [None if pd.isna(row[name]) else row[name] for name in names]


@pytest.mark.parametrize(("start", "records"), [
    ("30 JUN 2026", 1), ("01 JUL 2026", 0), ("UN JUN 2026", 1), ("UN JUL 2026", 0), ("UN UNK 2026", 1),
    ("UN UNK 2027", 0), (".", 1),
])  # fmt: skip
def test_a_record_is_out_when_it_cannot_have_started_by_the_cut(start, records):
    frame, _ = events(f"{start} | . | . | . | 2 | .")
    assert records == len(frame)


@pytest.mark.parametrize(("consent", "records"), [("30 JUN 2026", 1), ("01 JUL 2026", 0), (".", 1)])
def test_a_subject_who_consents_after_the_cut_is_out_of_everything(consent, records):
    frame, _ = events("01 JUN 2026 | . | . | . | 2 | .", consent=consent)
    assert records == len(frame)


@pytest.mark.parametrize(("end", "outcome", "expected"), [
    ("30 JUN 2026", "RECOVERED/RESOLVED", ["2026-06-30", None, "RECOVERED/RESOLVED", None, "2", None]),
    ("01 JUL 2026", "RECOVERED/RESOLVED", [None, "ONGOING", "NOT RECOVERED/NOT RESOLVED", None, "2", "Y"]),
    ("01 JUL 2026", "RECOVERED/RESOLVED WITH SEQUELAE",
     [None, "ONGOING", "NOT RECOVERED/NOT RESOLVED", None, "2", "Y"]),
    ("01 JUL 2026", "UNKNOWN", [None, "ONGOING", "UNKNOWN", None, "2", None]),
    (".", "NOT RECOVERED/NOT RESOLVED", [None, None, "NOT RECOVERED/NOT RESOLVED", None, "2", None]),
])  # fmt: skip
def test_an_event_that_ended_after_the_cut_is_open(end, outcome, expected):
    assert expected == at_cut(f"01 JUN 2026 | {end} | {outcome} | . | 2 | .")


@pytest.mark.parametrize(("death", "expected"), [
    ("30 JUN 2026", ["2026-06-30", None, "FATAL", "Y", "5", None]),
    ("02 JUL 2026", ["2026-06-30", None, "NOT RECOVERED/NOT RESOLVED", "N", None, "Y"]),
])  # fmt: skip
def test_a_death_after_the_cut_has_not_happened(death, expected):
    assert expected == at_cut("01 JUN 2026 | 30 JUN 2026 | FATAL | Y | 5 | .", death=death)


def test_a_fatal_event_that_ends_after_the_cut_is_open_even_without_a_death_report():
    expected = [None, "ONGOING", "NOT RECOVERED/NOT RESOLVED", "N", None, "Y"]
    assert expected == at_cut("01 JUN 2026 | 02 JUL 2026 | FATAL | Y | 5 | .")


@pytest.mark.parametrize(("reached", "grade", "mark"), [("30 JUN 2026", "4", None), ("01 JUL 2026", None, "Y")])
def test_a_maximum_grade_reached_after_the_cut_is_not_known(reached, grade, mark):
    frame, _ = events(f"01 JUN 2026 | . | . | . | 4 | {reached}")
    assert frame["AEMXDTC"].fillna(".").tolist() == ["2026-06-30" if grade else "."]
    assert [grade, mark] == at_cut(f"01 JUN 2026 | . | . | . | 4 | {reached}")[4:]


@pytest.mark.parametrize(("reached", "known"), [("30 JUN 2026", "2026-06-30"), ("01 JUL 2026", ".")])
def test_a_date_that_no_rule_names_is_not_known_after_the_cut(reached, known):
    silent = AS_XX[~AS_XX[["variable", "date"]].eq("AEMXDTC").any(axis="columns")]
    frame, found = events(f"01 JUN 2026 | . | . | . | 4 | {reached}", rules=silent)
    assert (frame["AEMXDTC"].fillna(".").tolist(), frame["AETOXGR"].tolist()) == ([known], ["4"])
    assert found["value"].tolist() == ([] if known != "." else ["AEMXDTC"])


def test_what_is_ongoing_is_so_at_the_cut():
    frame, _ = events("01 JUN 2026 | 05 JUL 2026 | RECOVERED/RESOLVED | . | 2 | .")
    assert frame.loc[0, ["XXENRTPT", "XXENTPT"]].tolist() == ["ONGOING", "2026-06-30"]


def test_what_the_cut_takes_is_told():
    _, left_out = events("01 JUL 2026 | . | . | . | 2 | .")
    _, changed = events("01 JUN 2026 | 05 JUL 2026 | RECOVERED/RESOLVED | . | 2 | .")
    _, nothing = events("01 JUN 2026 | 05 JUN 2026 | RECOVERED/RESOLVED | . | 2 | .")
    columns = ["check", "severity", "form", "record", "field", "value"]
    assert left_out[columns].values.tolist() == [["SDTM-CUT", "info", "E", "", "", "1"]]
    assert changed[columns].values.tolist() == [["SDTM-CUTVALUE", "info", "E", "R1", "", "AEENDTC AEOUT"]]
    assert nothing.empty


def test_the_records_that_stay_have_the_variables_they_had():
    late, _ = events("01 JUL 2026 | . | . | . | 2 | .\n0101 | 01 JUN 2026 | . | . | . | 2 | .")
    assert late.columns.tolist() == [*(line.split()[0] for line in VARIABLES.splitlines()), "WORSE", "_FORM", "_FILE",
                                     "_LINE", "_RECORD"]  # fmt: skip


def test_what_the_cut_takes_is_told_in_sentences():
    _, left_out = events("01 JUL 2026 | . | . | . | 2 | .")
    _, changed = events("01 JUN 2026 | 05 JUL 2026 | RECOVERED/RESOLVED | . | 2 | .")
    assert left_out["message"].tolist() == [
        "Lines of E in the extract that start after the data cut 2026-06-30 are left out of XX: 1."]
    assert changed["message"].tolist() == [
        "What became known after the data cut 2026-06-30 is undone in XX: AEENDTC AEOUT."]


def test_the_first_day_in_the_study_is_the_earliest_of_its_subject():
    raw = {"IC": pd.DataFrame({"_SUBJECT": ["1", "1", "2"], "ICDAT": ["2025-03-02", "2025-03-01", "."]}, dtype="str")}
    days = subjects_at_cut(raw, StudySettings(entered=("IC.ICDAT",)))
    assert days["entered"].tolist()[0] == pd.Timestamp("2025-03-01")
    assert days["entered"].isna().tolist() == [False, True]
    assert list(days.columns) == ["entered", "death"]


def test_a_study_that_names_no_such_fields_has_no_first_days():
    assert subjects_at_cut({}, StudySettings()).empty


def test_a_form_that_the_cut_needs_is_named_with_its_cure():
    with pytest.raises(TrialError) as error:
        subjects_at_cut({}, StudySettings(death=("DTH.DTHDAT",)))
    assert error.value.where == "study.yaml, death: DTH.DTHDAT"
    assert error.value.cure == "give the mapping this form besides its sheet's"
    assert "needs the form DTH" in error.value.what


def test_a_mistyped_consent_hides_nobody_whom_other_forms_show_in_the_study():
    raw = {"IC": pd.DataFrame({"_SUBJECT": ["1"], "ICDAT": ["12 FEB 2027"]}, dtype="str"),
           "ENR": pd.DataFrame({"_SUBJECT": ["1"], "ENRDAT": ["01 MAR 2025"]}, dtype="str")}
    days = subjects_at_cut(raw, StudySettings(entered=("IC.ICDAT", "ENR.ENRDAT")))

    assert days.loc["1", "entered"] == pd.Timestamp("2025-03-01")


DM = grid("""
    USUBJID | RFICDTC    | RFSTDTC    | DTHDTC     | DTHFL | RFPENDTC
    A       | 2025-01-01 | 2025-01-10 | 2026-08-01 | Y     | 2026-08-01
    B       | .          | 2026-07-01 | .          | .     | 2026-07-30
    C       | 2025-03-01 | 2026-07-01 | 2026-01-01 | Y     | 2026-01-01""")
CM = grid("""
    USUBJID | CMSTDTC    | CMENDTC    | CMENRTPT | CMENTPT
    A       | 2026-05-01 | 2026-07-15 | .        | .
    A       | 2026-07-01 | .          | .        | .
    C       | 2025-06-01 | .          | ONGOING  | SCREENING
    B       | 2026-06-01 | .          | .        | .""")


def elsewhere(domain, records):
    """A domain made elsewhere as it stood on the cut."""
    keyed = [frame.assign(_SUBJECT=frame["USUBJID"], _FORM="X", _LINE=range(len(frame)), _RECORD="r")
             for frame in (DM, records)]  # fmt: skip
    made, found = delivered_at_cut(keyed[1], domain, people_at_cut(keyed[0]), RULES, "2026-06-30")
    return made[list(records)].fillna("").values.tolist(), found["check"].tolist()


def test_an_sdtm_made_elsewhere_is_cut_too_by_what_its_dm_says_of_people():
    made, found = elsewhere("CM", CM)

    assert made == [
        ["A", "2026-05-01", "", "ONGOING", "2026-06-30"],  # ends later: open at the cut
        ["C", "2025-06-01", "", "ONGOING", "SCREENING"],  # was open when it was delivered
    ]
    assert found == ["SDTM-CUT", "SDTM-CUTVALUE"]


def test_deaths_and_last_dates_after_the_cut_leave_dm():
    made, _ = elsewhere("DM", DM)

    assert made == [
        ["A", "2025-01-01", "2025-01-10", "", "", ""],
        ["C", "2025-03-01", "", "2026-01-01", "Y", "2026-01-01"],  # no treatment has begun
    ]
