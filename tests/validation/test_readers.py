"""Other deliveries: zip, SAS7BDAT, XPT, Parquet and ODM-XML give the same text cells, and hostile ones are refused."""

import struct
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from mini_study import files, project, vital

from pipeline.gate.validation import validate
from pipeline.ground.faults import TrialError
from pipeline.intake.delivered import delivered
from pipeline.intake.delivery import open_delivery
from pipeline.intake.manifest import Manifest
from pipeline.readers.column import number, texts
from pipeline.readers.sas_dates import sas_texts

ROWS = [vital("1", "36.5"), vital("2", "99", note='said "warm", shivering')]


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("folder", ["", "2026-01-31/"])
def test_a_zip_of_csv_is_read_as_its_folder(tmp_path, folder):
    specs = project(tmp_path)
    members = {folder + n: c for n, c in files(ROWS).items()} | {
        f"{folder}manifest.json": b'{"data_cutoff": "2026-01-31"}'
    }
    delivery = open_delivery(zipped(tmp_path / "june.zip", members))

    assert delivery.cutoff == "2026-01-31"
    assert delivered(delivery, specs)["VS"].records["TEMP"].tolist() == ["36.5", "99"]
    queries = validate(specs, delivery, delivery.cutoff).queries
    assert queries.loc[queries["check"] == "RAW-RANGE", "record"].tolist() == ["2"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../VS.csv", "points out of the archive"),
        ("/etc/VS.csv", "points out of the archive"),
        ("a/../../VS.csv", "points out of the archive"),
        ("C:\\VS.csv", "points out of the archive"),
        ("sub\\..\\VS.csv", "points out of the archive"),
    ],
)
def test_a_path_that_leaves_the_archive_is_refused(tmp_path, name, said):
    with pytest.raises(TrialError, match=said):
        open_delivery(zipped(tmp_path / "x.zip", {name: b"A\n1\n"}))


def test_a_link_in_an_archive_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    entry = zipfile.ZipInfo("VS.csv")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(TrialError, match="is a link"):
        open_delivery(path)


def test_an_archive_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    with pytest.raises(TrialError, match="would unpack to"):
        open_delivery(zipped(tmp_path / "x.zip", {"VS.csv": b"0" * 5_000_000}))


def test_two_files_that_would_be_one_are_refused(tmp_path):
    with pytest.raises(TrialError, match="twice"):
        open_delivery(zipped(tmp_path / "x.zip", {"a/VS.csv": b"A\n1\n", "b/vs.csv": b"A\n2\n"}))


def test_an_encrypted_or_broken_archive_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {"VS.csv": b"A\n1\n"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(TrialError, match="is encrypted"):
        open_delivery(path)
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(TrialError, match="cannot be read as a zip"):
        open_delivery(path)


def test_a_damaged_entry_is_an_error_in_plain_words(tmp_path):
    path = zipped(tmp_path / "x.zip", {"VS.csv": b"A,B\n" + b"1,2\n" * 500})
    content = bytearray(path.read_bytes())
    content[45:55] = b"\xff" * 10
    path.write_bytes(content)
    with pytest.raises(TrialError, match="cannot be read as a zip"):
        open_delivery(path)


FRAME = pd.DataFrame({
    "SUBJECT": ["1010001", "1010002", "1010003"], "RECORDID": ["1", "2", "3"], "TEMP": [36.5, float("nan"), 37.0],
    "COUNT": [1.0, 2e-7, 1234567890.0], "VSDAT": [24114.0, float("nan"), 24115.0],
    "VSTIM": [29400.0, 0.0, float("nan")],
    "NOTE": ["warm", "", "ça va"],
})  # fmt: skip
# 24114 days after 1 January 1960 is 8 January 2026; 29400 s after midnight is 08:10.
TEXT = [
    ["1010001", "1", "36.5", "1", "2026-01-08", "08:10", "warm"],
    ["1010002", "2", "", "0.0000002", "", "00:00", ""],
    ["1010003", "3", "37", "1234567890", "2026-01-09", "", "ça va"],
]


def test_xpt_is_read_as_text_with_dates_and_times_by_their_format(tmp_path):
    formats = {"VSDAT": "DATE9.", "VSTIM": "TIME5."}
    pyreadstat.write_xport(
        FRAME, str(tmp_path / "vs.xpt"), table_name="VS", file_format_version=5, variable_format=formats
    )
    sheet = open_delivery(tmp_path).read("vs.xpt")

    assert sheet.header == list(FRAME.columns)
    assert sheet.rows == TEXT


def test_a_form_goes_by_its_name_in_every_kind_of_file(tmp_path):
    specs = project(tmp_path)
    folder = tmp_path / "delivery"
    folder.mkdir()
    FRAME[["SUBJECT", "RECORDID", "TEMP"]].to_parquet(folder / "vs.parquet")
    delivery = open_delivery(folder)

    assert delivery.source(specs.contracts["VS"]) == "vs.parquet"
    assert delivered(delivery, specs)["VS"].records["TEMP"].tolist() == ["36.5", "", "37"]


@pytest.mark.parametrize(("column", "expected"), [
    (pa.array([2**64 - 1, None, 7], pa.uint64()), ["18446744073709551615", "", "7"]),
    (pa.array(["a", None, " b "]).dictionary_encode(), ["a", "", " b "]),
    (pa.array([5, None, 5]).dictionary_encode(), ["5", "", "5"]),
    (pa.array([1.0, None, 2.5]), ["1", "", "2.5"]),
    (pa.array(["2025-03-12", "NA", ""], pa.large_string()), ["2025-03-12", "NA", ""]),
])  # fmt: skip
def test_each_kind_of_a_parquet_column_is_text_as_typed(column, expected, tmp_path):
    pq.write_table(pa.table({"A": column}), tmp_path / "vs.parquet")

    assert open_delivery(tmp_path).read("vs.parquet").rows == [[text] for text in expected]


def test_parquet_is_read_as_text(tmp_path):
    frame = pd.DataFrame({
        "A": ["x", None], "N": [1, 2], "D": pd.to_datetime(["2026-01-08", None]),
        "T": pd.to_datetime(["2026-01-08 10:00", None]),
        "B": [True, False], "C": pd.Categorical(["u", None]), "NA": ["NA", "None"],
    })  # fmt: skip
    frame.to_parquet(tmp_path / "vs.parquet")
    sheet = open_delivery(tmp_path).read("vs.parquet")

    assert sheet.rows == [
        ["x", "1", "2026-01-08", "2026-01-08T10:00:00", "TRUE", "u", "NA"],
        ["", "2", "", "", "FALSE", "", "None"],
    ]


def test_nested_columns_and_broken_files_are_refused(tmp_path):
    pd.DataFrame({"A": [[1, 2], [3]]}).to_parquet(tmp_path / "nested.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"\0" * 20 + b"PAR1")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1" + b"\0" * 20)
    (tmp_path / "broken.sas7bdat").write_bytes(struct.pack("<32s", b"\0" * 12 + b"\xc2\xea\x81\x60") + b"\0" * 2000)
    (tmp_path / "broken.xpt").write_bytes(b"HEADER RECORD*******LIBRARY HEADER" + b"\xff" * 200)
    (tmp_path / "short.xpt").write_bytes(b"")
    delivery = open_delivery(tmp_path)
    for name in ("nested.parquet", "broken.parquet", "cut.parquet", "broken.sas7bdat", "broken.xpt", "short.xpt"):
        with pytest.raises(TrialError) as refused:
            delivery.read(name)
        assert refused.value.what.endswith(".") and not refused.value.what.endswith(".."), refused.value.what


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (2.5e-9, "0.0000000025"),
        (-3.0, "-3"),
        (0.0, "0"),
    ],
)
def test_a_number_is_written_as_typed(value, text):
    assert number(value) == text


def test_sas_formats_decide_what_a_number_is():
    column = pd.Series([24114.5, None])

    assert sas_texts(column, "BEST12.") == ["24114.5", ""]
    assert sas_texts(pd.Series([24114.0]), "YYMMDD10.") == ["2026-01-08"]
    assert sas_texts(pd.Series([24114.0 * 86400 + 60]), "DATETIME20.") == ["2026-01-08T00:01:00"]
    assert texts(pd.Series(["a", None, ""], dtype="str")) == ["a", "", ""]


ODM = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" CreationDateTime="2026-02-01T06:00:00"
     FileType="Snapshot" ODMVersion="1.3.2" FileOID="x">
 <Study OID="MINI"><MetaDataVersion OID="1" Name="1">
  <ItemDef OID="I.POS" Name="POS" DataType="text"><CodeListRef CodeListOID="CL.POS"/></ItemDef>
  <ItemDef OID="I.1" Name="Temperature" SASFieldName="TEMP" DataType="float"/>
  <CodeList OID="CL.POS" Name="POS" DataType="text">
   <CodeListItem CodedValue="SIT"><Decode><TranslatedText>Sitting</TranslatedText></Decode></CodeListItem></CodeList>
 </MetaDataVersion></Study>
 <ClinicalData StudyOID="MINI" MetaDataVersionOID="1">
  <SubjectData SubjectKey="1010001"><SiteRef LocationOID="101"/>
   <StudyEventData StudyEventOID="SE.D1" StudyEventRepeatKey="2">
    <FormData FormOID="F.VS" FormRepeatKey="1">
     <ItemGroupData ItemGroupOID="IG.HEAD" ItemGroupRepeatKey="@">
      <ItemData ItemOID="VS.VSDAT" Value="08 JAN 2026"/></ItemGroupData>
     <ItemGroupData ItemGroupOID="IG.VS" ItemGroupRepeatKey="1">
      <ItemData ItemOID="I.1" Value="36.5"/><ItemData ItemOID="I.POS" Value="SIT"/></ItemGroupData>
     <ItemGroupData ItemGroupOID="IG.VS" ItemGroupRepeatKey="2" TransactionType="Remove">
      <ItemData ItemOID="I.1" Value="{value}"/></ItemGroupData>
    </FormData>
   </StudyEventData>
  </SubjectData>
 </ClinicalData>
</ODM>"""


def odm(path: Path, value: str = "99", doctype: str = "") -> Path:
    path.write_text(ODM.format(value=value, doctype=doctype), encoding="utf-8")
    return path


def test_odm_keeps_all_keys_decodes_and_shared_items(tmp_path):
    delivery = open_delivery(odm(tmp_path / "snapshot.xml"))
    sheet = delivery.read("snapshot.xml[VS]")
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]

    assert delivery.manifest == Manifest(extracted="2026-02-01")
    assert rows[0] == {
        "STUDY": "MINI", "SITE": "101", "SUBJECT": "1010001", "FOLDER": "D1", "FOLDERSEQ": "2", "FORM": "VS",
        "RECORDPOS": "1",
        "RECORDID": "1010001/D1/2/VS/1/1", "ACTIVE": "1", "CREATED": "", "UPDATED": "", "VSDAT": "08 JAN 2026",
        "TEMP": "36.5",
        "POS": "Sitting", "POS_STD": "SIT",
    }  # fmt: skip
    assert (rows[1]["RECORDPOS"], rows[1]["ACTIVE"], rows[1]["VSDAT"], rows[1]["TEMP"]) == (
        "2",
        "0",
        "08 JAN 2026",
        "99",
    )
    assert sheet.lines == [16, 18]


def test_odm_is_validated_like_any_extract(tmp_path):
    specs = project(tmp_path)
    text = ODM.format(value="99", doctype="").replace(' TransactionType="Remove"', "")
    (tmp_path / "snapshot.xml").write_text(text)
    queries = validate(specs, open_delivery(tmp_path / "snapshot.xml"), "2026-02-01").queries

    assert queries.loc[queries["check"] == "RAW-RANGE", ["record", "field", "value"]].to_numpy().tolist() == [
        ["1010001/D1/2/VS/1/2", "TEMP", "99"]
    ]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE ODM [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE ODM [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE ODM SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_declared_entities_are_refused(tmp_path, doctype):
    with pytest.raises(TrialError, match="declares a document type or entities"):
        open_delivery(odm(tmp_path / "snapshot.xml", "&x;", doctype))


@pytest.mark.parametrize("content", [b"<ODM", b"<a/>", b"", "<ODM>\x00</ODM>".encode("utf-16")])
def test_what_is_no_odm_is_refused_in_plain_words(tmp_path, content):
    (tmp_path / "snapshot.xml").write_bytes(content)
    with pytest.raises(TrialError):
        open_delivery(tmp_path / "snapshot.xml")


def test_another_xml_file_beside_the_data_is_a_file_nobody_agreed_on(tmp_path):
    specs = project(tmp_path)
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, content in files(ROWS).items():
        (folder / name).write_bytes(content)
    (folder / "define.xml").write_text("<a/>")
    queries = validate(specs, open_delivery(folder), "2026-01-31").queries

    assert queries.loc[queries["check"] == "RAW-FILE", "form"].tolist() == ["define.xml"]


def test_a_huge_field_is_refused_in_plain_words(tmp_path):
    (tmp_path / "VS.csv").write_bytes(b"A\n" + b"x" * 1_500_000 + b"\n")
    with pytest.raises(TrialError, match="field larger than"):
        open_delivery(tmp_path).read("VS.csv")


def test_a_file_of_another_kind_is_named(tmp_path):
    (tmp_path / "VS.csv").write_bytes(b"A\n1\n")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    with pytest.raises(TrialError, match="no kind of file"):
        open_delivery(tmp_path).read("scan.pdf")
