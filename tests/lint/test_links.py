"""links.csv: slips are told where they stand; what sheets bring over and RELREC relates is asked of the graph."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.engine.graph import build_graph
from pipeline.gate.links import link_findings
from pipeline.lint.links import check_links, with_linked
from pipeline.lint.places import read_grid
from pipeline.lint.structure import _csv
from pipeline.lint.tables import _words
from pipeline.study.contracts import Field
from pipeline.study.specs import load_specs

ROOT = Path(__file__).parents[2]
HEAD = "link,form,keys,to_form,to_keys,where,to_where,domains\n"
COLUMNS = {"AE": {n: Field(n) for n in ("AETERM", "AENO")}, "CM": {n: Field(n) for n in ("CMTRT", "CMAE")}}
GOOD = "CMAE,CM,CMAE,AE,AENO,,,CM AE\n"


@pytest.fixture(scope="module")
def specs():
    return specs_of("iomab_act")


@pytest.mark.parametrize(("row", "said"), [
    (GOOD, ""), ("CMAE,CM,CMAE,AE,AENO,,,\n", ""),
    ("CMAE,CMM,CMAE,AE,AENO,,,\n", "x.csv:2:6 error: unknown form 'CMM'; did you mean CM"),
    ("CMAE,CM,CMAE,AEE,AENO,,,\n", "x.csv:2:14 error: unknown form 'AEE'; did you mean AE"),
    ("CMAE,CM,CMAEE,AE,AENO,,,\n", "x.csv:2:9 error: CM has no field CMAEE; did you mean CMAE"),
    ("CMAE,CM,CMAE,AE,AETERN,,,\n", "x.csv:2:17 error: AE has no field AETERN; did you mean AETERM"),
    ("CMAE,CM,CMAE CMTRT,AE,AENO,,,\n", "x.csv:2:9 error: 2 fields point to 1"),
    ('CMAE,CM,CMAE,AE,AENO,"CMTR == ""A""",,\n', "x.csv:2:22 error: the form CM has no variable CMTR; did you mean"),
    ("CMAE,CM,CMAE,AE,AENO,,,CM\n", "x.csv:2:24 error: 'CM' names 1 domains, not two"),
    ("CMAE,CM,CMAE,AE,AENO,,,AE CM\n", "x.csv:2:24 error: CM makes no records of AE"),
    ("A,CM,CMAE,CM,CMAE,,,\n", "x.csv:2:19 error: CM points to itself, and nothing tells its two kinds of records"),
    (GOOD + GOOD, "x.csv:3:1 error: the link CMAE stands on line 2 too"),
])  # fmt: skip
def test_a_slip_in_a_link_is_told(tmp_path, specs, row, said):
    path = tmp_path / "x.csv"
    path.write_text(HEAD + row)
    told = [p.text() for p in check_links([read_grid(path, "x.csv")], COLUMNS, {}, specs)]
    assert all(text.startswith(said) for text in told[:1]) and bool(told) == bool(said), told


def test_the_fields_of_linked_forms_may_be_named_in_both_directions(tmp_path):
    (tmp_path / "x.csv").write_text(HEAD + GOOD)
    found = with_linked(COLUMNS, [read_grid(tmp_path / "x.csv", "x.csv")])
    assert set(found["CM"]) == {"CMTRT", "CMAE", "AE.AETERM", "AE.AENO"}
    assert set(found["AE"]) == {"AETERM", "AENO", "CM.CMTRT", "CM.CMAE"}


@pytest.fixture
def linked(tmp_path):
    """The example study whose medication names the event's line for the number it lacks, and brings its term over."""
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, tmp_path / "specs" / name)
    folder = tmp_path / "specs" / "iomab_act"
    (folder / "links.csv").write_text(HEAD + "CMAE,CM,CMINDC,AE,AETERM,,,CM AE\n")
    sheet = folder / "mapping" / "cm.csv"
    sheet.write_text(sheet.read_text().replace("CM,,CMINDC,assign_upper,CMINDC,", "CM,,CMINDC,assign_upper,AE.AEPT,"))
    return load_specs(tmp_path, "iomab_act")


def test_what_a_link_brings_over_and_relates_is_needed_by_those_who_use_it(linked):
    graph = build_graph(linked)
    assert "raw:AE" in graph["cm_mapped"].needs and "links" in graph["cm_mapped"].settings
    assert {"raw:AE", "raw:CM", "ae_mapped", "cm_mapped"} <= set(graph["relrec"].needs)
    assert "raw:AE" not in graph["vs_mapped"].needs and "links" in graph["gate"].settings


def test_a_contract_that_says_otherwise_what_a_number_is_remakes_what_its_records_and_linked_ones_are_mapped_to(linked):
    files = {path.name for path in build_graph(linked)["cm_mapped"].files}
    assert {"cm.csv", "cm.yaml", "ae.yaml", "_system.yaml"} <= files and "vs.yaml" not in files


def test_a_number_that_points_to_nothing_is_a_query(linked):
    keys = {"_FORM": "CM", "_SUBJECT": "1", "_LINE": 2}
    events = pd.DataFrame({"AETERM": ["Fever"], **keys, "_RECORD": ["9"]})
    drugs = pd.DataFrame({"CMINDC": ["Fever", "Fewer", "Fever; Rash", None], **keys, "_RECORD": list("1234")})
    found = link_findings({"AE": events, "CM": drugs}, linked)
    assert found[["check", "record", "field", "value"]].to_numpy().tolist() == [
        ["RAW-LINK", "2", "CMINDC", "Fewer"], ["RAW-LINK", "3", "CMINDC", "Rash"]]  # fmt: skip
    assert found["message"].iloc[0] == ("CMINDC Fewer points to no record of AE of this subject. "
                                        "Please correct it, or enter the record.")  # fmt: skip


def test_a_link_whose_partner_is_optional_asks_about_none(linked):
    (linked.folder / "links.csv").write_text(HEAD[:-1] + ",partner\nCMAE,CM,CMINDC,AE,AETERM,,,CM AE,optional\n")
    keys = {"_FORM": "CM", "_SUBJECT": "1", "_LINE": 2}
    events = pd.DataFrame({"AETERM": ["Fever"], **keys, "_RECORD": ["9"]})
    assert link_findings({"AE": events, "CM": events.rename(columns={"AETERM": "CMINDC"})}, linked).empty


@pytest.mark.parametrize(("column", "cell", "said"), [
    ("partner", "optional", ""), ("partner", "", ""),
    ("partner", "optionl", "x/links.csv:2:30 error: partner cannot be 'optionl'; did you mean optional?"),
    ("partnr", "optional", "x/links.csv:1:55 error: links.csv has the unknown column partnr; did you mean partner?"),
])  # fmt: skip
def test_a_slip_in_a_links_partner_is_told(tmp_path, column, cell, said):
    path = tmp_path / "links.csv"
    path.write_text(f"{HEAD[:-1]},{column}\nCMAE,CM,CMAE,AE,AENO,,,CM AE,{cell}\n")
    grid = read_grid(path, "x/links.csv")
    told = [p.text() for p in (*_csv(path, "x/links.csv"), *_words(grid, "links.csv"))]
    assert told[:1] == [said] * bool(said)
