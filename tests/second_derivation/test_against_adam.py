"""ADaM as the pipeline makes it against the second derivation: subject by subject, variable by variable."""

import datetime as dt
import math
from pathlib import Path

import pandas as pd
import pytest
import synthetic

from pipeline.engine.graph import order
from pipeline.publish.build import Request, opened
from tests.second_derivation import derive

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "iomab_act"
NEWEST = "2026-06-30"
DATASETS = ("adsl", "adrs", "adtte", "adcrs", "adae")

CASES = {
    "first extract": ("2026-03-31", "2026-03-31"),
    "second extract": (NEWEST, NEWEST),
    "second extract at the first cut": ("2026-06-30", "2026-03-31"),
    "second extract at a cut in 2025": ("2026-06-30", "2025-09-30"),
    "second extract at a cut in 2024": ("2026-06-30", "2024-12-31"),
    "synthetic extract": (None, "2026-06-30"),
}

FLAGS = ("ENRLFL", "ITTFL", "SAFFL", "INFFL", "EASFL", "EASEXRSN", "DLTEVLFL", "DLTEVLRS", "DLTFL", "COHORT")
DAYS = ("CONDSDT", "CARTSDT", "TRTSDT", "DTHDT", "LSTALVDT")
RESPONSES = ("BOR", "CRD30", "CRD100", "CRBEST")
TIMES = ("PFS", "PFSEMA", "DOR", "OS")
TOXICITY = ("CRSMAXGR", "CRSONS", "CRSDUR", "ICANSMAX", "ICANSONS", "ICANSDUR")

pytestmark = pytest.mark.slow


BUILDS = [pytest.param(n, id=n.replace(" ", "-")) for n in CASES]


@pytest.fixture(scope="session", params=BUILDS)
def both(request, study_build, tmp_path_factory):
    """Rows of the second derivation by subject, and the pipeline's datasets, of one extract and cut."""
    extract, cutoff = CASES[request.param]
    folder = DATA / extract if extract else tmp_path_factory.mktemp("synthetic") / cutoff
    if not extract:
        synthetic.synthesize(DATA / cutoff, folder, subjects=240, seed=20260630)
    build = study_build("iomab_act") if extract == NEWEST == cutoff else made_of(folder, cutoff, tmp_path_factory)
    datasets = {name: build.frame(name) for name in DATASETS}
    numbers = dict(zip(datasets["adsl"]["USUBJID"], datasets["adsl"]["SUBJID"], strict=True))
    records = {name: plain_records(dataset, numbers) for name, dataset in datasets.items()}
    return {row["SUBJID"]: row for row in derive.derive(folder, cutoff)}, records


def made_of(folder, cutoff, tmp_path_factory):
    """The datasets made of an extract at a cut; what no cut changes is made once."""
    out = tmp_path_factory.getbasetemp() / f"build of {folder.name}"
    build = opened(Request(study="iomab_act", extract=str(folder), cutoff=cutoff, out=str(out), root=str(ROOT)))
    for name in order(build.graph, DATASETS):
        build.ensure(name)
    return build


def plain_records(dataset: pd.DataFrame, numbers: dict) -> list[dict]:
    """Records as plain values: None for missing, dates as days, whole numbers as integers."""
    records = []
    for record in dataset.astype(object).to_dict("records"):
        plain = {name: plain_value(value) for name, value in record.items()}
        records.append(plain | {"SUBJID": numbers[plain["USUBJID"]]})
    return records


def plain_value(value):
    if value is None or value is pd.NA or value is pd.NaT or value == "":
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def reason(text: str | None) -> str | None:
    """A reason without blanks and with one way to write a sign."""
    return text and text.upper().replace(" ", "").replace("≥", ">=")


def parameters(records: list[dict], parameter: str, value: str) -> dict:
    """Value of one parameter by subject; more than one record of a subject is an error."""
    found = {}
    for record in records:
        if record["PARAMCD"] == parameter:
            assert record["SUBJID"] not in found, f"{parameter}: two records of {record['SUBJID']}"
            found[record["SUBJID"]] = record[value]
    return found


def differences(second: dict, variable: str, first: dict, rewrite=lambda value: value) -> list[str]:
    """One line for each subject in whom the two derivations differ."""
    lines = []
    for subject, row in second.items():
        mine, theirs = rewrite(row[variable]), rewrite(first.get(subject))
        if mine != theirs:
            lines.append(f"{subject} {variable}: ADaM {theirs}, second derivation {mine}")
    return lines


def assert_same(lines: list[str]) -> None:
    assert not lines, "\n" + "\n".join(lines)


def test_both_have_the_same_subjects(both):
    second, first = both
    assert second.keys() == {record["SUBJID"] for record in first["adsl"]}


@pytest.mark.parametrize("variable", FLAGS + DAYS)
def test_adsl_agrees(both, variable):
    """The reason for exclusion from the efficacy set is compared in the safety set: the plan names none outside."""
    second, first = both
    if variable == "EASEXRSN":
        second = {subject: row for subject, row in second.items() if row["SAFFL"] == "Y"}
    values = {record["SUBJID"]: record[variable] for record in first["adsl"]}
    rewrite = reason if variable in ("EASEXRSN", "DLTEVLRS") else lambda value: value
    assert_same(differences(second, variable, values, rewrite))


@pytest.mark.parametrize("parameter", RESPONSES)
def test_adrs_agrees(both, parameter):
    second, first = both
    assert_same(differences(second, parameter, parameters(first["adrs"], parameter, "AVALC")))


@pytest.mark.parametrize("part", ["AVAL", "CNSR"])
@pytest.mark.parametrize("parameter", TIMES)
def test_adtte_agrees(both, parameter, part):
    second, first = both
    values = parameters(first["adtte"], parameter, part)
    assert_same(differences(second, f"{parameter}_{part}", values))


@pytest.mark.parametrize("parameter", TOXICITY)
def test_adcrs_agrees(both, parameter):
    """The length of an episode without a known end is not compared: the plan gives it no value."""
    second, first = both
    closed = {
        subject: row for subject, row in second.items() if not (parameter.endswith("DUR") and row[f"{parameter}C"] == 1)
    }
    assert_same(differences(closed, parameter, parameters(first["adcrs"], parameter, "AVAL")))


def test_treatment_emergent_events_agree(both):
    second, first = both
    counts, grades = {}, {}
    for record in first["adae"]:
        if record["TRTEMFL"] == "Y":
            subject, grade = record["SUBJID"], record["ATOXGRN"]
            counts[subject] = counts.get(subject, 0) + 1
            grades[subject] = max(filter(None, (grades.get(subject), grade)), default=None)
    counts = {subject: counts.get(subject, 0) for subject in second}
    assert_same(differences(second, "TEAEN", counts) + differences(second, "TEAEMAXGR", grades))


@pytest.mark.parametrize("parameter", ["CRSDUR", "ICANSDUR"])
def test_open_episodes_are_marked_as_censored(both, parameter):
    second, first = both
    open_episodes = {subject for subject, row in second.items() if row[f"{parameter}C"] == 1}
    marked = parameters(first["adcrs"], parameter, "DURCNSR")
    assert open_episodes == {subject for subject, mark in marked.items() if mark == "Y"}
