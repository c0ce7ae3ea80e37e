"""What every page says of itself: how final it is, its data, its version, its dictionaries."""

import json
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest
from read_once import specs_of

from pipeline.engine.graph import build_graph
from pipeline.intake.manifest import Manifest
from pipeline.publish.open_findings import CLEAN, Open, OpenIn, status_line
from pipeline.publish.pages import (
    DRAFT,
    FINAL,
    dictionaries,
    page_of,
    run_identity,
    stage,
    version_of,
)
from pipeline.study.settings import settings_of

OPEN = status_line({"critical": 1, "major": 0})


@cache
def graph():
    return build_graph(specs_of("iomab_act"))


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ({}, "Data without open critical or major findings."),
        ({"critical": 0, "major": 1}, "Interim data: 0 critical and 1 major query open."),
        ({"critical": 24, "major": 41}, "Interim data: 24 critical and 41 major queries open."),
    ],
)
def test_what_is_open_in_the_data_is_said(findings, said):
    assert status_line(findings) == said


OF_FORM = {
    "VS": OpenIn({"critical": 1, "major": 9}, {}), "AE": OpenIn({"critical": 5, "major": 8}, {"major": 1}),
    "ADSL": OpenIn({}, {"critical": 1}), "A_FILE_OF_ITS_OWN": OpenIn({"major": 2}, {}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("output", "found", "said"),
    [
        # vital signs by visit: of no adverse event; ADSL is behind every output, and a file that is no form too
        ("t_14_3_5_7", OF_FORM, "1 critical and 11 major queries open in the data behind this output; the build found"
         " 1 critical more."),
        ("t_14_3_5", OF_FORM, "5 critical and 10 major queries open in the data behind this output; the build found"
         " 1 critical and 1 major more."),
        ("t_14_3_5", {"VS": OF_FORM["VS"]}, "no critical or major query open in the data behind this output."),
        ("t_14_3_5_7", {}, "no critical or major query open in the data behind this output."),
    ],
)  # fmt: skip
def test_a_page_says_what_is_open_in_the_data_behind_it(output, found, said):
    specs = specs_of("iomab_act")
    made = SimpleNamespace(specs=specs, graph=graph(), behind={})
    assert Open("", found).of(made, output) == f"Interim data: {said}"
    assert Open("", found, alone=True).of(made, output).endswith(" in what was looked at; this output was built alone.")
    assert Open(CLEAN).of(made, output) == CLEAN


@pytest.mark.parametrize(
    ("study", "status", "said"),
    [({}, CLEAN, DRAFT), ({"status": "draft"}, CLEAN, DRAFT), ({"status": "final"}, CLEAN, FINAL),
     ({"status": "final"}, OPEN, DRAFT)],
)  # fmt: skip
def test_a_page_is_final_only_when_the_study_says_so_and_the_data_are_clean(study, status, said):
    assert stage(settings_of(study), status) == said


@pytest.mark.parametrize(
    ("study", "delivered", "said"),
    [
        ({}, {}, "MedDRA: not stated, WHODrug: not stated"),
        ({"dictionaries": {"meddra": "27.1"}, "criteria": {"toxicity": "CTCAE v5.0"}}, {},
         "MedDRA 27.1, WHODrug: not stated, CTCAE v5.0"),
        ({}, {"MedDRA": "27.1", "WHODrug": "B3 March 2025"}, "MedDRA 27.1, WHODrug B3 March 2025"),
        ({"dictionaries": {"meddra": "28.0"}}, {"MedDRA": "27.1"}, "MedDRA 28.0, WHODrug: not stated"),
    ],
)  # fmt: skip
def test_a_page_names_the_versions_that_the_study_or_the_delivery_states(study, delivered, said):
    assert dictionaries(settings_of(study), delivered) == said


def build(cut="2026-06-30", specs=None, extract="2026-07-01", results="numbers", **files):
    """A build of which the results of every output have this hash."""
    specs = specs or specs_of("iomab_act")
    delivery = SimpleNamespace(name=extract, hashes=files, manifest=Manifest())
    return SimpleNamespace(specs=specs, delivery=delivery, cutoff=cut, cut_named=cut, identity="", graph={}, laying={},
                           laid_of={}, content=lambda name: results)  # fmt: skip


def decided(name, value):
    """The specs of the example with another choice of a decision."""
    specs = specs_of("iomab_act")
    return replace(specs, decisions=specs.decisions | {name: replace(specs.decisions[name], value=value)})


def said(output, **words):
    """The specs of the example with other words of an output."""
    specs = specs_of("iomab_act")
    one = specs.outputs[output]
    return replace(specs, outputs=specs.outputs | {output: replace(one, shell=replace(one.shell, **words))})


def versions(made, status=CLEAN):
    return {name: version_of(made, name, Open(status)) for name in ("t_14_2_1", "l_16_2_1")}


@pytest.mark.parametrize(
    ("made", "status", "anew"),
    [
        ({}, CLEAN, []),
        ({"AE": "another"}, CLEAN, []),  # a cell of the extract that comes to the same results
        ({"specs": decided("CRS_ANTIPYRETICS", "Y")}, CLEAN, []),  # of which neither page says a word
        ({"specs": decided("DLT_MED", "BOTH")}, CLEAN, ["l_16_2_1"]),  # which stands in a footnote
        ({"specs": said("t_14_2_1", title=("Another",))}, CLEAN, ["t_14_2_1"]),
        ({"specs": said("t_14_2_1", footnotes=("Another.",))}, CLEAN, ["t_14_2_1"]),
        ({"results": "other numbers"}, CLEAN, ["t_14_2_1", "l_16_2_1"]),
        ({"cut": "2026-05-31"}, CLEAN, ["t_14_2_1", "l_16_2_1"]),
        ({"extract": "2026-08-01"}, CLEAN, ["t_14_2_1", "l_16_2_1"]),
        ({}, OPEN, ["t_14_2_1", "l_16_2_1"]),
    ],
)  # fmt: skip
def test_the_version_of_an_output_is_another_only_where_what_its_page_rests_on_is(made, status, anew):
    before, now = versions(build()), versions(build(**made), status)
    assert [name for name in now if now[name] != before[name]] == anew
    assert {len(one) for one in now.values()} == {8}


def test_what_is_told_again_is_told_of_the_build_as_it_is():
    """The hash of what an output is laid out of is kept: not beyond what it is of."""
    made = build()
    first = versions(made)
    assert versions(made) == first
    made.specs = said("t_14_2_1", title=("Another",))
    assert [name for name, one in versions(made).items() if one != first[name]] == ["t_14_2_1"]
    made.cut_named = "2026-05-31"
    assert not {*versions(made).values()} & {*first.values()}


def test_two_runs_share_their_identity_only_when_they_read_the_same():
    one = run_identity(build())
    assert len(one) == 8
    assert [run_identity(b) == one for b in (build(), build("2026-05-31"), build(AE="00"))] == [True, False, False]


def test_decisions_stand_as_words_in_sentences_and_as_codes_below_alone():
    made = build()
    page = page_of(made.specs.outputs["l_16_2_1"].shell, made, CLEAN)
    assert page.decisions == ("DLT_MED=COND", "DLT_EVAL_FRAC=3/4")
    assert "study medication given is 131I-apamistamab" in page.footnotes[1]


@pytest.mark.slow
def test_the_version_that_a_page_names_is_in_the_manifest_by_its_output(example_out):
    told = json.loads((example_out / "manifest.json").read_text(encoding="utf-8"))["pages"]
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (example_out / "tlf").glob("*.txt")}
    assert {*pages} == {*told, "contents"}
    said = {name: {*re.findall(r"Version: (\w+)", pages[name])} for name in told}
    assert said == {name: {one["version"]} for name, one in told.items()}
    assert all(told[name]["number"] in pages[name] for name in told)
