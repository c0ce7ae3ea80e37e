"""What the ADaM specs say is held: parameters are listed and made, sources say which qualifier they mean."""

import re

import pytest
from recipes import everything
from tables import STANDARD, given, spec

NAMES = sorted(path.stem for path in (STANDARD / "adam").glob("*.yaml"))
LISTED = [name for name in NAMES if "parameters" in spec(name)]


@pytest.fixture(scope="module")
def analysed():
    """Everything that is made of one infused subject with one time point."""
    return everything({
        "dm": given("dm", "USUBJID\nA"),
        "ex": given("ex", "USUBJID | EXCAT | EXDOSE | EXSTDTC\nA | CELLS | 100 | 2025-01-10"),
        "rs": given("rs", "USUBJID | RSCAT | RSEVAL | RSTESTCD | RSSTRESC | RSDTC\n"
                          "A | LUGANO CLASSIFICATION | INVESTIGATOR | OVRLRESP | PR | 2025-02-10"),
    })  # fmt: skip


def test_every_dataset_with_its_own_parameters_lists_them():
    made_by_a_table = {"adtte", "adfa", "response_summary"}  # endpoints.csv, the tests of FA, part of ADRS
    assert {name for name in NAMES if "PARAMCD" in str(spec(name)["variables"])} - made_by_a_table == set(LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_the_parameters_listed_are_the_parameters_made(analysed, name):
    listed = {entry["code"]: entry["label"] for entry in spec(name)["parameters"]}
    made = analysed[name].drop_duplicates("PARAMCD")

    assert dict(zip(made["PARAMCD"], made["PARAM"], strict=True)) == listed


@pytest.mark.parametrize("name", NAMES)
def test_a_source_that_is_a_supplemental_qualifier_says_which(name):
    entries = [*spec(name)["variables"], *spec(name).get("parameters", [])]

    assert [e for e in entries if re.search(r"SUPP\w\w\.QVAL(?!\[QNAM=\w+\])", e.get("source", ""))] == []
