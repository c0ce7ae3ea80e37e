"""A flag is what its codelist says: Y or blank, or Y and N; a study may say that its flags say N throughout."""

import pandas as pd
import pytest

from pipeline.engine.conditions import laid
from pipeline.engine.node import Node
from pipeline.engine.schema import said_in_full
from pipeline.lint.report import lint
from pipeline.study.specs import load_specs

CURE = 'DTHFL never is "N": the codelist Y does not have it; it is Y or blank: write DTHFL == ""'
ADDED = {
    "a condition": ("conditions.yaml", "AFL: {label: A flag, of: adsl, where: 'DTHFL == \"N\"'}\n"),
    "a set": ("sets.yaml", "LIVE: {label: Alive, where: 'DTHFL == \"N\"'}\n"),
    "a reason": ("sets.yaml", "RESP: {reason: RESPRSN, reasons: {ALIVE: 'DTHFL == \"N\"'}}\n"),
    "a column": ("columns.yaml", "LIVE: {label: Alive, where: 'DTHFL == \"N\"'}\n"),
    "a source": ("endpoints/sources.yaml", "LIVE: {of: subjects, date: CARTSDT, where: 'DTHFL == \"N\"', says: L}\n"),
    "a DLT": ("dlt.yaml", "among: 'DTHFL == \"N\"'\n"),
    "a toxicity": ("toxicities.yaml", "CRS: {parameters: {maximum: {among: 'DTHFL == \"N\"'}}}\n"),
}


def added(small, name, text):
    path = small / "specs" / "small" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)


@pytest.mark.parametrize("name", ADDED)
def test_a_flag_that_is_y_or_blank_is_never_n(small, name):
    file, text = ADDED[name]
    added(small, file, text)
    found = [p.text() for p in lint(small, "small")[0] if p.kind == "error"]
    assert [p for p in found if p.startswith(f"specs/small/{file}:1:") and CURE in p], found


@pytest.mark.parametrize("name", ADDED)
def test_it_is_where_the_study_says_that_flags_say_n(small, name):
    added(small, "study.yaml", "flags: Y/N\n")
    added(small, *ADDED[name])
    assert [p.text() for p in lint(small, "small")[0] if "never is" in p.what] == []


@pytest.mark.parametrize(("dataset", "flag"), [("ae", "AELOBXFL"), ("lb", "LBLOBXFL"), ("dm", "DTHFL")])
def test_flags_of_sdtm_are_y_or_blank_whatever_the_study_says(small, dataset, flag):
    added(small, "study.yaml", "flags: Y/N\n")
    known = load_specs(small, "small").datasets[dataset].by_name
    assert flag not in known or (known[flag].codelist, known[flag].otherwise) == ("Y", "")


def test_every_other_flag_of_adam_is_n_then_and_a_blank_that_asks_nothing_stays(small):
    records = pd.DataFrame({"TRTEMFL": ["Y", None], "DTHFL": ["Y", None], "DLTFL": ["Y", None]}, dtype="str")
    records = records.assign(DLTEVFL=records["DLTFL"])
    as_usual = load_specs(small, "small")
    added(small, "study.yaml", "flags: Y/N\n")
    in_full = load_specs(small, "small")
    for specs, dataset, flag, said in (
        (as_usual, "adae", "TRTEMFL", ["Y", ""]), (in_full, "adae", "TRTEMFL", ["Y", "N"]),
        (in_full, "emergence", "TRTEMFL", ["Y", "N"]), (in_full, "subjects", "DTHFL", ["Y", "N"]),
        (in_full, "adae", "DLTEVFL", ["Y", "N"]), (in_full, "adsl", "DLTFL", ["Y", ""]),
    ):  # fmt: skip
        assert said_in_full(records, specs.datasets[dataset])[flag].fillna("").tolist() == said
    assert in_full.datasets["adae"].by_name["TRTEMFL"].derivation.endswith("; else N.")
    assert in_full.datasets["adae"].files[-1].name == "study.yaml"  # so that the word remakes it


def test_conditions_upon_a_dataset_see_its_flags_as_it_will_have_them(small):
    added(small, "study.yaml", "flags: Y/N\n")
    spec = load_specs(small, "small").datasets["adae"]
    made = laid(Node("adae", "recipe"), pd.DataFrame({"RELFL": ["Y", None]}, dtype="str"), spec, (), [])
    assert made["RELFL"].tolist() == ["Y", "N"]


def test_events_of_a_toxicity_told_by_a_flag_are_told_before_it_says_n(small):
    """The flag of a toxicity is made in ADAE beside RELFL: what is not Y there is N."""
    added(small, "study.yaml", "flags: Y/N\n")
    added(small, "toxicities.yaml", "CRS: {events: {where: 'RELFL == \"N\" and AESER == \"Y\"'}}\n")
    specs = load_specs(small, "small")
    told = {one.name: one.events.where for one in specs.inputs["toxicities"].value(specs.decisions)}
    assert told["CRS"] == 'not (RELFL == "Y") and AESER == "Y"'


def test_another_word_for_flags_is_told_where_it_stands(small):
    added(small, "study.yaml", "flags: Y/M\n")
    assert next(p.text() for p in lint(small, "small")[0]).startswith("specs/small/study.yaml:7:1 error: `flags`")
