"""Dates as a delivery writes them: declared orders, other forms than agreed, and columns that cannot be read."""

import pandas as pd
import pytest
from mini_extract import CONTRACT, HEADER, ROW, csv_bytes, deliver

from pipeline.gate.field_checks import check_fields
from pipeline.ground.dates import iso_date
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import StudySettings
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.study.contracts import System, contract_of
from sdtm.mapping.sheet import MappingRow
from sdtm.mapping.unreadable import refuse_unreadable

LISTS = pd.DataFrame([["POS", "SIT", "Sitting"]], columns=["CODELIST", "CODED_VALUE", "DECODE"])
EDC = CONTRACT | {"date_format": "DD MON YYYY"}


def records_of(folder, dates, contract=EDC, order="", **manifest):
    """The raw records of a delivery that has these dates, one record each."""
    rows = [["1010001", str(n), "1", date, *ROW[4:]] for n, date in enumerate(dates, start=1)]
    delivery = open_delivery(deliver(folder / "extract", {"VS.csv": csv_bytes([HEADER, *rows])}, **manifest))
    return read_form(delivery, contract_of(contract, System(dates=order)), None)[0]


def found(records, contract=EDC):
    """Check, severity and record of the findings of the field VSDAT."""
    findings = check_fields(records, contract_of(contract), LISTS)
    rows = findings[findings["field"] == "VSDAT"]
    return list(zip(rows["check"], rows["severity"], rows["record"], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(("date", "expected"), [
    ("12 MAR 2025", []), ("12-mar-2025", []), ("UN MAR 2025", []), ("UN UNK 2025", []), ("2025", []), ("UNK", []),
    ("2024/06/12", [("RAW-DATEFORM", "minor", "1")]),
    ("2024-06-12T00:00:00Z", [("RAW-DATEFORM", "minor", "1")]),
    ("20240612", [("RAW-DATEFORM", "minor", "1")]),
    ("03/04/2025", [("RAW-DATEFORM", "major", "1")]),
    ("12 MAR 25", [("RAW-DATEFORM", "major", "1")]),
    ("soon", [("RAW-DATEFORM", "major", "1")]),
    ("31 FEB 2025", [("RAW-DATE", "major", "1")]),
    ("2025-02-30", [("RAW-DATE", "major", "1")]),
])  # fmt: skip
def test_a_date_in_another_form_is_another_finding_than_a_day_that_never_was(tmp_path, date, expected):
    assert expected == found(records_of(tmp_path, [date]))


def test_a_contract_that_agrees_on_no_form_takes_every_form_that_is_certain(tmp_path):
    assert found(records_of(tmp_path, ["2024/06/12", "12 MAR 2025"], CONTRACT), CONTRACT) == []


def test_a_column_written_in_another_form_throughout_is_one_finding_and_all_of_it_is_read(tmp_path):
    records = records_of(tmp_path, [f"2025-02-{day:02d}T00:00:00Z" for day in range(1, 21)])

    assert found(records) == [("RAW-DATEFORM", "minor", "")]


@pytest.mark.parametrize(("date", "expected"), [
    ("2025-02-04T23:00:00Z", [("RAW-DATEZONE", "minor", "")]),
    ("2025-02-05T01:00+01:00", [("RAW-DATEZONE", "minor", "")]),
    ("2025-02-05T00:00:00Z", []), ("2025-02-04T23:00:00", []), ("2025-02-05", []),
])  # fmt: skip
def test_a_clock_with_a_zone_is_asked_about_for_the_day_may_have_been_moved(tmp_path, date, expected):
    contract = CONTRACT | {"date_format": "ISO"}
    records = records_of(tmp_path, [date, date], contract)

    assert expected == found(records, contract)
    assert [date[:10]] * 2 == iso_date(records["VSDAT"]).tolist()


@pytest.mark.parametrize(("told", "system", "manifest"), [
    ({}, "DMY", {}),
    ({}, "", {"written": {"dates": "DD.MM.YYYY"}}),
    ({"dates": "DMY"}, "MDY", {"written": {"dates": "MDY"}}),
])  # fmt: skip
def test_a_declared_order_is_read_into_the_agreed_form(tmp_path, told, system, manifest):
    fields = {**EDC["fields"], "VSDAT": EDC["fields"]["VSDAT"] | told}
    contract = EDC | {"fields": fields}

    dates = ["03/04/2025", "UN.04.2025", "31/02/2025", "5 MAY 2025"]
    records = records_of(tmp_path, dates, contract, system, **manifest)

    assert records["VSDAT"].tolist() == ["03 APR 2025", "UN APR 2025", "2025-02-31", "5 MAY 2025"]
    assert found(records, contract) == [("RAW-DATE", "major", "3")]


def test_a_form_whose_agreed_dates_are_all_numeric_is_read_into_iso(tmp_path):
    contract = CONTRACT | {"date_format": "MM/DD/YYYY"}

    records = records_of(tmp_path, ["03/04/2025", "12 MAR 2025"], contract)

    assert records["VSDAT"].tolist() == ["2025-03-04", "12 MAR 2025"]
    assert found(records, contract) == [("RAW-DATEFORM", "minor", "2")]


@pytest.mark.parametrize(("bad", "good", "expected"), [
    (6, 4, [("RAW-UNREADABLE", "critical", "")]),
    (20, 0, [("RAW-UNREADABLE", "critical", "")]),
    (5, 5, [("RAW-DATEFORM", "major", str(n)) for n in range(1, 6)]),
    (9, 0, [("RAW-DATEFORM", "major", str(n)) for n in range(1, 10)]),
])  # fmt: skip
def test_a_column_of_which_most_of_ten_or_more_dates_cannot_be_read_is_one_critical_finding(
    tmp_path, bad, good, expected
):
    records = records_of(tmp_path, ["03/04/2025"] * bad + ["12 MAR 2025"] * good)

    assert expected == found(records)


def test_a_column_of_numbers_with_decimal_commas_is_one_critical_finding():
    records = pd.DataFrame({"VSDAT": "12 MAR 2025", "TEMP": ["36,6"] * 12, "_FORM": "VS", "_FILE": "VS.csv",
                            "_RECORD": "1", "_SUBJECT": "1010001"}, dtype="str")  # fmt: skip

    findings = check_fields(records, contract_of(EDC), LISTS)

    assert list(zip(findings["check"], findings["field"], strict=True)) == [("RAW-UNREADABLE", "TEMP")]


def resting_on(rule, values):
    """A form with a column of these values, and the row of a mapping sheet that reads it."""
    raw = {"VS": pd.DataFrame({"D": values, "_FORM": "VS", "_FILE": "VS.csv"}, dtype="str")}
    return [MappingRow("VS", "", "VSDTC", rule, ["D"], "", 2, "vs.csv")], raw


@pytest.mark.parametrize(("rule", "value"), [
    ("assign_datetime", "03/04/2025"), ("days_between", "31 FEB 2025"), ("assign_number", "1,5"),
    ("assign_result", "1,5"),
])  # fmt: skip
def test_a_domain_is_not_made_of_a_column_that_cannot_be_read(rule, value):
    with pytest.raises(TrialError, match=r"12 of 12 values of VS.D cannot be read") as error:
        refuse_unreadable(*resting_on(rule, [value] * 12), StudySettings())
    assert (error.value.where, "declare" in error.value.cure) == ("VS.csv, column D", True)


@pytest.mark.parametrize(("rule", "values"), [
    ("assign_datetime", ["03/04/2025"] * 9),
    ("assign_datetime", ["31 FEB 2025"] * 6 + ["12 MAR 2025"] * 6),
    ("assign_result", ["POSITIVE"] * 12),
    ("assign", ["03/04/2025"] * 12),
])  # fmt: skip
def test_a_few_unreadable_values_or_words_for_results_stop_no_domain(rule, values):
    refuse_unreadable(*resting_on(rule, values), StudySettings())


def test_the_dates_that_study_yaml_names_stop_a_domain_too():
    raw = {"IC": pd.DataFrame({"ICDAT": ["03/04/2025"] * 10, "_FORM": "IC", "_FILE": "IC.csv"}, dtype="str")}

    with pytest.raises(TrialError, match=r"IC\.ICDAT"):
        refuse_unreadable([], raw, StudySettings(entered=("IC.ICDAT",)))
