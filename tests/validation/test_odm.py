"""ODM snapshots: a value is known by its whole key, and nothing is overwritten in silence."""

import pytest
from mini_study import project
from odm_text import clinical, group, metadata, odm, page, rows, sheet, told

from pipeline.delivery import open_delivery
from pipeline.ground.faults import TrialError
from pipeline.validation.run import validate

ITEM = '<ItemDef OID="{oid}" Name="{name}" DataType="text">{inside}</ItemDef>'
LISTED = '<CodeListRef CodeListOID="CL.R"/>'


def code_list(*items: str) -> str:
    """A code list CL.R of items `code=decode`, or `code=decode|en=decode` by language."""
    found = ""
    for item in items:
        code, _, decodes = item.partition(": ")
        texts = [text.partition("=") for text in decodes.split("|")]
        told = "".join(
            f'<TranslatedText xml:lang="{lang}">{text}</TranslatedText>'
            if equals
            else f"<TranslatedText>{lang}</TranslatedText>"
            for lang, equals, text in texts
        )
        found += f'<CodeListItem CodedValue="{code}"><Decode>{told}</Decode></CodeListItem>'
    return f'<CodeList OID="CL.R" Name="R" DataType="text">{found}</CodeList>'


def test_repeating_groups_with_items_of_one_name_stay_records_of_their_own(tmp_path):
    text = page(
        group({"IT.BP.VSORRES": "120"}, "IG.BP", "1")
        + group({"IT.BP.VSORRES": "125"}, "IG.BP", "2")
        + group({"IT.TMP.VSORRES": "38.4"}, "IG.TMP", "1")
    )
    read = sheet(tmp_path, odm(clinical(text)), "VS")

    assert rows(read, "ITEMGROUP", "RECORDPOS", "VSORRES") == [
        ("BP", "1", "120"),
        ("BP", "2", "125"),
        ("TMP", "1", "38.4"),
    ]
    assert len(set(rows(read, "RECORDID"))) == 3


def test_sections_of_one_form_with_one_key_are_one_record(tmp_path):
    sections = group({"age": "55"}, "dm.a", "1") + group({"sex": "F"}, "dm.b", "1") + group({"done": "2"}, "dm.c", "1")
    text = f'<FormData FormOID="Form.dm" FormRepeatKey="1">{sections}</FormData>'  # without an event, as REDCap has it
    read = sheet(tmp_path, odm(clinical(text, "7")), "dm")

    assert rows(read, "SUBJECT", "RECORDPOS", "RECORDID", "age", "sex", "done") == [
        ("7", "1", "7/dm/1/1", "55", "F", "2")
    ]


def test_the_head_of_a_form_is_brought_onto_each_of_its_lines(tmp_path):
    head, lines = group({"IT.VSDAT": "2026-01-05"}, "IG.HEAD"), [group({"IT.TEMP": t}, key=k) for k, t in ("1a", "2b")]
    read = sheet(tmp_path, odm(clinical(page(head + "".join(lines)))), "VS")

    assert rows(read, "RECORDPOS", "VSDAT", "TEMP") == [("1", "2026-01-05", "a"), ("2", "2026-01-05", "b")]


def test_a_head_outlives_its_removed_lines(tmp_path):
    lines = "".join(group({"IT.TEMP": "36"}, key=key, more='TransactionType="Remove"') for key in "12")
    read = sheet(tmp_path, odm(clinical(page(group({"IT.VSDAT": "2026-01-05"}, "IG.HEAD") + lines))), "VS")

    assert rows(read, "ACTIVE", "RECORDPOS", "VSDAT", "TEMP") == [
        ("1", "0", "2026-01-05", ""), ("0", "1", "2026-01-05", "36"), ("0", "2", "2026-01-05", "36"),
    ]  # fmt: skip


def test_a_removed_section_takes_none_of_the_others_with_it(tmp_path):
    gone = group({"IT.MRD": "neg"}, "IG.MRD", more='TransactionType="Remove"')
    read = sheet(tmp_path, odm(clinical(page(group({"IT.RESP": "CR"}, "IG.RS") + gone, "F.RS"))), "RS")

    assert rows(read, "ACTIVE", "RESP", "MRD") == [("1", "CR", ""), ("0", "", "neg")]


def test_items_whose_last_parts_are_alike_go_by_the_shortest_names_that_tell_them_apart(tmp_path):
    items = {"IT.VS.SYSBP.ORRES": "120", "IT.VS.DIABP.ORRES": "80", "IT.VS.POS": "SIT", "IT.VS.SITE": "arm"}
    read = sheet(tmp_path, odm(clinical(page(group(items)))), "VS")

    assert rows(read, "SYSBP_ORRES", "DIABP_ORRES", "POS", "SITE", "VS_SITE") == [("120", "80", "SIT", "101", "arm")]


def test_an_item_chosen_several_times_keeps_all_its_values(tmp_path):
    race = '<ItemData ItemOID="IT.RACE" Value="WHITE"/><ItemData ItemOID="IT.RACE" Value="ASIAN"/>'
    one = f'<ItemGroupData ItemGroupOID="IG.DM">{race}</ItemGroupData>'
    read = sheet(tmp_path, odm(clinical(page(one, "F.DM"))), "DM")

    assert rows(read, "RACE") == [("WHITE; ASIAN",)]
    assert told(read, "check", "column", "value") == [("RAW-ODM", "RACE", "WHITE; ASIAN")]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ({"IT.A": "1", "IT.B": "2"}, [("1", "2")]),  # says more, contradicts nothing
        ({"IT.A": "3"}, [("1", ""), ("3", "")]),  # two records of one id: the gate finds them
    ],
)
def test_a_key_that_stands_twice_overwrites_nothing(tmp_path, again, expected):
    text = clinical(page(group({"IT.A": "1"}, key="1"))) + clinical(page(group(again, key="1")))

    assert rows(sheet(tmp_path, odm(text), "VS"), "A", "B") == expected


def test_repeats_without_keys_are_numbered_and_said(tmp_path):
    read = sheet(tmp_path, odm(clinical(page(group({"IT.A": "x"}) + group({"IT.A": "y"})))), "VS")

    assert rows(read, "RECORDPOS", "A") == [("1", "x"), ("2", "y")]
    assert len(set(rows(read, "RECORDID"))) == 2
    assert told(read, "check", "severity", "value") == [("RAW-ODM", "minor", "1")]


def test_each_version_explains_its_own_data(tmp_path):
    item = ITEM.format(oid="IT.R", name="OVR", inside=LISTED)
    first = metadata(item + code_list("1: Related", "2: Not related"), "M1")
    second = metadata(item + code_list("1: Not related", "2: Probably related"), "M2")
    data = [clinical(page(group({"IT.R": "2"}), event=f"SE.{v}"), version=v) for v in ("M1", "M2")]
    read = sheet(tmp_path, odm(first + second + "".join(data)), "VS")

    assert rows(read, "MDVOID", "OVR", "OVR_STD") == [("M1", "Not related", "2"), ("M2", "Probably related", "2")]
    assert [name for name in read.header if name.startswith("OVR")] == ["OVR", "OVR_STD"]


def test_records_of_one_key_under_two_versions_are_both_kept_under_two_ids(tmp_path):
    data = [clinical(page(group({"IT.A": v})), version=v) for v in ("M1", "M2")]
    read = sheet(tmp_path, odm("".join(data)), "VS")

    assert rows(read, "RECORDID", "A") == [("1010001/SCR/1/VS/1/1", "M1"), ("1010001/SCR/1/VS/1/1/M2", "M2")]


def test_a_version_that_is_not_there_decodes_nothing(tmp_path):
    item = ITEM.format(oid="IT.R", name="OVR", inside=LISTED)
    read = sheet(
        tmp_path,
        odm(metadata(item + code_list("1: Related")) + clinical(page(group({"IT.R": "1"})), version="M9")),
        "VS",
    )

    assert rows(read, "R") == [("1",)]
    assert ("RAW-ODM", "major", "M9") in told(read, "check", "severity", "value")


def test_an_included_version_is_heard(tmp_path):
    first = metadata(ITEM.format(oid="IT.R", name="OVR", inside=LISTED) + code_list("1: Related"), "M1")
    second = metadata('<Include StudyOID="ST" MetaDataVersionOID="M1"/>', "M2")
    read = sheet(tmp_path, odm(first + second + clinical(page(group({"IT.R": "1"})), version="M2")), "VS")

    assert rows(read, "OVR") == [("Related",)]


@pytest.mark.parametrize(
    ("decodes", "expected"),
    [
        (("1: zh=男|en=Male", "2: en=Female|zh=女"), ["Male", "Female"]),  # the order is nobody's business
        (("1: zh=男|en-US=Male", "2: en-US=Female"), ["Male", "Female"]),
        (("1: zh=男", "2: zh=女"), ["男", "女"]),  # no English at all
        (("1: zh=男|en=Male", "2: zh=女"), ["Male", "2"]),  # never a mixture
        (("1: Male", "2: Female"), ["Male", "Female"]),
    ],
)
def test_decodes_come_in_one_language(tmp_path, decodes, expected):
    defined = metadata(ITEM.format(oid="IT.SEX", name="SEX", inside=LISTED) + code_list(*decodes))
    data = "".join(clinical(page(group({"IT.SEX": code})), subject=code) for code in ("1", "2"))
    read = sheet(tmp_path, odm(defined + data), "VS")

    assert [row[0] for row in rows(read, "SEX")] == expected
    assert rows(read, "SEX_STD") == [("1",), ("2",)]


UNITS = (
    '<MeasurementUnit OID="MU.1" Name="g/dL"/><MeasurementUnit OID="MU.2" Name="x">'
    '<Symbol><TranslatedText xml:lang="en">g/L</TranslatedText></Symbol></MeasurementUnit>'
)


@pytest.mark.parametrize(
    ("possible", "named", "expected"),
    [("12", "1", "g/dL"), ("12", "2", "g/L"), ("2", "", "g/L"), ("12", "", ""), ("", "9", "MU.9")],
)
def test_the_unit_stands_beside_the_value(tmp_path, possible, named, expected):
    refs = "".join(f'<MeasurementUnitRef MeasurementUnitOID="MU.{n}"/>' for n in possible)
    own = f'<MeasurementUnitRef MeasurementUnitOID="MU.{named}"/>' if named else ""
    data = f'<ItemGroupData ItemGroupOID="IG"><ItemData ItemOID="IT.HGB" Value="9.5">{own}</ItemData></ItemGroupData>'
    text = metadata(ITEM.format(oid="IT.HGB", name="HGB", inside=refs), units=UNITS) + clinical(page(data, "F.LB"))
    read = sheet(tmp_path, odm(text), "LB")

    assert rows(read, "HGB", "HGB_UNIT") == [("9.5", expected)]
    assert bool(read.notes) == (expected == "")


@pytest.mark.parametrize("name", ["SubjectName", "StudySubjectID", "SubjectID"])
def test_the_vendors_number_is_the_subject_everywhere(tmp_path, name):
    blocks = clinical(page(group({"IT.A": "1"})), "e983f330", f'v:{name}="010-1"')
    blocks += clinical(page(group({"IT.A": "2"}), event="SE.D1"), "e983f330")  # not said a second time
    read = sheet(tmp_path, odm(blocks), "VS")

    assert rows(read, "SUBJECT", "SUBJECTKEY") == [("010-1", "e983f330")] * 2


def test_reference_data_are_a_form_of_their_own(tmp_path):
    limits = group({"IT.LO": "120"}, "IG.NR", "1") + group({"IT.LO": "130"}, "IG.NR", "2")
    text = f'<ReferenceData StudyOID="ST" MetaDataVersionOID="M1">{limits}</ReferenceData>' + clinical(
        page(group({"IT.A": "1"}))
    )
    read = sheet(tmp_path, odm(text), "NR")

    assert rows(read, "SUBJECT", "RECORDPOS", "LO") == [("", "1", "120"), ("", "2", "130")]


@pytest.mark.parametrize(
    ("oid", "form"),
    [("F.AE", "AE"), ("AE", "AE"), ("F_AE_V10", "AE"), ("F_AE_V1_2", "AE"), ("F.AE.V2", "AE"), ("F.12", "12")],
)
def test_a_form_goes_by_its_name_without_its_version(tmp_path, oid, form):
    assert rows(sheet(tmp_path, odm(clinical(page(group({"IT.A": "1"}), oid))), form), "FORM") == [(form,)]


def test_versions_of_a_form_are_one_sheet_and_other_forms_are_not(tmp_path):
    forms = ("F_AE_V10", "F_AE_V20", "LOG.AE")
    data = "".join(clinical(page(group({"IT.A": form}, f"IG.{form}"), form)) for form in forms)
    (tmp_path / "snapshot.xml").write_text(odm(data))
    delivery = open_delivery(tmp_path / "snapshot.xml")

    assert {name: len(delivery.read(name).rows) for name in delivery.hashes} == {
        "snapshot.xml[AE]": 2, "snapshot.xml[LOG_AE]": 1,
    }  # fmt: skip


def test_audit_records_say_when_a_record_was_entered_and_changed(tmp_path):
    audit = "<AuditRecord><DateTimeStamp>{when}</DateTimeStamp><ReasonForChange>{why}</ReasonForChange></AuditRecord>"
    items = "".join(
        f'<ItemData ItemOID="IT.{n}" Value="1">{audit.format(when=when, why=why)}</ItemData>'
        for n, when, why in (("A", "2026-01-05T01:30:00+08:00", ""), ("B", "2026-02-01T00:00:00Z", "Query"))
    )
    read = sheet(tmp_path, odm(clinical(page(f'<ItemGroupData ItemGroupOID="IG">{items}</ItemGroupData>'))), "VS")

    assert rows(read, "CREATED", "UPDATED") == [("2026-01-04 17:30:00", "2026-02-01 00:00:00")]


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


def test_a_form_that_is_planned_and_has_no_data_is_an_empty_sheet(tmp_path):
    defined = metadata(
        '<FormDef OID="F.DT" Name="Death" Repeating="No"><ItemGroupRef ItemGroupOID="IG.DT"/></FormDef>'
        '<ItemGroupDef OID="IG.DT" Name="DT" Repeating="No"><ItemRef ItemOID="IT.DTHDAT"/></ItemGroupDef>'
    )
    read = sheet(tmp_path, odm(defined + clinical(page(group({"IT.A": "1"})))), "DT")

    assert (read.rows, read.header[-1]) == ([], "DTHDAT")


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
    text = clinical(page(one)) + '<Association StudyOID="ST"/>' + clinical("").replace('"ST"', '"OTHER"')
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
        (odm(clinical(page("<a>" * 100_000 + "</a>" * 100_000))), "cannot be read as ODM-XML"),
        (odm(clinical(page(group({"IT.A": "x" * 11_000_000})))), "cannot be read as ODM-XML"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, text, words):
    with pytest.raises(TrialError, match=words):
        sheet(tmp_path, text, "VS")


def test_a_document_type_in_an_encoding_of_four_bytes_is_refused_too(tmp_path):
    text = odm(clinical("")).replace("UTF-8", "UTF-32").replace("\n", "\n<!DOCTYPE ODM>\n", 1)
    (tmp_path / "s.xml").write_bytes(text.encode("utf-32"))
    with pytest.raises(TrialError):
        open_delivery(tmp_path / "s.xml")


@pytest.mark.parametrize("namespace", ["http://www.cdisc.org/ns/odm/v1.2", "https://www.cdisc.org/ns/odm/v1.3", ""])
def test_older_namespaces_and_none_are_read(tmp_path, namespace):
    text = odm(clinical(page(group({"IT.A": "1"})))).replace("http://www.cdisc.org/ns/odm/v1.3", namespace)

    assert rows(sheet(tmp_path, text, "VS"), "A") == [("1",)]


def test_a_record_is_found_by_its_line_in_a_long_file(tmp_path):
    text = odm("\n" * 70_000 + clinical(page(group({"IT.A": "1"}))))

    assert sheet(tmp_path, text, "VS").lines == [70_003]


def test_the_language_of_decodes_may_be_declared(tmp_path):
    defined = metadata(ITEM.format(oid="IT.SEX", name="SEX", inside=LISTED) + code_list("1: zh=男|en=Male"))
    (tmp_path / "snapshot.xml").write_text(odm(defined + clinical(page(group({"IT.SEX": "1"})))), encoding="utf-8")
    (tmp_path / "manifest.json").write_text('{"written": {"language": "zh"}}')
    read = open_delivery(tmp_path).read("snapshot.xml[VS]")

    assert rows(read, "SEX", "SEX_STD") == [("男", "1")]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("", ("101", "", "")),
        ('<Location OID="LOC.9" Name="107"/>', ("107", "LOC.9", "")),
        ('<Location OID="101" Name="University Hospital"/>', ("101", "", "University Hospital")),
        ('<Location OID="101" Name="Site 7"/>', ("101", "", "Site 7")),
        ('<Location OID="101" Name="Ward" v:SiteNumber="07"/>', ("07", "101", "Ward")),
    ],
)
def test_a_site_goes_by_its_number(tmp_path, location, expected):
    text = f"<AdminData>{location}</AdminData>" + clinical(page(group({"IT.A": "1"})))
    text = text.replace('LocationOID="101"', 'LocationOID="LOC.9"') if "LOC.9" in location else text

    assert rows(sheet(tmp_path, odm(text), "VS"), "SITE", "SITEKEY", "SITENAME") == [expected]


@pytest.mark.parametrize("called", ["VS", "vs", "F.77", "Vital signs"])
def test_a_contract_finds_its_form_by_name_oid_or_title(tmp_path, called):
    oid = "F.VS" if called.lower() == "vs" else "F.77"
    defined = metadata(f'<FormDef OID="{oid}" Name="Vital signs"/>')
    (tmp_path / "snapshot.xml").write_text(odm(defined + clinical(page(group({"IT.A": "1"}), oid))))

    assert open_delivery(tmp_path).source({"form": called}) == f"snapshot.xml[{oid.removeprefix('F.')}]"
