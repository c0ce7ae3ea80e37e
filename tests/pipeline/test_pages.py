"""What every page says of itself: how final it is, its data, its run, its dictionaries."""

import json
from types import SimpleNamespace

import pytest
from read_once import specs_of

from pipeline.intake.manifest import Manifest
from pipeline.publish.pages import CLEAN, DRAFT, FINAL, dictionaries, page_of, run_identity, stage, status_line
from pipeline.study.settings import settings_of

OPEN = status_line({"critical": 1, "major": 0})


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ({}, "Data without open critical or major findings."),
        ({"critical": 0, "major": 1}, "Interim data: 0 critical and 1 major query open."),
        ({"critical": 24, "major": 41}, "Interim data: 24 critical and 41 major queries open."),
    ],
)
def test_a_page_says_what_is_open_in_its_data(findings, said):
    assert status_line(findings) == said


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


def build(cut="2026-06-30", **files):
    specs = specs_of("iomab_act")
    delivery = SimpleNamespace(name="2026-07-01", hashes=files, manifest=Manifest())
    return SimpleNamespace(specs=specs, delivery=delivery, cutoff=cut, cut_named=cut, identity="")


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
def test_the_run_that_a_page_names_is_in_the_manifest(example_out):
    run = json.loads((example_out / "manifest.json").read_text(encoding="utf-8"))["run"]
    pages = [path.read_text(encoding="utf-8") for path in (example_out / "tlf").glob("*.txt")]
    assert pages
    assert all(f"Run: {run}" in page for page in pages)
