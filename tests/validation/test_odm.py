"""ODM files as they come: what they hold beside values, what stands in strange places, what is refused."""

from dataclasses import replace

import pytest
from mini_study import project
from odm_text import clinical, group, metadata, odm, page, rows, sheet, told

from pipeline.gate.validation import validate
from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form


def test_reference_data_are_a_form_of_their_own(tmp_path):
    limits = group({"IT.LO": "120"}, "IG.NR", "1") + group({"IT.LO": "130"}, "IG.NR", "2")
    text = f'<ReferenceData StudyOID="ST" MetaDataVersionOID="M1">{limits}</ReferenceData>' + clinical(
        page(group({"IT.A": "1"}))
    )
    read = sheet(tmp_path, odm(text), "NR")

    assert rows(read, "SUBJECT", "RECORDPOS", "LO") == [("", "1", "120"), ("", "2", "130")]


def test_audit_records_say_when_a_record_was_entered_and_changed(tmp_path):
    audit = "<AuditRecord><DateTimeStamp>{when}</DateTimeStamp><ReasonForChange>{why}</ReasonForChange></AuditRecord>"
    items = "".join(
        f'<ItemData ItemOID="IT.{n}" Value="1">{audit.format(when=when, why=why)}</ItemData>'
        for n, when, why in (("A", "2026-01-05T01:30:00+08:00", ""), ("B", "2026-02-01T00:00:00Z", "Query"))
    )
    read = sheet(tmp_path, odm(clinical(page(f'<ItemGroupData ItemGroupOID="IG">{items}</ItemGroupData>'))), "VS")

    assert rows(read, "CREATED", "UPDATED") == [("2026-01-04 17:30:00", "2026-02-01 00:00:00")]


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ("<LoginName>amy</LoginName><DisplayName>A. Lee</DisplayName><FullName>Amy Lee</FullName>", "Amy Lee"),
        ("<LoginName>amy</LoginName><DisplayName>A. Lee</DisplayName>", "A. Lee"),
        ("<LoginName>amy</LoginName><FirstName>Amy</FirstName><LastName>Lee</LastName>", "Amy Lee"),
        ("<LoginName>amy</LoginName>", "amy"),
        ("", "U.1"),
    ],
)
def test_audit_records_say_who_entered_and_who_changed(tmp_path, user, name):
    audit = '<AuditRecord><UserRef UserOID="{who}"/><DateTimeStamp>{when}</DateTimeStamp>{why}</AuditRecord>'
    why = "<ReasonForChange>Query</ReasonForChange>"
    entered = audit.format(who="U.1", when="2026-01-05T10:00:00", why="")
    changed = audit.format(who="U.2", when="2026-02-01T09:00:00", why=why)
    one = f'<ItemGroupData ItemGroupOID="G">{entered}{changed}<ItemData ItemOID="A" Value="1"/></ItemGroupData>'
    people = f'<AdminData StudyOID="ST"><User OID="U.1">{user}</User></AdminData>'
    read = sheet(tmp_path, odm(people + clinical(page(one))), "VS")

    assert rows(read, "CREATED", "CREATEDBY", "UPDATED", "UPDATEDBY") == [
        ("2026-01-05 10:00:00", name, "2026-02-01 09:00:00", "U.2")
    ]


def test_typed_and_empty_items_are_read(tmp_path):
    items = (
        '<ItemDataString ItemOID="IT.S"> a &amp; b </ItemDataString>'
        '<ItemDataDate ItemOID="IT.D">2026-01-05</ItemDataDate>'
        '<ItemDataInteger ItemOID="IT.I">3</ItemDataInteger><ItemData ItemOID="IT.N" IsNull="Yes"/>'
        '<ItemData ItemOID="IT.M" IsNull="Yes" Value="4"/>'
    )
    read = sheet(tmp_path, odm(clinical(page(f'<ItemGroupData ItemGroupOID="IG">{items}</ItemGroupData>'))), "VS")

    assert [tuple(c.strip() for c in r) for r in rows(read, "S", "D", "I", "N", "M")] == [
        ("a & b", "2026-01-05", "3", "", "")
    ]
    assert told(read, "column", "value") == [("M", "4")]


NESTED = f'<ItemGroupData ItemGroupOID="G"><ItemData ItemOID="IT.A" Value="1"/>{group({"IT.A": "7"})}</ItemGroupData>'


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (clinical('<ItemData ItemOID="IT.A" Value="7"/>' + page(group({"IT.A": "1"}))), "7"),
        (page(group({"IT.A": "7"})) + clinical(page(group({"IT.A": "1"}))), "7"),
        (clinical(page(group({"IT.A": "1"}) + "<v:X>" + group({"IT.A": "7"}) + "</v:X>")), "7"),
        (clinical(page(NESTED)), "7"),
    ],
)  # fmt: skip
def test_a_value_in_a_strange_place_is_said_and_not_read(tmp_path, body, value):
    read = sheet(tmp_path, odm(body), "VS")

    assert rows(read, "A") == [("1",)]
    assert ("major", value) in told(read, "severity", "value")


def test_what_no_cell_can_hold_is_said(tmp_path):
    comment = "<Annotation SeqNum='1'><Comment>seen by the monitor</Comment><Flag/></Annotation>"
    one = f'<ItemGroupData ItemGroupOID="IG"><ItemData ItemOID="IT.A" Value="1"/>{comment}</ItemGroupData>'
    text = (
        clinical(page(one))
        + '<Association StudyOID="ST"/>'
        + clinical(page(group({"IT.A": "2"}))).replace('"ST"', '"OTHER"')
    )
    found = told(sheet(tmp_path, odm(text), "VS"), "severity", "value")

    assert found == [("info", "seen by the monitor"), ("major", "ST, OTHER"), ("info", "Association (1), Flag (1)")]


def test_the_notes_reach_the_gate(tmp_path):
    specs = project(tmp_path)
    race = '<ItemData ItemOID="VS.TEMP" Value="36"/><ItemData ItemOID="VS.TEMP" Value="37"/>'
    (tmp_path / "s.xml").write_text(odm(clinical(page(f'<ItemGroupData ItemGroupOID="IG">{race}</ItemGroupData>'))))
    queries = validate(specs, open_delivery(tmp_path / "s.xml"), "2026-06-30").queries

    assert queries.loc[queries["check"] == "RAW-ODM", ["field", "value"]].to_numpy().tolist() == [["TEMP", "36; 37"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (odm("").replace("v1.3", "v2.0").replace("1.3.2", "2.0"), "is ODM 2.0"),
        ("<define/>", "no ODM: it begins with define"),
        (odm(metadata("")), "no ODM file with clinical data"),
        (odm(clinical("")), "no data of any form"),
        (odm(clinical(page("<a>" * 100_000 + "</a>" * 100_000))), "cannot be read as ODM-XML"),
        (odm(clinical(page(group({"IT.A": "x" * 11_000_000})))), "cannot be read as ODM-XML"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, text, words):
    with pytest.raises(TrialError, match=words):
        sheet(tmp_path, text, "VS")


def test_a_document_type_in_an_encoding_of_four_bytes_is_refused_too(tmp_path):
    text = odm(clinical(page(group({"IT.A": "1"})))).replace("UTF-8", "UCS-4").replace("\n", "\n<!DOCTYPE ODM>\n", 1)
    (tmp_path / "s.xml").write_bytes(text.encode("utf-32-be"))
    with pytest.raises(TrialError, match="declares a document type"):
        open_delivery(tmp_path / "s.xml")


@pytest.mark.parametrize("namespace", ["http://www.cdisc.org/ns/odm/v1.2", "https://www.cdisc.org/ns/odm/v1.3", ""])
def test_older_namespaces_and_none_are_read(tmp_path, namespace):
    text = odm(clinical(page(group({"IT.A": "1"})))).replace("http://www.cdisc.org/ns/odm/v1.3", namespace)

    assert rows(sheet(tmp_path, text, "VS"), "A") == [("1",)]


def test_a_record_is_found_by_its_line_in_a_long_file(tmp_path):
    text = odm("\n" * 70_000 + clinical(page(group({"IT.A": "1"}))))

    assert sheet(tmp_path, text, "VS").lines == [70_003]


def test_a_value_too_long_for_a_cell_is_told(tmp_path):
    read = sheet(tmp_path, odm(clinical(page(group({"IT.A": "x" * 1_000_001, "IT.B": "1"})))), "VS")

    assert rows(read, "A", "B") == [("", "1")]
    assert told(read, "severity", "column", "value") == [("major", "A", "1000001 characters")]


@pytest.mark.parametrize(
    ("transaction", "entered"), [("Insert", "2026-01-05 10:00:00"), ("Update", ""), ("Remove", "")]
)
def test_an_update_does_not_say_when_a_record_was_entered(tmp_path, transaction, entered):
    audit = "<AuditRecord><DateTimeStamp>2026-01-05T10:00:00</DateTimeStamp></AuditRecord>"
    one = f'<ItemGroupData ItemGroupOID="G" TransactionType="{transaction}">{audit}<ItemData ItemOID="A" Value="1"/>'
    read = sheet(tmp_path, odm(clinical(page(f"{one}</ItemGroupData>"))), "VS")

    assert rows(read, "CREATED", "UPDATED") == [(entered, "2026-01-05 10:00:00")]


def test_removed_records_are_left_out_though_the_contract_does_not_say_how_they_are_marked(tmp_path):
    specs = project(tmp_path)
    contract = replace(specs.contracts["VS"], inactive=None)
    gone = group({"IT.TEMP": "99"}, key="2", more='TransactionType="Remove"')
    (tmp_path / "s.xml").write_text(odm(clinical(page(group({"IT.TEMP": "36"}, key="1") + gone))))
    records, found = read_form(open_delivery(tmp_path / "s.xml"), contract, None)

    assert records["TEMP"].tolist() == ["36"]
    assert found.loc[found["check"] == "RAW-INACTIVE", "value"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("units", "expected"),
    [("11", []), ("12", [("TEMP_UNIT", "major")])],
)
def test_a_contract_that_uses_no_unit_is_warned_where_there_are_several(tmp_path, units, expected):
    specs = project(tmp_path)
    item = '<ItemData ItemOID="TEMP" Value="36"><MeasurementUnitRef MeasurementUnitOID="{}"/></ItemData>'
    groups = [
        f'<ItemGroupData ItemGroupOID="G" ItemGroupRepeatKey="{i}">{item.format(u)}</ItemGroupData>'
        for i, u in enumerate(units)
    ]
    (tmp_path / "s.xml").write_text(odm(clinical(page("".join(groups)), more='v:SubjectName="1010001"')))
    _, found = read_form(open_delivery(tmp_path / "s.xml"), specs.contracts["VS"], None)
    new = found[(found["check"] == "RAW-COLUMN") & found["message"].str.contains("not in the data dictionary")]

    assert list(zip(new["field"], new["severity"], strict=True)) == expected


def test_audit_records_named_by_their_id_tell_the_times_too(tmp_path):
    item = '<ItemDataInteger ItemOID="IT.{n}" AuditRecordID="AR.{n}">{n}</ItemDataInteger>'
    told = (
        '<AuditRecord ID="AR.{n}"><DateTimeStamp>2026-01-0{n}T08:00:00</DateTimeStamp>'
        "<ReasonForChange>{why}</ReasonForChange></AuditRecord>"
    )
    items = "".join(item.format(n=n) for n in (1, 2))
    audits = told.format(n=1, why="") + told.format(n=2, why="Query")
    text = clinical(page(f'<ItemGroupData ItemGroupOID="G">{items}</ItemGroupData>'))
    text = text.replace("</SubjectData>", f"</SubjectData><AuditRecords>{audits}</AuditRecords>")

    assert rows(sheet(tmp_path, odm(text), "VS"), "1", "2", "CREATED", "UPDATED") == [
        ("1", "2", "2026-01-01 08:00:00", "2026-01-02 08:00:00")
    ]
