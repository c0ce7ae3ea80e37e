"""What an ODM file says of its data: versions, decodes, units, numbers of subjects and sites, names of forms."""

import pytest
from odm_text import ITEM, LISTED, clinical, code_list, group, metadata, odm, page, rows, sheet, told

from pipeline.intake.delivery import open_delivery
from pipeline.study.contracts import Contract


def test_each_version_explains_its_own_data(tmp_path):
    item = ITEM.format(oid="IT.R", name="OVR", inside=LISTED)
    first = metadata(item + code_list("1: Related", "2: Not related"), "M1")
    second = metadata(item + code_list("1: Not related", "2: Probably related"), "M2")
    data = [clinical(page(group({"IT.R": "2"}), event=f"SE.{v}"), version=v) for v in ("M1", "M2")]
    read = sheet(tmp_path, odm(first + second + "".join(data)), "VS")

    assert rows(read, "MDVOID", "OVR", "OVR_STD") == [("M1", "Not related", "2"), ("M2", "Probably related", "2")]
    assert [name for name in read.header if name.startswith("OVR")] == ["OVR", "OVR_STD"]


def test_a_code_that_its_version_does_not_list_is_told_though_another_version_lists_it(tmp_path):
    item = ITEM.format(oid="IT.R", name="OVR", inside=LISTED)
    first = metadata(item + code_list("1: Related", "2: Not related"), "M1")
    second = metadata(item + code_list("1: Not related", "2: Probably related", "3: Related"), "M2")
    data = [clinical(page(group({"IT.R": "3"}), event=f"SE.{v}"), version=v) for v in ("M1", "M2")]
    read = sheet(tmp_path, odm(first + second + "".join(data)), "VS")

    assert rows(read, "OVR", "OVR_STD") == [("3", "3"), ("Related", "3")]
    asked = [(n.severity, n.column, n.value) for n in read.notes if "does not hold" in n.message]
    assert asked == [("major", "OVR", "3")]


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


def test_a_form_that_is_planned_and_has_no_data_is_an_empty_sheet(tmp_path):
    defined = metadata(
        '<FormDef OID="F.DT" Name="Death" Repeating="No"><ItemGroupRef ItemGroupOID="IG.DT"/></FormDef>'
        '<ItemGroupDef OID="IG.DT" Name="DT" Repeating="No"><ItemRef ItemOID="IT.DTHDAT"/></ItemGroupDef>'
    )
    read = sheet(tmp_path, odm(defined + clinical(page(group({"IT.A": "1"})))), "DT")

    assert (read.rows, read.header[-1]) == ([], "DTHDAT")


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

    assert open_delivery(tmp_path).source(Contract(called)) == f"snapshot.xml[{oid.removeprefix('F.')}]"


def test_a_subject_of_two_numbers_is_told(tmp_path):
    blocks = [clinical(page(group({"IT.A": n}), event=f"SE.{n}"), "key", f'v:SubjectName="{n}"') for n in "12"]
    read = sheet(tmp_path, odm("".join(blocks)), "VS")

    assert rows(read, "SUBJECT") == [("2",), ("2",)]
    assert told(read, "severity", "value") == [("major", "1, 2")]
