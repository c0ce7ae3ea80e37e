"""study.yaml, sites.yaml and dataset specs are values of their own; a word has a field, and a field a word."""

import dataclasses

import pytest

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Arm, Headline, Parameter, StudySettings, Treatment, Variable
from pipeline.study import shapes
from pipeline.study.contracts import Contract, Field, Inactive, Subject, System
from pipeline.study.datasets import dataset_spec, load_datasets
from pipeline.study.decisions import OpenPoint
from pipeline.study.settings import SiteWords, load_settings, load_site_words

WORDS = [
    (shapes.STUDY, StudySettings), (shapes.STUDY["arm"], Arm), (shapes.STUDY["headline"][0], Headline),
    (shapes.STUDY["treatments"]["*"], Treatment), (shapes.VARIABLE, Variable), (shapes.SITES, SiteWords),
    (shapes.DATASET["parameters"][0], Parameter), (shapes.INACTIVE, Inactive), (shapes.DECISION, OpenPoint),
    (shapes.CONTRACT["subject"][1], Subject), (shapes.FIELD_WORDS, Field), (shapes.CONTRACT, Contract),
    (shapes.SYSTEM, System),
]  # fmt: skip
FOR_PEOPLE = {"note", "control", "shown"}  # words of a contract that no code reads
# What the key of a field, the columns' table, `_system.yaml`, `flags:` of study.yaml or a pool of studies says.
FROM_ELSEWHERE = {Subject: {"number"}, Field: {"name"}, Variable: {"otherwise"}, Contract: {"carried", "dates"},
                  StudySettings: {"site_countries", "pooled"}}  # fmt: skip
LEAST = "study: S\narm: {code: A, label: The arm}\n"


@pytest.mark.parametrize(("shape", "kind"), WORDS, ids=[kind.__name__ for _, kind in WORDS])
def test_every_word_of_a_shape_is_a_field_of_its_value(shape, kind):
    fields = {field.name for field in dataclasses.fields(kind)} - FROM_ELSEWHERE.get(kind, set())
    assert {word.rstrip("!") for word in shape} - FOR_PEOPLE == fields


def study(tmp_path, text):
    (tmp_path / "study.yaml").write_text(LEAST + text, encoding="utf-8")
    return load_settings(tmp_path / "study.yaml")


@pytest.mark.parametrize(("text", "expected"), [
    ("", {"subjects": "DM", "entered": (), "anchor_day": 0, "entry_days": 5, "primary": False, "paper": "Letter"}),
    ("entered: IC.ICDAT\n", {"entered": ("IC.ICDAT",)}),
    ("entered: [IC.ICDAT, ENR.DAT]\ndeath: D.DAT\n", {"entered": ("IC.ICDAT", "ENR.DAT"), "death": ("D.DAT",)}),
    ("anchor_day: 1\nentry_days: 365\nprimary: true\n", {"anchor_day": 1, "entry_days": 365, "primary": True}),
    ("treatments: {cells: {products: [X]}}\n", {"treatments": {"cells": Treatment(products=("X",))}}),
    ("country: NO\nnot_collected: [ie]\n", {"country": "NO", "not_collected": ("ie",)}),
])  # fmt: skip
def test_the_words_of_a_study_are_values_of_their_type(tmp_path, text, expected):
    settings = study(tmp_path, text)

    assert {name: getattr(settings, name) for name in expected} == expected


@pytest.mark.parametrize(("text", "message"), [
    ("anchor_day: 2\n", "`anchor_day` must be 0 or 1"), ("entry_days: 366\n", "a number of days from 0 to 365"),
    ("entry_days: -1\n", "a number of days from 0 to 365"), ("paper: [A4]\n", "`paper` must be a text"),
    ("dictionaries: 27.1\n", "`dictionaries` must be `name: value` pairs"),
    ("cutof: none\n", "unknown word 'cutof'"), ("treatments: {cells: {product: [X]}}\n", "unknown word 'product'"),
])  # fmt: skip
def test_a_study_that_is_not_of_its_shape_is_refused_with_its_line(tmp_path, text, message):
    with pytest.raises(TrialError, match=message) as caught:
        study(tmp_path, text)

    assert "study.yaml, line 3" in caught.value.where


def test_a_study_without_sites_yaml_counts_no_adverse_events(tmp_path):
    assert load_site_words(tmp_path) == SiteWords(serious_value="Y")


def test_a_dataset_spec_says_class_promise_and_parameters():
    spec = dataset_spec({
        "dataset": "ADX", "class": "BDS", "made_by": "subject", "intermediate": "true", "keys": ["A"],
        "variables": [{"name": "A", "core": "Req", "origin": "Derived"}, {"name": "B", "core": "Req"}],
        "parameters": [{"code": "P", "label": "Parameter", "derivation": "As said."}],
    })  # fmt: skip

    assert (spec.observation_class, spec.by_subject, spec.intermediate) == ("BDS", True, True)
    assert [variable.name for variable in spec.variables if variable.collected] == ["B"]
    assert spec.parameter_labels == {"P": "Parameter"}


def test_of_an_intermediate_the_type_may_be_all_that_is_said():
    spec = dataset_spec({
        "dataset": "X", "intermediate": "true", "keys": ["A"],
        "variables": {"A": "text", "B": "date", "C": {"type": "number", "core": "Req", "label": "Count"}},
    })  # fmt: skip

    told = [(v.name, v.type, v.required, v.label) for v in spec.variables]
    assert told == [("A", "text", True, ""), ("B", "date", False, ""), ("C", "number", True, "Count")]


SHORT = "dataset: X\nlabel: Of X\nstructure: One record\nkeys: [A]\n{more}variables:\n  A: text\n  B: {type}\n"


@pytest.mark.parametrize(("more", "type_", "place", "told"), [
    ("intermediate: true\n", "dat", "line 8, column 3", "Unknown type 'dat' of B"),
    ("", "date", "line 5, column 1", "X is handed out"),
])  # fmt: skip
def test_a_short_variable_is_of_a_known_type_and_of_no_product(tmp_path, more, type_, place, told):
    path = tmp_path / "x.yaml"
    path.write_text(SHORT.replace("{more}", more).replace("{type}", type_), encoding="utf-8")

    with pytest.raises(TrialError, match=told) as caught:
        list(load_datasets("adam", path))

    assert place in caught.value.where


def test_countries_of_sites_stand_in_sites_yaml(tmp_path):
    (tmp_path / "sites.yaml").write_text('country: {"201": FRA}\n', encoding="utf-8")
    assert study(tmp_path, "country: DEU\n").site_countries == {"201": "FRA"}
