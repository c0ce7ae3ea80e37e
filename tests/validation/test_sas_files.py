"""SAS data sets: every format of dates and times, several members of one file, letters, and proof that all was read."""

import struct

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from mini_extract import CONTRACT

from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.readers.sas import read_sas
from pipeline.readers.sas_dates import sas_texts
from pipeline.study.contracts import contract_of

DAY = 23812.0  # 12 March 2025
MOMENT = DAY * 86400 + 30600  # at 08:30


def words(text):
    return text.split()


DATES = words("""
DATE9 DATE7 DDMMYY10 DDMMYYB10 DDMMYYC10 DDMMYYD10 DDMMYYN8 DDMMYYP10 DDMMYYS10 MMDDYY10 MMDDYYN8 YYMMDD10
YYMMDDN8 WEEKDATE29 WEEKDATX29 WEEKU11 WEEKV11 WORDDATE18 WORDDATX18 YYMM7 YYMMC7 YYMMD7 YYMMN6 YYMMP7 YYMMS7
MMYY7 MMYYS7 YYMON7 MONYY7 YYQ6 YYQR6 JULIAN7 JULDAY3 PDJULG4 PDJULI4 YEAR4 MONTH2 MONNAME9 QTR1 QTRR3 DAY2
DOWNAME9 WEEKDAY1 E8601DA10 B8601DA8 IS8601DA10 EURDFDD8 EURDFDE9 EURDFDN10 EURDFMN10 EURDFMY7 EURDFWDX20
EURDFWKX37 DEUDFDE9 FRADFWDX18 NLDATE20 NLDATEW20 NLDATEMN10 NLDATEYM HDATE9 HEBDATE16 MINGUO8 NENGO10
""")
MOMENTS = words("""
DATETIME20 DATETIME16.2 DATEAMPM22 MDYAMPM25 DTDATE9 DTMONYY7 DTWKDATX30 DTYEAR4 DTYYQC6 E8601DN10 E8601DT19
E8601DX25 E8601DZ20 E8601LX26 B8601DN8 B8601DT15 B8601DX20 B8601DZ16 IS8601DT19 NLDATM30 NLDATMD20 NLDATMAP30
EURDFDT18 DEUDFDT18
""")
TIMES = words("""
TIME5 TIME8 TIMEAMPM8 HHMM5 HOUR2 MMSS5 TOD8 E8601TM8 E8601TZ14 E8601LZ14 B8601TM6 B8601LZ11 NLTIME20
NLTIMAP10
""")


@pytest.mark.parametrize(
    ("formats", "value", "expected"),
    [(DATES, DAY, "2025-03-12"), (MOMENTS, MOMENT, "2025-03-12T08:30:00"), (TIMES, 30600.0, "08:30")],
)
def test_every_format_of_dates_and_times_gives_iso(formats, value, expected):
    assert {form: sas_texts(pd.Series([value]), form)[0] for form in formats} == dict.fromkeys(formats, expected)


@pytest.mark.parametrize("form", ["", "BEST12", "F8.2", "COMMA10", "DOLLAR8", "PERCENT8", "Z5", "YESNO", "NEGPAREN10"])
def test_a_format_of_numbers_gives_a_number(form):
    assert sas_texts(pd.Series([DAY]), form) == ["23812"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [  # SAS: put(value, yymmdd10.); SAS gives the years 4000 and 8000 no 29 February, so 31DEC9999 is 2936547
        (0, "1960-01-01"), (-1, "1959-12-31"), (-138061, "1582-01-01"), (23812.9, "2025-03-12"),
        (745153, "4000-02-28"), (745154, "4000-03-01"), (2936547, "9999-12-31"), (6589335, "20000-12-31"),
        (-138062, "-138062"), (1e12, "1000000000000"),
    ],
)  # fmt: skip
def test_days_are_counted_in_the_calendar_of_sas(days, expected):
    assert sas_texts(pd.Series([days], dtype="float64"), "YYMMDD10.") == [expected]


@pytest.mark.parametrize(
    ("seconds", "form", "expected"),
    [
        (-1.0, "DATETIME20.", "1959-12-31T23:59:59"),
        (MOMENT - 1e-7, "DATETIME20.", "2025-03-12T08:30:00"),
        (253717747199.0, "DATETIME20.", "9999-12-31T23:59:59"),
        (DAY * 86400, "DATETIME20.", "2025-03-12"),
        (30599.99999999, "TIME5.", "08:30"),
        (108000.0, "TIME8.", "30:00"),
        (-5400.0, "TIME8.", "-01:30"),
        (MOMENT, "TOD8.", "08:30"),
    ],
)
def test_seconds_are_rounded_as_shown_and_never_moved_a_minute(seconds, form, expected):
    assert sas_texts(pd.Series([seconds, None]), form) == [expected, ""]


def written(path, frame, name="AE", version=5, **formats):
    pyreadstat.write_xport(frame, str(path), table_name=name, file_format_version=version, variable_format=formats)
    return path.read_bytes()


def people(*numbers):
    return pd.DataFrame({"SUBJECT": [f"101000{n}" for n in numbers], "AGE": [40.0 + n for n in numbers]})


@pytest.mark.parametrize("version", [5, 8])
def test_all_data_sets_of_a_transport_file_are_forms(tmp_path, version):
    first = written(tmp_path / "a", people(1, 2), "DM", version)
    second = written(tmp_path / "b", people(1, 2, 3), "VS", version)
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "all.xpt").write_bytes(first + second[240:])
    delivery = open_delivery(folder)

    assert list(delivery.hashes) == ["all.xpt[DM]", "all.xpt[VS]"]
    assert [row[0] for row in delivery.read("all.xpt[VS]").rows] == ["1010001", "1010002", "1010003"]
    assert len(delivery.read("all.xpt[DM]").rows) == 2
    assert delivery.source(contract_of(CONTRACT)) == "all.xpt[VS]"


def test_letters_that_are_not_utf8_are_windows_1252_and_said(tmp_path):
    content = written(tmp_path / "x.xpt", people(1).assign(TERM="Fi_vre"))
    (tmp_path / "x.xpt").write_bytes(content.replace(b"Fi_vre", "Fièvre".encode("cp1252")))
    sheet = read_sas(tmp_path / "x.xpt")
    assert (sheet.rows[0][2], sheet.encoding, sheet.agreed_encoding) == ("Fièvre", "windows-1252", "utf-8")


def test_names_in_small_letters_are_the_fields_of_the_contract(tmp_path):
    frame = pd.DataFrame(
        {"subject": ["1010001"], "recordid": ["1"], "active": ["1"], "vsdat": [DAY], "temp": [36.6],
         "pos": ["Sitting"], "pos_std": ["SIT"]}
    )  # fmt: skip
    folder = tmp_path / "delivery"
    folder.mkdir()
    written(folder / "vs.xpt", frame, "vs", vsdat="DATE9.")
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert records.loc[0, ["_SUBJECT", "VSDAT", "TEMP", "POS_STD"]].tolist() == ["1010001", "2025-03-12", "36.6", "SIT"]
    assert set(findings["severity"]) == {"info"}


@pytest.mark.parametrize("cut", [1, 40, 80, 160])
def test_a_transport_file_that_breaks_off_has_lost_records(tmp_path, cut):
    numbers = people(*range(1, 10)).assign(TEXT="x" * 60)
    content = written(tmp_path / "x.xpt", numbers)
    (tmp_path / "x.xpt").write_bytes(content[:-cut])
    sheet = read_sas(tmp_path / "x.xpt")
    assert "ended in the middle of one" in sheet.lost[0]


def test_special_missing_values_are_missing_and_counted(tmp_path):
    content = bytearray(written(tmp_path / "x.xpt", pd.DataFrame({"AGE": [1.0, np.nan, np.nan], "N": [1.0, 2.0, 3.0]})))
    at = content.index(struct.pack(">8s", b"\x2e" + b"\0" * 7))
    content[at] = ord("A")
    (tmp_path / "x.xpt").write_bytes(bytes(content))
    sheet = read_sas(tmp_path / "x.xpt")
    assert [row[0] for row in sheet.rows] == ["1", "", ""]
    assert [(note.severity, note.column, note.value) for note in sheet.notes] == [("minor", "AGE", "1")]
