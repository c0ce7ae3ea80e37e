"""One cause, one query: what follows from another query is told under it and not counted."""

import pandas as pd
import pytest

from pipeline.gate.causes import counted, grouped, in_order

NAMES = ["check", "severity", "form", "_key", "field", "subject", "folder", "_together", "_reads", "_dated", "_only",
         "_mark", "_from", "_own", "status"]  # fmt: skip


def queries(given: str) -> pd.DataFrame:
    """`CHECK severity FORM/key.FIELD word=value ...` per query, of subject 1 unless told."""
    rows = []
    for text in given.split(" | "):
        check, severity, place, *words = text.split()
        form, _, rest = place.partition("/")
        key, _, name = rest.partition(".")
        row = dict.fromkeys(NAMES, "") | {"subject": "1", "status": "open"}
        row |= {"check": check, "severity": severity, "form": form, "_key": key, "field": name}
        row |= {word.split("=")[0]: word.split("=")[1] for word in words}
        rows.append(row | {"query": f"Q{len(rows)}"})
    return pd.DataFrame(rows)


ROWS = {
    "two findings of one cell": ("A major VS/1.TEMP | B critical VS/1.TEMP", {"A": "B"}),
    "two cells of one record": ("A major VS/1.TEMP | B major VS/1.HR", {}),
    "the same field of two records": ("A major VS/1.TEMP | B major VS/2.TEMP", {}),
    "two visits without a record": ("A minor VS/1/D21. | A minor VS/1/D30.", {}),
    "one number of two subjects": (
        "A critical QPCR/Q1/1.PATIENT_ID _together=Q1 | A critical QPCR/Q1/2.PATIENT_ID subject=2 _together=Q1"
        " | A critical QPCR/Q2/3.PATIENT_ID subject=3 _together=Q2",
        {"2": "A"},
    ),
    "a record entered twice, and what it says": ("A minor AE/1.AETERM | B major AE/1.RECORDID", {"A": "B"}),
    "a record under the wrong subject, and what it says": ("A critical VS/1.VSDAT | B major VS/1.SUBJECT", {"A": "B"}),
    "a doubtful date of the only record, and what was compared with it": (
        "A critical AE/7.AESTDAT _reads=IC.ICDAT | B major IC/1.ICDAT _dated=Y _only=Y",
        {"A": "B"},
    ),
    "a doubtful date of another subject": (
        "A critical AE/7.AESTDAT _reads=IC.ICDAT | B major IC/1.ICDAT subject=2 _dated=Y _only=Y", {}),
    "a value, not a date, in doubt": ("A critical AE/7.AESTDAT _reads=IC.ICDAT | B major IC/1.ICVER _only=Y", {}),
    "a date of one visit, compared at the same visit": (
        "A critical RESP/7.RSDAT folder=M6 _reads=PET.PETDAT;TL.TLDAT | B major PET/1.PETDAT folder=M6 _dated=Y",
        {"A": "B"},
    ),
    "a date of one visit, compared at another": (
        "A critical RESP/7.RSDAT folder=M6 _reads=PET.PETDAT | B major PET/1.PETDAT folder=M9 _dated=Y", {}),
    "two records of a subject against one milestone": (
        "A critical VS/1.VSDAT _mark=Y | A critical VS/2.VSDAT _mark=Y | A critical VS/3.VSDAT subject=2 _mark=Y", {}),
    "two dates of a record in the wrong order": (
        "A critical AE/7.AESTDAT | B major AE/7.AEENDAT _own=AESTDAT;AEENDAT | C major AE/7.AEOUT", {"A": "B"}),
    "a day without the event whose date is in doubt": (
        "A critical CRSD/1.GR _reads=AE.AESTDAT;?AE.AESICAT _from=AE/7 | B major AE/7.AESTDAT | C minor AE/8.AESTDAT",
        {"A": "B"},
    ),
    "a day without the event that stands under another kind": (
        "A critical CRSD/1.CRSGR _reads=AE.AESTDAT;?AE.AESICAT | B major AE/9.AESICAT", {"A": "B"}),
    "what is accepted is no cause": ("A major VS/1.TEMP | B critical VS/1.TEMP status=accepted", {}),
    "what is resolved is no cause": ("A major VS/1.TEMP | B critical VS/1.TEMP status=resolved", {}),
}  # fmt: skip


@pytest.mark.parametrize("title", ROWS)
def test_a_query_names_its_cause(title):
    given, expected = ROWS[title]
    told = grouped(queries(given))

    checks = told.set_index("query")["check"]
    found = told[told["cause"] != ""]
    who = found["check"].where(~found["check"].duplicated() & found["_together"].eq(""), found["subject"])
    assert dict(zip(who, found["cause"].map(checks), strict=True)) == expected


def test_a_cause_is_as_severe_as_the_gravest_that_follows_from_it():
    told = grouped(queries("A critical AE/7.AESTDAT _reads=IC.ICDAT | B major IC/1.ICDAT _dated=Y _only=Y"))

    assert counted(told)[["check", "severity"]].to_numpy().tolist() == [["B", "critical"]]


def test_what_follows_stands_under_its_cause():
    told = in_order(grouped(queries("C critical VS/9.HR | A critical VS/1.TEMP | D minor VS/2.HR | B minor VS/1.TEMP")))

    assert told["check"].tolist() == ["C", "A", "B", "D"]


def test_many_records_of_a_subject_against_one_milestone_are_one_query():
    told = grouped(queries(" | ".join(f"A critical VS/{record}.VSDAT _mark=Y" for record in "123")))

    assert counted(told)["_key"].tolist() == ["1"]
