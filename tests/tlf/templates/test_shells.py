"""The shells of every study against the specs of the datasets they read, and against no data at all."""

import importlib
from pathlib import Path

import pandas as pd
import pytest

from pipeline.specs import load_specs, studies

ROOT = Path(__file__).parents[3]
DTYPES = {"text": "str", "number": "float64", "integer": "int64", "date": "datetime64[s]", "datetime": "datetime64[s]"}
SHELLS = [(study, name) for study in studies(ROOT) for name in load_specs(ROOT, study).outputs]


def template(output):
    return importlib.import_module(f"tlf.templates.{output['family']}")


def laid_out(output, results):
    family = template(output)
    return family.figure(output, results) if hasattr(family, "figure") else family.body(output, results)


def empty(spec):
    return pd.DataFrame({v.name: pd.Series(dtype=DTYPES[v.type]) for v in spec.variables})


def without_subjects(specs, output):
    data = {name: empty(specs.datasets[name]) for name in output["datasets"]}
    tables = {name: pd.read_csv(specs.tables[name], dtype="str") for name in output.get("tables", [])}
    decisions = {name.lower(): specs.decisions[name].value for name in output.get("decisions", [])}
    return data | {"tables": tables, "decisions": decisions}


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_shell_asks_only_for_variables_and_decisions_there_are_and_stands_without_a_subject(study, name):
    specs = load_specs(ROOT, study)
    output = specs.outputs[name][1]
    results = template(output).results(output, without_subjects(specs, output))
    assert not (results["STATISTIC"].eq("n") & results["VALUE"].gt(0)).any()
    page = laid_out(output, results)
    if output["family"] in ("categories", "toxicity", "survival"):
        assert page.empty == "No subjects in this population."
        assert page.rows == ()


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_shell_names_itself_as_its_file_and_says_population_and_method(study, name):
    output = load_specs(ROOT, study).outputs[name][1]
    assert name == output["output"].lower().replace("-", "_").replace(".", "_")
    assert output["title"]
    assert output["population"]["label"]
    assert output["footnotes"]


@pytest.mark.parametrize(("study", "name"), SHELLS)
def test_a_shell_lists_every_decision_it_speaks_of(study, name):
    specs = load_specs(ROOT, study)
    path, output = specs.outputs[name]
    text = path.read_text(encoding="utf-8")
    spoken = {word for word in specs.decisions if f"@{word}" in text}
    assert spoken <= set(output.get("decisions", []))
