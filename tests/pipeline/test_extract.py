"""Reading a delivery: what is used, what is left out, and what is said about it."""

import pytest
from mini_extract import CONTRACT, HEADER, ROW, csv_bytes, deliver

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.study.contracts import contract_of

ROSTER = frozenset({"1010001", "1010002"})


def cell(**changes):
    return [changes.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


def read(tmp_path, content, contract=CONTRACT, **manifest):
    folder = deliver(tmp_path / "2026-06-30", {"VS.csv": content}, **manifest)
    return read_form(open_delivery(folder), contract_of(contract), ROSTER)


def checks(findings):
    return sorted(zip(findings["check"], findings["severity"], strict=True))


def test_a_clean_form_is_read_without_a_finding(tmp_path):
    records, findings = read(tmp_path, csv_bytes([HEADER, ROW]))

    assert len(findings) == 0
    assert records.loc[0, ["_SUBJECT", "_FORM", "_FILE", "_LINE", "_RECORD"]].tolist() == [
        "1010001",
        "VS",
        "VS.csv",
        2,
        "1",
    ]


@pytest.mark.parametrize(
    ("rows", "left", "expected"),
    [
        ([ROW, cell(RECORDID="2", ACTIVE="0")], 1, [("RAW-INACTIVE", "info")]),
        ([ROW, ROW], 1, [("RAW-DUPLICATE", "major")]),
        ([ROW, cell(TEMP="39.9")], 1, [("RAW-DUPLICATE", "critical")]),
        ([ROW, cell(SUBJECT="1010002")], 2, []),  # one number, two subjects: both are real (ALL-ID-TWO-SUBJECTS)
        ([ROW, cell(SUBJECT="9990001", RECORDID="2")], 1, [("RAW-SUBJECT", "critical")]),
        ([ROW, cell(SUBJECT=" ", RECORDID="2")], 1, [("RAW-SUBJECT", "critical")]),
        ([cell(ACTIVE="0")], 0, [("RAW-EMPTY", "major"), ("RAW-INACTIVE", "info")]),
        ([], 0, [("RAW-EMPTY", "major")]),
    ],
)
def test_what_cannot_be_used_is_left_out_and_said(tmp_path, rows, left, expected):
    records, findings = read(tmp_path, csv_bytes([HEADER, *rows]))

    assert len(records) == left
    assert checks(findings) == expected


@pytest.mark.parametrize("broken", [["1010001", "2", "1", "3 JU"], [*cell(RECORDID="2"), "more"]])
def test_a_broken_line_stops_an_essential_form_and_is_left_out_of_a_supportive_one(tmp_path, broken):
    content = csv_bytes([HEADER, ROW, broken])
    with pytest.raises(TrialError, match=r"1 of 2 lines of VS.csv does not fit its header of 7 cells") as error:
        read(tmp_path, content)
    records, findings = read(tmp_path, content, CONTRACT | {"need": "supportive"})

    assert error.value.where == "VS.csv, line 3"
    assert (len(records), checks(findings), list(findings["record"])) == (1, [("RAW-BROKEN", "critical")], ["line 3"])


@pytest.mark.parametrize("roster", [ROSTER, None])  # None: this form is the one that says who the subjects are
def test_a_record_without_a_subject_is_named_by_file_and_line(tmp_path, roster):
    folder = deliver(tmp_path / "x", {"VS.csv": csv_bytes([HEADER, ROW, cell(SUBJECT="  ", RECORDID="2")])})
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), roster)

    said = "The subject is blank in VS.csv, line 3; the record is left out. Enter the subject's number."
    assert (len(records), list(findings["message"])) == (1, [said])
    assert findings[["check", "record", "field"]].to_numpy().tolist() == [["RAW-SUBJECT", "2", "SUBJECT"]]


def test_of_two_versions_of_a_record_the_last_one_stays(tmp_path):
    records, _ = read(tmp_path, csv_bytes([HEADER, ROW, cell(TEMP="39.9")]))

    assert records["TEMP"].tolist() == ["39.9"]


def test_a_line_number_counts_lines_of_the_file(tmp_path):
    two_lines = cell(POS="Sit\nting")
    records, _ = read(tmp_path, csv_bytes([HEADER, two_lines, cell(RECORDID="2")]))

    assert records["_LINE"].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ([*HEADER[:4], "TEMPERATURE", *HEADER[5:]], [("RAW-COLUMN", "major"), ("RAW-COLUMN", "minor")]),
        ([*HEADER[:6], "POS_CODE"], [("RAW-COLUMN", "major"), ("RAW-COLUMN", "minor")]),
    ],
)
def test_a_renamed_column_is_a_finding_and_its_values_are_missing(tmp_path, header, expected):
    records, findings = read(tmp_path, csv_bytes([header, ROW]))

    assert checks(findings) == expected
    assert records[["TEMP", "POS_STD"]].isna().any(axis=None)


def test_columns_in_another_order_are_read_by_name(tmp_path):
    records, findings = read(tmp_path, csv_bytes([HEADER[::-1], ROW[::-1]]))

    assert records["TEMP"].tolist() == ["36.6"]
    assert checks(findings) == [("RAW-ORDER", "info")]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (
            [[n for n in HEADER if n != "VSDAT"], [v for n, v in zip(HEADER, ROW, strict=True) if n != "VSDAT"]],
            "The column VSDAT is missing",
        ),
        ([[*HEADER[:6], "POS"], ROW], "The column POS stands twice"),
    ],
)
def test_a_header_no_analysis_can_live_with_stops_the_run(tmp_path, rows, what):
    with pytest.raises(TrialError, match=what) as error:
        read(tmp_path, csv_bytes(rows))

    assert "VS.csv" in error.value.where
    assert error.value.cure


def test_an_empty_essential_file_stops_the_run(tmp_path):
    with pytest.raises(TrialError):
        read(tmp_path, b"")


def test_a_missing_essential_form_stops_the_run_and_a_supportive_one_does_not(tmp_path):
    folder = deliver(tmp_path / "x", {"DM.csv": b"SUBJECT\n1010001\n"})
    with pytest.raises(TrialError, match="The form VS is missing"):
        read_form(open_delivery(folder), contract_of(CONTRACT), ROSTER)

    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT | {"need": "supportive"}), ROSTER)

    assert len(records) == 0
    assert "TEMP" in records
    assert checks(findings) == [("RAW-FORM", "major")]


def test_a_file_that_is_not_the_promised_one_is_a_critical_finding(tmp_path):
    promised = [{"file": "VS.csv", "rows": 7, "sha256": "0"}]
    _, findings = read(tmp_path, csv_bytes([HEADER, ROW]), files=promised)

    assert checks(findings) == [("RAW-MANIFEST", "critical")]
    assert "1 records instead of 7 and another SHA-256" in findings.loc[0, "message"]


@pytest.mark.parametrize(("encoding", "named"), [("cp1252", "windows-1252"), ("utf-16", "utf-16")])
def test_another_encoding_is_read_and_said(tmp_path, encoding, named):
    text = csv_bytes([HEADER, cell(POS="sit \u00e0 c\u00f4t\u00e9")]).decode()
    records, findings = read(tmp_path, text.encode(encoding))

    assert records["POS"].tolist() == ["sit \u00e0 c\u00f4t\u00e9"]
    assert [c for c in checks(findings) if c[0] == "RAW-ENCODING"] == [("RAW-ENCODING", "major")]
    assert findings.loc[findings["check"] == "RAW-ENCODING", "value"].tolist() == [named]


def test_a_vendor_subject_is_translated_and_a_misspelt_one_is_a_finding(tmp_path):
    contract = CONTRACT | {"subject": {"column": "SUBJECT", "pattern": r"IA-(?P<site>\d{3})-(?P<number>\d{4})"}}
    rows = [HEADER, cell(SUBJECT="IA-101-0002"), cell(SUBJECT="IA-101-O002", RECORDID="2")]
    records, findings = read(tmp_path, csv_bytes(rows), contract)

    assert records["_SUBJECT"].tolist() == ["1010002"]
    assert findings["value"].tolist() == ["IA-101-O002"]
    assert findings["field"].tolist() == ["SUBJECT"]


def test_a_field_of_a_later_crf_version_is_not_missed_in_an_earlier_one(tmp_path):
    fields = CONTRACT["fields"] | {"NEW": {"type": "text", "since": "2.0"}}
    _, before = read(tmp_path, csv_bytes([HEADER, ROW]), CONTRACT | {"fields": fields}, crf_version="1.0")
    _, after = read(tmp_path, csv_bytes([HEADER, ROW]), CONTRACT | {"fields": fields}, crf_version="2.0")

    assert len(before) == 0
    assert after["field"].tolist() == ["NEW"]
