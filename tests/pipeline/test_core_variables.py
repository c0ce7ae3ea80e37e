"""Every analysis dataset that people are handed carries the core variables of ADSL; recipes see none of them."""

from pathlib import Path

import pandas as pd
import pytest
from built import example
from read_once import specs_of

from pipeline.engine.core import handed, places, with_handed
from pipeline.engine.graph import build_graph, order
from pipeline.engine.parts import core
from pipeline.ground.conditions import SubjectSet
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Parameter, Period, Variable
from pipeline.study.core import with_core
from pipeline.study.csv_text import load_table
from pipeline.study.declared import Declared
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
LISTED = {"SITEID", "COHORT", "AGE", "SEX", "TRT01P", "TRT01A", "TRTSDT", "TRTEDT", "CARTSDT"}


def adsl(*core_variables, without=()):
    names = ("STUDYID", "USUBJID", "AGE", "SAFFL")
    return DatasetSpec("adsl", "adam", "ADSL", variables=tuple(Variable(name, type="text") for name in names),
                       core_variables=core_variables, without=without)  # fmt: skip


def carried(*datasets, sets=()):
    found = with_core({one.name: one for one in datasets}, Declared(sets=sets))
    return {name: (spec.names, spec.carried) for name, spec in found.items() if name != "adsl"}


def dataset(name, *names, layer="adam", intermediate=False, **words):
    return DatasetSpec(name, layer, variables=tuple(Variable(n) for n in names), intermediate=intermediate, **words)


@pytest.mark.parametrize(("one", "names"), [
    (dataset("addlt", "STUDYID", "USUBJID", "DLTN"), ("STUDYID", "USUBJID", "AGE", "SAFFL", "DLTN")),
    (dataset("adae", "STUDYID", "USUBJID", "SAFFL"), ("STUDYID", "USUBJID", "AGE", "SAFFL")),
    (dataset("emergence", "STUDYID", "USUBJID", intermediate=True), ("STUDYID", "USUBJID")),
    (dataset("ae", "STUDYID", "USUBJID", layer="sdtm"), ("STUDYID", "USUBJID")),
])  # fmt: skip
def test_a_dataset_that_people_are_handed_carries_what_is_listed_and_the_flags_of_sets_it_has_not(one, names):
    saf = SubjectSet("SAF", "Safety", flag="SAFFL")
    assert carried(adsl("AGE"), one, sets=(saf,))[one.name][0] == names


def test_a_core_variable_that_adsl_has_not_is_a_slip_but_not_one_that_the_study_goes_without(tmp_path):
    spec = tmp_path / "adsl.yaml"
    spec.write_text("dataset: ADSL\ncore_variables: [AGE, AEG]\n", encoding="utf-8")
    with pytest.raises(TrialError, match="core variable AEG") as told:
        with_core({"adsl": DatasetSpec(**{**vars(adsl("AGE", "AEG")), "path": spec})}, Declared())
    assert (told.value.cure, told.value.where) == ("did you mean AGE?", f"{spec}, line 2, column 23")
    assert carried(adsl("AGE", "AEG", without=("AEG",)), dataset("adae", "STUDYID", "USUBJID"))["adae"][1] == ("AGE",)


def test_the_values_are_those_of_the_subject_and_records_stay_as_they_were():
    spec = with_core({"adsl": adsl("AGE"), "adae": dataset("adae", "STUDYID", "USUBJID", "AESEQ")}, Declared())["adae"]
    records = pd.DataFrame({"STUDYID": "S", "USUBJID": ["2", "1", "2"], "AESEQ": [2, 1, 1]})
    people = pd.DataFrame({"STUDYID": "S", "USUBJID": ["1", "2"], "AGE": ["60", "70"], "SAFFL": "Y"})
    told = core([records, people], spec, {})
    assert list(told.columns) == ["STUDYID", "USUBJID", "AGE", "AESEQ"]
    assert told[["USUBJID", "AESEQ", "AGE"]].values.tolist() == [["2", 2, "70"], ["1", 1, "60"], ["2", 1, "70"]]


BDS = ("STUDYID", "USUBJID", "PARAMCD", "PARAM", "ADT", "TRTSDT")


@pytest.mark.parametrize(("words", "names", "made"), [
    ({"keys": ("USUBJID", "AESEQ")}, ("USUBJID", "AESEQ"), "USUBJID ASEQ AESEQ"),
    ({"keys": ("USUBJID",)}, ("USUBJID", "DLTN"), "USUBJID DLTN"),
    ({"keys": ("USUBJID", "PARAMCD"), "category": "ECG"}, BDS,
     "STUDYID USUBJID ASEQ PARCAT1 PARAMCD PARAM PARAMN ADT ADY TRTSDT"),
    ({"keys": ("USUBJID", "PARAMCD")}, BDS[1:5], "USUBJID ASEQ PARAMCD PARAM PARAMN ADT"),
    ({"keys": ("USUBJID", "ASEQ"), "without": ("ADY",)}, (*BDS, "ASEQ"),
     "STUDYID USUBJID PARAMCD PARAM PARAMN ADT TRTSDT ASEQ"),
])  # fmt: skip
def test_records_are_numbered_by_what_their_dataset_does_not_make_itself(words, names, made):
    assert " ".join(carried(DatasetSpec("adsl", "adam"), dataset("adxx", *names, **words))["adxx"][0]) == made


def test_records_have_their_place_that_of_their_parameter_its_category_and_the_day_of_treatment():
    parameters = (Parameter("B", "Second", "", category="OWN"), Parameter("A", "First", ""))
    spec = dataset("adxx", *BDS, keys=("USUBJID", "PARAMCD"), category="ALL", parameters=parameters)
    spec = with_core({"adsl": DatasetSpec("adsl", "adam"), "adxx": spec}, Declared())["adxx"]
    records = pd.DataFrame({"STUDYID": "S", "USUBJID": ["1", "1", "2"], "PARAMCD": ["B", "A", "X"], "PARAM": "P",
                            "ADT": pd.to_datetime(["2025-01-10", "2025-01-09", None]),
                            "TRTSDT": pd.to_datetime("2025-01-10")})  # fmt: skip
    told = core([records, records[["USUBJID"]].drop_duplicates()], spec, {"B": 1, "A": 2})
    assert told[["ASEQ", "PARCAT1", "PARAMN", "ADY"]].astype(object).fillna("").to_numpy().tolist() == [
        [1, "OWN", 1, 1], [2, "ALL", 2, -1], [1, "ALL", "", ""]]  # fmt: skip


def test_a_parameter_has_its_place_in_the_list_a_test_in_that_of_tests_and_the_study_adds_last():
    ct = pd.DataFrame({"codelist": ["LBTESTCD", "VSTESTCD", "LBTESTCD"], "submission": ["WBC", "TEMP", "ALB"]})
    specs = specs_of("bsab12")
    assert places("adlb", specs, ct) == {"WBC": 1, "ALB": 2}
    assert list(places("adtte", specs, ct).items())[:2] == [("DOCR", 1), ("DOR", 2)]
    assert next(iter(places("adfa", specs, ct))) == load_table(specs.tests["fa"])["test"][0]


@pytest.mark.parametrize("study", studies(ROOT))
def test_every_dataset_of_a_study_but_adsl_carries_them(study):
    datasets = specs_of(study).datasets
    flags = {one.flag for one in specs_of(study).declared.sets if one.flag}
    told = [one for one in datasets.values() if one.layer == "adam" and not one.intermediate and one.name != "adsl"]
    assert {spec.name: (LISTED | flags) - {*spec.names} for spec in told} == {spec.name: set() for spec in told}


def test_a_set_may_rest_on_a_dataset_that_carries_its_flag():
    """Responders are told by ADRS, and ADRS says of each record whether it is a responder's."""
    specs = example()
    graph = build_graph(specs)
    assert "RESPFL" in specs.datasets["adrs"].carried
    assert order(graph).index("adrs") < order(graph).index("adsl") < order(graph).index("adrs@core")


def test_what_is_asked_for_by_name_is_made_as_it_is_handed_out():
    graph = build_graph(example())
    assert with_handed(["cm", "adae", "adsl"], graph) == ["cm", "adae", "adae@core", "adsl"]
    assert handed("adsl", graph) == "adsl"


def test_with_several_periods_the_parts_together_carry_them_once():
    graph = build_graph(example(periods=(Period("First", "EXSEQ <= 2"), Period("Again", "EXSEQ > 2"))))
    assert {name for name in graph if name.startswith("adae@")} == {"adae@1", "adae@2", "adae@core"}
    assert graph["adae@core"].needs == ("adae", "adsl")
