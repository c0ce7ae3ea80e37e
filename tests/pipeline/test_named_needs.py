"""What spec files name becomes what a recipe needs: datasets, decisions, and a new product when a file changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engine import recipes
from pipeline.engine.graph import build_graph, downstream, order
from pipeline.ground.faults import TrialError
from pipeline.study.spec_input import SpecInput
from pipeline.study.specs import find_root, load_specs


def handed(said, decisions):
    return said, decisions["crbest_day"]


@pytest.fixture(scope="module")
def specs():
    return load_specs(find_root(), "iomab_act")


def graph_with(specs, monkeypatch, datasets, decisions=()):
    """The graph of a study whose files, of the setting `endpoints`, name these for ADTTE."""
    told = SpecInput("as said", handed, (Path("endpoints/x.yaml"),), {"adtte": datasets}, {"adtte": decisions})
    monkeypatch.setattr(recipes.source, "takes", lambda module, name, word: name == "adtte")
    return build_graph(replace(specs, inputs={**specs.inputs, "endpoints": told}))


def test_a_recipe_needs_what_the_files_of_its_settings_name_once_and_is_handed_what_no_parameter_names(
    specs, monkeypatch
):
    node = graph_with(specs, monkeypatch, ("lb", "subjects"))["adtte"]
    assert node.named == ("lb",)
    assert node.needs.count("subjects") == 1


def test_a_decision_that_a_file_names_decides_the_dataset(specs, monkeypatch):
    assert "adtte" not in downstream(build_graph(specs), {"percent_min_n"})
    assert "adtte" in downstream(graph_with(specs, monkeypatch, (), ("PERCENT_MIN_N",)), {"percent_min_n"})


@pytest.mark.parametrize(("datasets", "decisions", "what", "cure"), [
    (("lbb",), (), "Nobody makes the dataset 'lbb', which a spec names for adtte", "did you mean lb"),
    ((), ("CRBEST_DY",), "Unknown decision 'CRBEST_DY', which a spec names for adtte", "did you mean CRBEST_DAY"),
])  # fmt: skip
def test_what_nobody_makes_or_decides_is_told_with_the_file(specs, monkeypatch, datasets, decisions, what, cure):
    with pytest.raises(TrialError) as told:
        graph_with(specs, monkeypatch, datasets, decisions)
    assert (told.value.what.startswith(what), told.value.where) == (True, "endpoints/x.yaml")
    assert cure in told.value.cure


def test_a_circle_that_a_file_closes_is_a_slip_of_the_file(specs, monkeypatch):
    with pytest.raises(TrialError, match="A spec names adtte for adtte, but"):
        order(graph_with(specs, monkeypatch, ("adtte",)))


def test_the_value_that_a_recipe_is_handed_has_the_choices_in_force(specs):
    assert SpecInput("as said", handed).value(specs.decisions) == ("as said", 107)
