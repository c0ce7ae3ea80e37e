"""Open queries as an EDC imports them: the place of the record, and the text; the others are counted."""

import csv
import io

import pytest
from lxml import etree
from mini_study import extract, files, project, vital

from pipeline.desk.export import check_kind, export, left_out
from pipeline.gate.validation import validate
from pipeline.ground.faults import TrialError

DAY = "2026-03-31"
HOSTILE = '<b>&"=1+1'


@pytest.fixture(scope="module")
def validation(tmp_path_factory):
    root = tmp_path_factory.mktemp("study")
    labs = (["101-0001", "A7", "HB", "999"],)
    return validate(project(root), extract(root, DAY, files([vital("1", "36"), vital("2", HOSTILE)], labs)), DAY)


def test_rave_names_folder_form_position_and_field(validation):
    rows = list(csv.DictReader(io.StringIO(export(validation, "rave")["export_rave.csv"])))

    told = [(r["SiteNumber"], r["SubjectName"], r["FolderOID"], r["FormOID"], r["FieldOID"]) for r in rows]
    assert told == [("101", "1010001", "D1", "VS", "TEMP")]
    assert rows[0]["ExternalID"].startswith("Q-")


def test_veeva_names_event_form_and_item(validation):
    row = next(csv.DictReader(io.StringIO(export(validation, "veeva")["export_veeva.csv"])))

    assert [row[n] for n in ("Subject", "Event Name", "Form Name", "Item Name")] == ["1010001", "D1", "VS", "TEMP"]


def test_odm_is_well_formed_and_keeps_the_text(validation):
    tree = etree.fromstring(export(validation, "odm")["export_odm.xml"].encode())
    found = {child.tag.rpartition("}")[2]: child for child in tree.iter()}

    assert found["SubjectData"].get("SubjectKey") == "1010001"
    assert found["ItemData"].get("ItemOID") == "TEMP"
    assert HOSTILE in found["Comment"].text


def test_a_vendors_query_is_no_query_of_the_edc_and_is_counted(validation):
    assert left_out(validation) == 1


def test_an_unknown_edc_is_refused():
    with pytest.raises(TrialError, match="Unknown EDC 'rve'"):
        check_kind("rve")
