"""Reference data of an ODM file are of no subject: that is told as such, and nobody is asked for a subject."""

from types import SimpleNamespace

import pytest

from pipeline.gate.fields import delivery_findings
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.study.contracts import contract_of

ITEM = '<ItemData ItemOID="IT.{0}" Value="{1}"/>'
VISIT = f"""<SubjectData SubjectKey="{{}}"><StudyEventData StudyEventOID="SE.SCR"><FormData FormOID="F.AE">
<ItemGroupData ItemGroupOID="IG.AE">{ITEM.format("TERM", "Fever")}</ItemGroupData></FormData></StudyEventData>
</SubjectData>"""
FILE = f"""<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><ClinicalData StudyOID="S" MetaDataVersionOID="1">
{VISIT.format("01-001")}{VISIT.format("")}</ClinicalData><ReferenceData StudyOID="S" MetaDataVersionOID="1">
<ItemGroupData ItemGroupOID="IG.NR">{ITEM.format("LOW", "3.5")}</ItemGroupData></ReferenceData></ODM>"""


@pytest.fixture
def delivery(tmp_path):
    (tmp_path / "s_odm.xml").write_text(FILE, encoding="utf-8")
    return open_delivery(tmp_path)


def contract(form, field):
    return contract_of({"form": form, "sheet": form, "system": "false", "fields": {"SUBJECT": {}, field: {}}})


@pytest.mark.parametrize(("form", "field", "records", "said"), [
    ("AE", "TERM", 1, ["critical RAW-SUBJECT"]),  # a record of a subject that is not told is asked about
    ("NR", "LOW", 0, ["info RAW-FILE"]),
])  # fmt: skip
def test_nobody_is_asked_for_the_subject_of_reference_data(delivery, form, field, records, said):
    raw, found = read_form(delivery, contract(form, field), frozenset({"01-001"}))
    told = found[found["check"].isin(["RAW-SUBJECT", "RAW-FILE", "RAW-EMPTY"])]
    assert (len(raw), (told["severity"] + " " + told["check"]).tolist()) == (records, said)


def test_reference_data_without_a_contract_are_called_that(delivery):
    specs = SimpleNamespace(contracts={"AE": contract("AE", "TERM")}, study=SimpleNamespace(from_sdtm=False))
    found = delivery_findings(delivery, specs)
    told = found[found["check"] == "RAW-FILE"]
    assert told["severity"].tolist() == ["info"] and "reference data" in told["message"].iloc[0]
