"""What the ADaM specs say is held: variables are asserted, parameters made as listed, qualifiers said by name."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from recipes import everything
from tables import STANDARD, given, spec

from pipeline.study.specs import load_specs

pytestmark = pytest.mark.slow

NAMES = sorted(path.stem for path in (STANDARD / "adam").glob("*.yaml"))
READERS = ("READER 1", "READER 2", "ADJUDICATOR 1", ".")
LISTED = [name for name in NAMES if "parameters" in spec(name)]


@pytest.fixture(scope="module")
def analysed():
    """Everything that is made of one infused subject with one time point, and one event of each toxicity."""
    toxic = ("Cytokine release syndrome", "Immune effector cell-associated neurotoxicity syndrome")
    return everything({
        "dm": given("dm", "USUBJID\nA"),
        "ex": given("ex", "USUBJID | EXCAT | EXDOSE | EXSTDTC\nA | CELLS | 100 | 2025-01-10"),
        "ae": given("ae", "USUBJID | AEDECOD | AESTDTC | AETOXGR\n" + "\n".join(
            f"A | {term} | 2025-01-12 | 1" for term in toxic)),
        "rs": given("rs", "USUBJID | RSCAT | RSEVAL | RSEVALID | RSTESTCD | RSSTRESC | RSDTC\n" + "\n".join(
            f"A | LUGANO CLASSIFICATION | {reader} | OVRLRESP | PR | 2025-02-10" for reader in (
                "INVESTIGATOR | .", *(f"INDEPENDENT ASSESSOR | {name}" for name in READERS)))),
        "tr": given("tr", "USUBJID | TRGRPID | TRLNKID | TRLNKGRP | TRTESTCD | TRSTRESN | TRDTC\n"
                          "A | TARGET | T1 | DAY 30 | LDIAM | 20 | 2025-02-10"),
    })  # fmt: skip


def test_every_dataset_with_its_own_parameters_lists_them():
    made_by_a_table = {"adtte", "adttecr", "adfa", "adex"}  # endpoints, tests of FA, doses
    made_by_a_table |= {"response_summary"}  # part of ADRS
    made_by_a_table |= {"central_points"}  # listed by ADRS
    made_by_a_table |= {"advs", "adeg", "adlb", "adqs"}  # the tests of a domain
    made_by_a_table |= {"adpc", "adpp"}  # samples and parameters of kinetics
    made_by_a_table |= {"addtox"}  # the toxicities of toxicities.yaml
    made_by_a_table |= {name for name in NAMES if name.endswith("_sources")}
    assert {name for name in NAMES if "PARAMCD" in str(spec(name)["variables"])} - made_by_a_table == set(LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_the_parameters_listed_are_the_parameters_made(analysed, name):
    listed = load_specs(STANDARD.parents[1], "iomab_act").datasets[name].parameter_labels
    made = analysed[name].drop_duplicates("PARAMCD")

    assert dict(zip(made["PARAMCD"], made["PARAM"], strict=True)) == listed


@pytest.mark.parametrize("name", NAMES)
def test_a_source_that_is_a_supplemental_qualifier_says_which(name):
    entries = [*spec(name)["variables"], *spec(name).get("parameters", [])]

    assert [e for e in entries if re.search(r"SUPP\w\w\.QVAL(?!\[QNAM=\w+\])", e.get("source", ""))] == []


TESTS = Path(__file__).resolve().parents[1]
ASSERTING = [*sorted((TESTS / "stories").glob("*.py")), *sorted((TESTS / "adam").glob("*.py")),
             TESTS / "second_derivation" / "test_against_adam.py"]  # fmt: skip
INPUT = ("given", "supp", "table")  # what a test is given, it does not assert


def texts(node: ast.AST) -> Iterator[str]:
    """The texts of a test that are not its input."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in INPUT:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


def makers(dataset: str, variable: str) -> list[str]:
    """The dataset, and the intermediates that make the variable for it."""
    parts = [n for n in NAMES if spec(n).get("intermediate") == "true"]
    return [dataset, *(n for n in parts if variable in {v["name"] for v in spec(n)["variables"]})]


def test_every_derived_variable_is_asserted_by_a_story_or_the_second_derivation():
    """A variable counts as asserted where a test of its dataset, or of the intermediate it comes from, expects it."""
    sources = {path: path.read_text(encoding="utf-8") for path in ASSERTING}
    words = {path: set(re.findall(r"\w+", " ".join(texts(ast.parse(text))))) for path, text in sources.items()}
    silent = set()
    for name in [n for n in NAMES if spec(n).get("intermediate") == "false"]:
        for variable in [v["name"] for v in spec(name)["variables"] if v.get("origin") == "Derived"]:
            near = re.compile(rf"\b({'|'.join(makers(name, variable))})\b")
            if not any(variable in words[path] for path, text in sources.items() if near.search(text)):
                silent.add((name.upper(), variable))
    with (TESTS / "unasserted.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["dataset"], row["variable"]): row["reason"] for row in csv.DictReader(file)}

    assert silent == set(known), "assert what is missing by a story; take out of tests/unasserted.csv what is asserted"
    assert all(known.values())
