"""An output is handed the columns of ADSL that it can read, and rests on these alone."""

from dataclasses import replace
from functools import cache, partial
from types import SimpleNamespace

import pandas as pd
import pytest
from read_once import specs_of
from tables import given

from pipeline.engine import results
from pipeline.engine.columns_read import columns_read, hashes_beside
from pipeline.engine.graph import build_graph
from pipeline.engine.node import DATA
from pipeline.engine.runner import Build, make
from pipeline.engine.store import Cache
from pipeline.ground.faults import ColumnError, TrialError

OUTPUT = "t_14_1_2"
ADSL = given("adsl", """
USUBJID SUBJID CARTSDT    COHORT AGE SAFFL INFFL DLTFL
1       01     2025-01-10 A      60  Y     Y     Y
2       02     2025-02-10 B      61  Y     Y     .
""")  # fmt: skip


@cache
def graph():
    return build_graph(specs_of("iomab_act"))


def build(folder, adsl=ADSL):
    """A build that has this ADSL and no other dataset."""
    made = Build(specs_of("iomab_act"), SimpleNamespace(), "2026-06-30", graph(), Cache(folder))
    made.entries["adsl"] = made.cache.write("adsl", "a" * 24, {DATA: adsl}, beside=partial(hashes_beside, "adsl"))
    return made


@pytest.mark.parametrize(
    ("changed", "anew"),
    [({}, False), ({"DLTFL": "N"}, False), ({"NEW": "1"}, False), ({"COHORT": "B"}, True), ({"USUBJID": "9"}, True)],
)  # fmt: skip
def test_an_output_rests_on_no_column_of_adsl_that_it_cannot_read(tmp_path, changed, anew):
    before, now = build(tmp_path / "1"), build(tmp_path / "2", ADSL.assign(**changed))
    node = graph()[OUTPUT]
    assert (now.digest(node) != before.digest(node)) == anew


def test_it_is_handed_no_other(tmp_path, monkeypatch):
    handed = []
    monkeypatch.setattr(results, "made", lambda shell, data: handed.append(data["adsl"]) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make(build(tmp_path), graph()[OUTPUT])
    assert [*handed[0]] == columns_read(graph()[OUTPUT], specs_of("iomab_act"), ADSL.columns)
    assert {"USUBJID", "CARTSDT", "COHORT", "SEX"} <= {*handed[0]} < {*ADSL.columns}


def test_code_that_reads_what_no_output_or_code_names_is_an_error_and_no_other_result(tmp_path, monkeypatch):
    def made(shell, data):
        return data["adsl"]["DLT" + "FL"]

    monkeypatch.setattr(results, "made", made)
    with pytest.raises(TrialError, match="needs DLTFL"):
        make(build(tmp_path), graph()[OUTPUT])


def test_what_nothing_has_is_told_beside_all_the_names_that_there_are(tmp_path, monkeypatch):
    def made(shell, data):
        raise ColumnError(", ".join(data["adsl"].columns), "", "")

    monkeypatch.setattr(results, "made", made)
    with pytest.raises(ColumnError, match="DLTEVLFL, DLTEVLRS, DLTFL, RESPFL"):
        make(build(tmp_path), graph()[OUTPUT])


def test_a_name_counts_where_an_output_says_it_or_is_given_it_by_a_decision():
    specs, known = specs_of("iomab_act"), ["DLTFL", "AGEU"]
    assert [name for name in specs.outputs if columns_read(graph()[name], specs, known)] == ["t_14_3_1"]

    node = replace(graph()[OUTPUT], settings=("ci_level",))
    decided = {"CI_LEVEL": replace(specs.decisions["CI_LEVEL"], value='AGEU == "YEARS"')}
    assert columns_read(node, replace(specs, decisions=decided), known) == ["AGEU"]


@pytest.mark.slow
@pytest.mark.parametrize("study", ["iomab_act", "bsab12", "cd38", "hem101"])
def test_the_results_are_those_of_the_whole_dataset(study_build, study, monkeypatch):
    made = study_build(study)
    of_family = {one.shell.family: name for name, one in made.specs.outputs.items() if "adsl" in one.shell.datasets}
    narrow = {name: make(made, made.graph[name])[DATA] for name in of_family.values()}
    monkeypatch.setattr(results, "given_of_adsl", lambda build, node, adsl: adsl)
    for name, one in narrow.items():
        pd.testing.assert_frame_equal(make(made, made.graph[name])[DATA], one, check_exact=True)
