"""The shells of every study against the specs of the datasets they read, and against no data at all."""

import re
from dataclasses import is_dataclass
from pathlib import Path

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.study.specs import studies
from tlf import families

ROOT = Path(__file__).parents[3]
DTYPES = {"text": "str", "number": "float64", "integer": "int64", "date": "datetime64[s]", "datetime": "datetime64[s]"}
SHELLS = [(study, name) for study in studies(ROOT) for name in specs_of(study).outputs]


def laid_out(output, results):
    return families.page(families.family_of(output), output, results)


def empty(spec):
    return pd.DataFrame({v.name: pd.Series(dtype=DTYPES[v.type]) for v in spec.variables})


def without_subjects(specs, output):
    data = {name: empty(specs.datasets[name]) for name in output.datasets}
    tables = {name: pd.read_csv(specs.tables[name], dtype="str") for name in output.tables}
    decisions = {name.lower(): specs.decisions[name].value for name in (*output.decisions, *output.needed)}
    return data | {"tables": tables, "decisions": decisions}


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_shell_asks_only_for_variables_and_decisions_there_are_and_stands_without_a_subject(study, name):
    specs = specs_of(study)
    output = specs.outputs[name].shell
    results = families.results(families.family_of(output), output, without_subjects(specs, output))
    assert not (results["STATISTIC"].eq("n") & results["VALUE"].gt(0)).any()
    page = laid_out(output, results)
    if output.family in ("categories", "toxicity", "survival"):
        assert page.empty == "No subjects in this population."
        assert page.rows == ()


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_shell_names_itself_as_its_file_and_says_population_and_method(study, name):
    output = specs_of(study).outputs[name].shell
    assert name == output.output.lower().replace("-", "_").replace(".", "_")
    assert output.title
    assert output.population.label
    assert output.footnotes


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_shell_lists_every_decision_it_speaks_of(study, name):
    specs = specs_of(study)
    path, output = specs.outputs[name].written.path, specs.outputs[name].shell
    text = path.read_text(encoding="utf-8")
    spoken = {word for word in specs.decisions if re.search(rf"@{word}\b", text)}
    assert spoken <= set(output.decisions)


SPOKEN = ("title", "label", "footnotes", "text", "note", "description", "x_label", "y_label", "stub")


def spoken(content, inside=False):
    """Every text of a shell that a reader sees, without the decisions that it names by @."""
    if isinstance(content, str):
        yield from [re.sub(r"@\w+", "", content)] if inside else []
    elif isinstance(content, dict) or is_dataclass(content):
        for word, part in (content if isinstance(content, dict) else vars(content)).items():
            yield from spoken(part, inside or word in SPOKEN)
    elif isinstance(content, list | tuple):
        for part in content:
            yield from spoken(part, inside)


def of_the_plan(specs):
    """Words of a plan that look like the programme's: flags by which it names its sets, and codes of its own tests."""
    flags = {v.name for v in specs.datasets["adsl"].variables if v.name.endswith("FL")}
    path = specs.folder / "codelists.csv"
    terms = pd.read_csv(path, dtype="str")[["collected", "submission"]].stack() if path.exists() else []
    return flags | set(terms)


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_page_speaks_words_its_reader_knows_and_no_name_of_the_programme(study, name):
    specs = specs_of(study)
    output = specs.outputs[name].shell
    variables = {v.name for spec in specs.datasets.values() for v in spec.variables}
    decided = set(specs.decisions)
    field = {"CTCAE", "HSCT", "CAPD", "ICAHT", "HEMATOTOX"} | of_the_plan(specs)
    programme = {n for n in variables | {d.upper() for d in specs.datasets} | decided if len(n) > 3}
    said = {word for text in spoken(output) for word in re.findall(r"\b[A-Z][A-Z0-9_]+\b", text)} - field
    words = [re.sub(r"@\w+", "", text) for known in output.words.values() for text in known.values()]
    assert sorted(word for word in said if word in programme or "_" in word) == []
    assert [text for text in words if re.search(r"[A-Z]{3,}[ _][A-Z]{3,}", text)] == []


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_words_are_given_for_variables_and_decisions_of_the_output(study, name):
    specs = specs_of(study)
    output = specs.outputs[name].shell
    listed = {variable.name for dataset in output.datasets for variable in specs.datasets[dataset].variables}
    assert set(output.words) <= listed | set(output.decisions)


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_choice_that_a_page_speaks_of_has_words_for_each_of_its_values(study, name):
    specs = specs_of(study)
    path, output = specs.outputs[name].written.path, specs.outputs[name].shell
    text = path.read_text(encoding="utf-8")
    for decision in output.decisions:
        if specs.decisions[decision].choices and f"@{decision}" in text:
            assert set(output.words.get(decision, {})) >= set(specs.decisions[decision].choices), decision
