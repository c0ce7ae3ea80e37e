"""The SDTM specs, the terminology and the mapping sheets fit one another."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml

from pipeline.ground.metadata import Variable
from pipeline.study.specs import load_specs, studies
from pipeline.study.yaml_text import load_yaml
from sdtm.mapping.long_form import read_tests
from sdtm.mapping.sheet import Known, read_sheet

SPECS = Path(__file__).parents[2] / "specs"
CT = pd.read_csv(SPECS / "standard" / "terminology" / "codelists.csv", dtype="str", keep_default_na=False)
OWN_RULES = ("ae", "lb", "pc", "se")  # have a function of their own name
CUT = pd.read_csv(SPECS / "standard" / "cut.csv", dtype="str", keep_default_na=False)
DATASETS = {spec.name: spec for spec in load_specs(SPECS.parent, "iomab_act").datasets.values()
            if spec.layer == "sdtm"}  # fmt: skip
SHEETS = sorted(path for path in SPECS.glob("*/mapping/*.csv") if not path.stem.endswith("_tests"))


def content(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def variables(name):
    return DATASETS[name].by_name


@cache
def of_study(study):
    """The datasets as a study has them, with the variables that it adds."""
    return load_specs(SPECS.parent, study).datasets


def raw_fields(study):
    forms = [content(p) for p in sorted((study / "raw").glob("[a-z]*.yaml"))]
    carried = study / "raw" / "_system.yaml"
    columns = content(carried)["columns"] if carried.exists() else {}
    system = [*columns, "_SUBJECT", "_SITE", "_FORM", "_LINE", "_RECORD"]
    coded = {form["form"]: [f + "_STD" for f, e in form["fields"].items() if e["type"] == "coded"] for form in forms}
    fields = {form["form"]: [*form["fields"], *coded[form["form"]], *system] for form in forms}
    return {form: [*own, *(f"{to}.{field}" for to in linked(study, form) for field in fields[to])]
            for form, own in fields.items()}  # fmt: skip


def linked(study, form):
    """The forms to which the links of a study lead from one."""
    path = study / "links.csv"
    links = pd.read_csv(path, dtype="str") if path.exists() else pd.DataFrame(columns=["form", "to_form"])
    return links.loc[links["form"] == form, "to_form"].unique()


def codelists(study):
    """The codelists of the standard and those the study adds."""
    own = study / "codelists.csv"
    return frozenset(CT["codelist"]) | (frozenset(pd.read_csv(own)["codelist"]) if own.exists() else frozenset())


def qualifiers(study):
    """The supplemental qualifiers of the standard and those the study adds."""
    own = study / "codelists.csv"
    terms = pd.concat([CT, *([pd.read_csv(own, dtype="str")] if own.exists() else [])])
    names = terms.loc[terms["codelist"].str.startswith("SUPP"), "submission"]
    return {f"SUPP.{name}": Variable(name) for name in names}


@pytest.mark.parametrize("name", DATASETS)
def test_every_codelist_of_a_spec_is_in_the_terminology(name):
    named = {variable.codelist for variable in variables(name).values() if variable.codelist}
    assert named - set(CT["codelist"]) == set()


@pytest.mark.parametrize("name", DATASETS)
def test_names_and_labels_of_variables_fit_a_transport_file(name):
    for variable, entry in variables(name).items():
        assert len(variable) <= 8 and len(entry.label) <= 40, variable


@pytest.mark.parametrize("sheet", SHEETS, ids=[f"{p.parents[1].name}-{p.stem}" for p in SHEETS])
def test_every_row_of_a_mapping_sheet_names_what_exists(sheet):
    rows = pd.read_csv(sheet, dtype="str", keep_default_na=False)
    study = sheet.parents[1]
    own = of_study(study.name)[sheet.stem].by_name
    known = Known(raw_fields(study), own | qualifiers(study), codelists(study))
    read = read_sheet(rows, known, "")
    assert len(read) == len(rows)
    tests = sheet.with_stem(f"{sheet.stem}_tests")
    if tests.exists():
        written = read_tests(pd.read_csv(tests, dtype="str"), sheet.stem.upper(), known, read, tests.name)
        assert {row.line for row in written} == set(range(2, len(tests.read_text().splitlines()) + 1))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_what_has_a_planned_time_point_has_the_visit_that_it_is_of(sheet):
    targets = set(pd.read_csv(sheet, dtype="str")["target"].dropna())
    assert f"{sheet.stem.upper()}TPT" not in targets or {"VISITNUM", "VISIT"} <= targets


@pytest.mark.parametrize("name", DATASETS)
def test_every_study_day_has_its_date_among_the_timing(name):
    days = {variable for variable in variables(name) if variable.endswith("DY") and variable != "VISITDY"}
    timed = {date.removesuffix("DTC") + "DY" for date in DATASETS[name].timing}

    assert timed == (days if name not in OWN_RULES else set())


@pytest.mark.parametrize("name", DATASETS)
def test_a_last_observation_flag_says_within_what(name):
    flagged = f"{name.upper()}LOBXFL" in variables(name)
    within = DATASETS[name].last_before_exposure

    assert bool(within) == (flagged and name not in OWN_RULES)
    assert set(within) <= set(variables(name))


def test_a_collected_value_has_one_submission_value_per_codelist():
    collected = CT[CT["collected"] != ""]
    assert collected[collected.duplicated(["codelist", "collected"])].empty


def test_test_codes_and_names_have_their_lengths():
    tests = CT[CT["codelist"].str.endswith(("TESTCD", "MITSCD", "DTHDXCD")) | CT["codelist"].str.startswith("SUPP")]
    assert tests["submission"].str.len().max() <= 8
    assert tests["label"].str.len().between(1, 40).all()


def test_every_rule_of_the_cut_names_variables_of_its_domain():
    for rule in CUT.to_dict("records"):
        known = {*variables(rule["domain"].lower()), "", "DEATH",
                 *CT.loc[CT["codelist"] == f"SUPP{rule['domain']}", "submission"]}
        assert {rule["variable"], rule["date"], rule["mark"]} <= known, rule


def test_every_domain_with_a_date_has_a_rule_of_the_cut():
    domains = [name.upper() for name in DATASETS if name != "se"]  # made of domains that are cut
    dated = {name for name in domains if {f"{name}DTC", f"{name}STDTC"} & set(variables(name.lower()))}
    of_cut_records = {"SV"}
    assert dated - of_cut_records == set(CUT.loc[CUT["action"] == "out", "domain"])


def names_written(spec):
    """The variables that the file of a dataset says itself; others are added from what is said of them elsewhere."""
    said = spec.said["variables"]
    return set(said) if isinstance(said, dict) else {one["name"] for one in said}


def test_what_a_product_says_of_a_variable_is_not_said_again_by_an_intermediate_and_the_rest_is_said():
    datasets = [spec for study in studies(SPECS.parent) for spec in load_specs(SPECS.parent, study).datasets.values()]
    handed = {variable.name for spec in datasets if not spec.intermediate for variable in spec.variables}
    written = [spec for spec in datasets if spec.intermediate and spec.path.parent.name in ("adam", "sdtm")]
    listed = {name for path in SPECS.parent.glob("*/baseline.yaml") for name in load_yaml(path)}  # said there, once
    told = {(spec.dataset, v.name, v.label != "") for spec in written for v in spec.variables
            if v.name not in listed and v.name in names_written(spec)}  # fmt: skip

    assert [(dataset, name) for dataset, name, said in sorted(told) if said == (name in handed)] == []
