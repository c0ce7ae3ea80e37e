"""An output is handed the variables of analysis datasets that it can read, and rests on these alone."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest
from read_once import specs_of
from tables import given

from pipeline.engine import results
from pipeline.engine.columns_read import COLUMNS, columns_read, hashes_beside
from pipeline.engine.graph import build_graph
from pipeline.engine.node import DATA
from pipeline.engine.output_view import as_seen
from pipeline.engine.runner import Build, make
from pipeline.engine.store import Cache, Entry, parquet_bytes, read_parquet
from pipeline.ground.faults import ColumnError, DefectError

OUTPUT, OF_EVENTS = "t_14_1_2", "t_14_3_5"
ADSL = given("adsl", """
USUBJID SUBJID CARTSDT    COHORT AGE SAFFL INFFL DLTFL
1       01     2025-01-10 A      60  Y     Y     Y
2       02     2025-02-10 B      61  Y     Y     .
""")  # fmt: skip
ADAE = given("adae", """
USUBJID AESEQ ASTDT      AEDECOD TRTEMFL AEACN
1       1     2025-01-12 Nausea  Y       NONE
2       1     2025-02-14 Rash    Y       NONE
""")  # fmt: skip


@cache
def graph():
    return build_graph(specs_of("iomab_act"))


def build(folder, adsl=ADSL, adae=ADAE):
    """A build that has this ADSL, this ADAE and no other dataset."""
    made = Build(specs_of("iomab_act"), SimpleNamespace(), "2026-06-30", graph(), Cache(folder))
    for name, dataset in (("adsl", adsl), ("adae", adae)):
        made.entries[name] = made.cache.write(name, "a" * 24, {DATA: dataset}, beside=hashes_beside)
    return made


@pytest.mark.parametrize(
    ("changed", "anew"),
    [({}, False), ({"DLTFL": "N"}, False), ({"NEW": "1"}, False), ({"COHORT": "B"}, True), ({"USUBJID": "9"}, True)],
)  # fmt: skip
def test_an_output_rests_on_no_column_of_adsl_that_it_cannot_read(tmp_path, changed, anew):
    before, now = build(tmp_path / "1"), build(tmp_path / "2", ADSL.assign(**changed))
    node = graph()[OUTPUT]
    assert (now.digest(node) != before.digest(node)) == anew


@pytest.mark.parametrize(
    ("changed", "anew"),
    [({}, False), ({"AEACN": "OTHER"}, False), ({"TRTEMFL": "N"}, True), ({"AEDECOD": "Other"}, True),
     ({"ASTDT": pd.Timestamp("2025-03-01")}, True), ({"AESEQ": 3}, True)],
)  # fmt: skip
def test_nor_on_one_of_another_analysis_dataset(tmp_path, changed, anew):
    before, now = build(tmp_path / "1"), build(tmp_path / "2", adae=ADAE.assign(**changed))
    node = graph()[OF_EVENTS]
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
    with pytest.raises(DefectError, match="reads DLTFL, which it was not handed"):
        make(build(tmp_path), graph()[OUTPUT])


@pytest.mark.parametrize(("name", "told"), [("AEACN", "T-14.3.5 reads AEACN, which"), ("NOWHERE", "division")])
def test_code_that_only_asks_whether_there_is_such_a_one_is_an_error_where_there_is(tmp_path, monkeypatch, name, told):
    monkeypatch.setattr(results, "made", lambda shell, data: 1 / (name in data["adae"].assign(NEW=1)))
    with pytest.raises((DefectError, ZeroDivisionError), match=told):
        make(build(tmp_path), graph()[OF_EVENTS])


@pytest.mark.parametrize(
    ("said", "beside"),
    [("AVISIT", "AVISITN AWTARGET"), ("PARAMCD", "PARAMN"), ("AEBODSYS", "AEBODSYSN"), ("AECAT1", "AECA1N"),
     ("AVAL", "AVALC"), ("LBSTRESN", "LBSTRESC")],
)  # fmt: skip
def test_what_is_looked_for_beside_a_variable_is_handed_with_it(said, beside):
    specs = specs_of("iomab_act")
    shell = specs.outputs[OUTPUT].shell
    output = replace(specs.outputs[OUTPUT], shell=replace(shell, population=replace(shell.population, where=said)))
    told = replace(specs, outputs=specs.outputs | {OUTPUT: output})
    assert {said, *beside.split()} <= {*columns_read(graph()[OUTPUT], told, [said, "OTHER", *beside.split()], "adlb")}


@pytest.mark.parametrize("dates", ["ASTDT ASTDTF", "AESTDTC AEENDTC", "ADT AEDTC"])
def test_records_are_dated_and_sourced_by_what_every_output_is_handed(dates):
    dataset = ADAE.drop(columns=["ASTDT"]).assign(**dict.fromkeys(dates.split(), "2025-01-12"))
    for name in [name for name in dates.split() if name in ("ASTDT", "ADT")]:
        dataset[name] = pd.to_datetime(dataset[name])
    told = columns_read(graph()[OUTPUT], specs_of("iomab_act"), dataset.columns, "adae")
    narrow, whole = as_seen("adae", dataset[told], ADSL), as_seen("adae", dataset, ADSL)
    assert "AEACN" not in told
    pd.testing.assert_frame_equal(narrow, whole[narrow.columns])


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


@pytest.mark.parametrize(
    ("changed", "anew"), [({"DLTEVLFL": "other"}, False), ({"ASTDT": "other"}, True), ({"AEDECOD": "other"}, False)]
)
def test_the_table_of_the_data_cut_rests_on_what_tells_days_and_on_how_many_records_there_are(changed, anew):
    columns = {"equal": {}, "before": {"ASTDT": "a", "AEDECOD": "b", "DLTEVLFL": "c"}}
    columns["now"] = columns["before"] | changed
    known = dict.fromkeys(graph(), Entry("", {COLUMNS: "equal"}))
    delivery = SimpleNamespace(hashes={}, manifest=SimpleNamespace(digest=""))

    def digest(noted, records=2):
        entries = known | {"adae@core": Entry("", {COLUMNS: noted}, records)}
        made = Build(specs_of("iomab_act"), delivery, "2026-06-30", graph(), None, entries=entries, columns=columns)
        return made.digest(graph()["data_cut"])

    assert (digest("now") != digest("before")) == anew
    assert digest("before", records=3) != digest("before")


@pytest.mark.slow
@pytest.mark.parametrize("study", ["iomab_act", "bsab12", "cd38", "hem101"])
def test_the_results_are_those_of_the_whole_datasets(study_build, study, monkeypatch):
    made = study_build(study)
    of_kind = {(one.shell.family, *one.shell.datasets): name for name, one in made.specs.outputs.items()}
    monkeypatch.setattr(results, "given_columns", lambda build, node, need, dataset: dataset)
    for name in of_kind.values():
        of_whole = read_parquet(parquet_bytes(make(made, made.graph[name])[DATA]))
        pd.testing.assert_frame_equal(of_whole, made.frame(name), check_exact=True)
