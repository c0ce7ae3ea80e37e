"""Define-XML: valid, the same each time, true of the data, and telling where data are not as it says."""

from dataclasses import replace

import pandas as pd
import pytest
from exported_frames import exported
from lxml import etree

from pipeline.ground.faults import DefectError
from pipeline.ground.metadata import Parameter
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.define.check import NAMES, differences
from pipeline.publish.export.define.codelists import Terminology, codelists
from pipeline.publish.export.define.command import check_schema
from pipeline.publish.export.define.document import document
from pipeline.publish.export.define.facts import Facts
from pipeline.publish.export.define.variables import Alongside, groups
from pipeline.publish.export.transport import lengths

TERMS = pd.DataFrame([("SEX", "M", "C20197", "Male"), ("SEX", "F", "C16576", "Female"),
                      ("SEX", "U", "C17998", "Unknown"),
                      ("LBTESTCD", "ALT", "C64433", "Alanine Aminotransferase"), ("LBTESTCD", "MRD", None, "Residual"),
                      ], columns=["codelist", "submission", "code", "label"])  # fmt: skip
TERMINOLOGY = Terminology(TERMS, {"SEX": "C66731", "LBTESTCD": "C65047"}, {"MedDRA": "27.1"})


def with_words(one, observation_class, parameters=(), **words):
    """The dataset with words of its spec; each further word is a variable's: SEX={"codelist": "SEX"}."""
    made = tuple(replace(v, **words.get(v.name, {})) for v in one.spec.variables)
    spec = replace(one.spec, observation_class=observation_class, structure="One record", variables=made,
                   parameters=parameters)  # fmt: skip
    return Exported(spec, one.data)


DM = with_words(exported("dm", "STUDYID USUBJID SEX AGE:number RFSTDTC", [
    ("S", "S-1", "M", 61, "2026-01-02"), ("S", "S-22", "F", 7, "2026-01")]), "SPECIAL-PURPOSE",
    SEX={"codelist": "SEX"}, RFSTDTC={"origin": "Derived", "derivation": "First dose."})  # fmt: skip
LB = with_words(exported("lb", "STUDYID USUBJID LBSEQ:integer LBTESTCD LBTEST LBORRES LBSTRESN:number", [
    ("S", "S-1", 1, "ALT", "Alanine Aminotransferase", "31.5", 31.5), ("S", "S-1", 2, "MRD", "Residual", "<0.01", None),
    ]), "FINDINGS", LBTESTCD={"codelist": "LBTESTCD"}, LBSTRESN={"core": "Exp"})  # fmt: skip
AE = with_words(exported("ae", "STUDYID USUBJID AESEQ:integer AEDECOD AESOC", [("S", "S-1", 1, "Fever", "General")]),
                "EVENTS", AEDECOD={"origin": "Assigned"})  # fmt: skip
SUPPAE = with_words(exported("suppae", "STUDYID USUBJID QNAM QLABEL QVAL QORIG", [
    ("S", "S-1", "AESI", "Of Special Interest", "Y", "CRF")]), "RELATIONSHIP")  # fmt: skip
ADTTE = with_words(exported("adtte", "STUDYID USUBJID PARAMCD PARAM AVAL:number ADT:date EVNTDESC", [
    ("S", "S-1", "OS", "Overall Survival", 2.5, "2026-02-01", None)]), "BASIC DATA STRUCTURE",
    (Parameter("OS", "Overall Survival", "Days from the first dose to death."),), AVAL={"origin": "Derived"},
    ADT={"origin": "Predecessor", "source": "ADSL.DTHDT"}, EVNTDESC={"core": "Perm"})  # fmt: skip


def defined(*datasets, pages=None):
    """The define of datasets as bytes."""
    lists, places = codelists(datasets, TERMINOLOGY)
    known = Alongside(lengths(datasets, "utf-8"), places, pages or {})
    facts = Facts("S-1", "A Study", datasets[0].spec.layer, ("SDTMIG", "3.4"), ("SDTM", "2025-03-28"),
                  "2026-06-30T00:00:00", "", ("program", "1.0"), groups(datasets, known), tuple(lists),
                  bool(pages))  # fmt: skip
    return document(facts)


def found(content, path):
    return etree.fromstring(content).xpath(path, namespaces=NAMES)


SDTM = defined(DM, LB, AE, SUPPAE, pages={("DM", "SEX"): (2, 5)})
ADAM = defined(ADTTE)


def test_a_list_of_the_terminology_of_adam_is_of_that_package_and_one_of_sdtm_of_its_own():
    events = with_words(exported("adae", "STUDYID USUBJID ASTDTF SEX", [("S", "S-1", "D", "F")]),
                        "OCCURRENCE DATA STRUCTURE", ASTDTF={"codelist": "DATEFL"}, SEX={"codelist": "SEX"})
    told = replace(TERMINOLOGY, analysis={"DATEFL": "C81223"})
    lists, places = codelists([events], told)
    facts = Facts("S-1", "A Study", "adam", ("ADaMIG", "1.3"), ("SDTM", "2025-03-28"), "2026-06-30T00:00:00", "",
                  ("program", "1.0"), groups([events], Alongside(lengths([events], "utf-8"), places, {})), tuple(lists),
                  analysis="2026-03-27")
    content = document(facts)
    check_schema(content, "define.xml")

    of = {one.get("Name"): one.get(f"{{{NAMES['def']}}}StandardOID") for one in found(content, "//odm:CodeList")}
    assert of == {"DATEFL": "STD.CT.ADAM", "SEX": "STD.CT"}
    packages = [(one.get("PublishingSet"), one.get("Version")) for one in found(content, "//def:Standard[@Type='CT']")]
    assert packages == [("SDTM", "2025-03-28"), ("ADaM", "2026-03-27")]


@pytest.mark.parametrize("content", [SDTM, ADAM])
def test_a_define_is_valid_and_the_same_each_time(content):
    check_schema(content, "define.xml")

    assert defined(DM, LB, AE, SUPPAE, pages={("DM", "SEX"): (2, 5)}) == SDTM and b"define2-1.xsl" in content


def test_what_the_schema_refuses_is_a_defect():
    with pytest.raises(DefectError, match="not valid"):
        check_schema(SDTM.replace(b'Repeating="No"', b'Repeating="Perhaps"'), "define.xml")


@pytest.mark.parametrize(("oid", "expected"), [
    ("IT.DM.USUBJID", {"DataType": "text", "Length": "4"}), ("IT.DM.AGE", {"DataType": "integer", "Length": "2"}),
    ("IT.DM.RFSTDTC", {"DataType": "partialDate"}), ("IT.LB.LBSTRESN", {"DataType": "float", "Length": "3",
     "SignificantDigits": "1"}), ("IT.LB.LBORRES.MRD", {"DataType": "text", "Length": "5"}),
])  # fmt: skip
def test_a_variable_says_what_its_values_are(oid, expected):
    said = dict(found(SDTM, f"//odm:ItemDef[@OID='{oid}']")[0].attrib)

    assert {name: said.get(name) for name in ("DataType", "Length", "SignificantDigits") if name in said} == expected


@pytest.mark.parametrize(("content", "oid", "expected"), [
    (SDTM, "IT.DM.SEX", ["Collected", "Investigator", "", "2 5"]),
    (SDTM, "IT.DM.RFSTDTC", ["Derived", "Sponsor", "", ""]),
    (SDTM, "IT.SUPPAE.QVAL.AESI", ["Collected", "Investigator", "", ""]),
    (ADAM, "IT.ADTTE.ADT", ["Predecessor", "", "ADSL.DTHDT", ""]),
    (ADAM, "IT.ADTTE.AVAL.OS", ["Derived", "Sponsor", "", ""]),
])  # fmt: skip
def test_an_origin_says_by_whom_from_what_and_on_which_pages(content, oid, expected):
    origin = found(content, f"//odm:ItemDef[@OID='{oid}']/def:Origin")[0]
    pages = "".join(origin.xpath(".//def:PDFPageRef/@PageRefs", namespaces=NAMES))

    assert [origin.get("Type"), origin.get("Source", ""), origin.xpath("string(.)").strip(), pages] == expected


def test_a_codelist_has_the_terms_used_with_their_codes_and_marks_those_added():
    listed = found(SDTM, "//odm:CodeList[@OID='CL.SEX']/odm:CodeListItem")
    tests = found(SDTM, "//odm:CodeList[@OID='CL.LBTESTCD']/*[@CodedValue]")

    assert [(one.get("CodedValue"), one.find("odm:Alias", NAMES).get("Name")) for one in listed] == [
        ("M", "C20197"), ("F", "C16576")]  # fmt: skip
    assert [one.get(f"{{{NAMES['def']}}}ExtendedValue") for one in tests] == [None, "Yes"]
    assert found(SDTM, "//odm:CodeList[@OID='CL.MedDRA']/odm:ExternalCodeList/@Version") == ["27.1"]


def test_results_qualifiers_and_parameters_are_told_value_by_value():
    clauses = {one.get("OID"): one.xpath("string(.//odm:CheckValue)", namespaces=NAMES)
               for one in found(SDTM, "//def:WhereClauseDef")}  # fmt: skip

    assert clauses == {"WC.LB.LBTESTCD.ALT": "ALT", "WC.LB.LBTESTCD.MRD": "MRD", "WC.SUPPAE.QNAM.AESI": "AESI"}
    assert found(SDTM, "//def:ValueListDef[@OID='VL.LB.LBSTRESN']/odm:ItemRef/@ItemOID") == ["IT.LB.LBSTRESN.ALT"]
    assert found(ADAM, "//odm:MethodDef[@OID='MT.ADTTE.AVAL.OS']//odm:TranslatedText")[0].text.startswith("Days from")


def test_datasets_stand_by_class_with_keys_structure_and_file():
    assert found(SDTM, "//odm:ItemGroupDef/@Name") == ["DM", "AE", "LB", "SUPPAE"]
    assert found(SDTM, "//odm:ItemGroupDef/@Repeating") == ["No", "Yes", "Yes", "Yes"]
    assert found(SDTM, "//odm:ItemGroupDef[@Name='LB']/odm:ItemRef/@KeySequence") == ["1", "2", "3"]
    assert found(ADAM, "//def:SubClass/@Name") == ["TIME-TO-EVENT"]


def test_the_data_that_were_defined_are_as_defined():
    assert differences(SDTM, [DM, LB, AE, SUPPAE]).empty and differences(ADAM, [ADTTE]).empty


@pytest.mark.parametrize(("variable", "values", "expected"), [
    ("SEX", ["M", "X"], ("SEX", "", "is not in the codelist", "X", 1)),
    ("USUBJID", ["S-1", "S-22222"], ("USUBJID", "", "is longer than 4 bytes", "S-22222", 1)),
    ("AGE", [61.5, 61.5], ("AGE", "", "is no integer", "61.5", 2)),
    ("AGE", [61, 100], ("AGE", "", "has more than 2 digits", "100", 1)),
    ("RFSTDTC", ["2026-01-02", "02JAN"], ("RFSTDTC", "", "is no partialDate", "02JAN", 1)),
    ("SEX", ["M", None], ("SEX", "", "is mandatory and empty", "", 1)),
    ("USUBJID", ["S-1", "S-1"], ("STUDYID USUBJID", "", "records share their keys", "", 1)),
])  # fmt: skip
def test_values_that_are_not_as_defined_are_told(variable, values, expected):
    other = Exported(DM.spec, DM.data.assign(**{variable: pd.Series(values)}))

    told = differences(defined(DM), [other])

    assert tuple(told.iloc[0])[1:] == expected


def test_variables_tests_and_datasets_that_the_define_does_not_have_are_told():
    less = Exported(DM.spec, DM.data.drop(columns="AGE"))
    new = Exported(LB.spec, LB.data.assign(LBTESTCD=["ALT", "NEW"]))

    told = differences(defined(DM, LB), [less, new, AE])

    assert set(told["RULE"]) == {
        "the define has no such dataset", "variables or their order differ", "is not in the codelist",
        "no record meets the where clause", "no where clause tells what it is"}  # fmt: skip


def test_lengths_of_texts_are_counted_in_the_signs_of_the_file():
    """Six bytes in UTF-8 are three in Windows-1251."""
    one = with_words(exported("mh", "STUDYID USUBJID MHSEQ:integer MHTERM", [("S", "S-1", 1, "Жар")]), "EVENTS")
    content = defined(one).replace(b'DataType="text" Length="6"', b'DataType="text" Length="3"')

    assert differences(content, [one])["RULE"].tolist() == ["is longer than 3 bytes"]
    assert differences(content, [one], "windows-1251").empty
