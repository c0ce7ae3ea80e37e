"""A pool stacks the datasets of finished studies: what one lacks is missing and told, nothing is taken for another."""

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.engine.pool import lacked, of_pool, stacked
from pipeline.engine.store import file_hash, parquet_bytes, seal
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.intake.pool import FinishedBuild, Pool
from pipeline.publish.pool import opened_pool
from pipeline.study.pool import DATASETS, studies_of
from pipeline.study.specs import load_specs

ROOT = Path(__file__).resolve().parents[2]
POOL = "cd38+hem101"
SPEC = DatasetSpec(
    dataset="ADCRS", variables=tuple(map(Variable, ("STUDYID", "USUBJID", "PARAMCD", "AVAL", "WARD"))),
    parameters=(Parameter("MAXGR", "Maximum Grade", ""), Parameter("ONS", "Onset", "")),
)  # fmt: skip


def records(study, *rows, **more):
    frame = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "AVAL"]).assign(STUDYID=study, **more)
    return frame.astype({"AVAL": "float64"})


ONE = records("ONE", ("ONE-1", "MAXGR", 3), ("ONE-1", "ONS", 2), WARD="B")
TWO = records("TWO", ("TWO-1", "MAXGR", 1), ("TWO-1", "SCALE", 9))


def test_what_a_study_lacks_is_missing_and_told_and_what_only_it_has_stays_with_it():
    whole, told = stacked({"ONE": ONE, "TWO": TWO}, SPEC)

    assert whole[["STUDYID", "PARAMCD", "AVAL"]].values.tolist() == [
        ["ONE", "MAXGR", 3], ["ONE", "ONS", 2], ["TWO", "MAXGR", 1]]  # fmt: skip
    assert list(whole["WARD"].fillna("")) == ["B", "B", ""]
    assert [*zip(told["check"], told["field"], told["value"], strict=True)] == [
        ("POOL-VARIABLE", "WARD", "TWO"), ("POOL-PARAMETER", "ONS", "TWO"), ("POOL-LEFT", "", "TWO")]  # fmt: skip


def test_a_subject_key_is_of_one_study():
    same = records("TWO", ("ONE-1", "MAXGR", 1))

    with pytest.raises(TrialError, match="ONE-1 is in two studies"):
        stacked({"ONE": ONE, "TWO": same}, SPEC)


def test_a_page_says_what_it_asks_for_and_a_study_lacks_also_in_a_worker_that_made_nothing():
    _, told = stacked({"ONE": ONE, "TWO": TWO}, SPEC)
    of = SimpleNamespace(
        specs=SimpleNamespace(outputs={"t_1": SimpleNamespace(shell='PARAMCD == "ONS"')}), entries={},
        graph={"t_1": SimpleNamespace(needs=("adcrs", "adtte"))}, known=lambda need: need == "adcrs",
        frame=lambda need, file: told,
    )  # fmt: skip

    assert lacked(of, "t_1") == ["TWO has no ADCRS ONS."]


def build(study, **decisions):
    return FinishedBuild(study.lower(), study, "", "", "", decisions)


def test_a_decision_is_that_of_the_studies_where_they_differ_that_of_each_in_words():
    specs = load_specs(ROOT, POOL)
    one = build("ONE", TEAE_END_DAY=30, ICE_OVER="FULL SCORE", PERCENT_MIN_N=0)
    two = build("TWO", TEAE_END_DAY=None, ICE_OVER="FULL SCORE", PERCENT_MIN_N=0)

    decided = of_pool(specs, Pool(Path(), {}, builds=(one, two))).decisions

    assert decided["TEAE_END_DAY"].value == "30 (ONE); none (TWO)"
    assert decided["ICE_OVER"].value == "FULL SCORE"
    assert decided["PERCENT_MIN_N"].value == specs.decisions["PERCENT_MIN_N"].value, "outputs decide that for the pool"


def test_columns_of_a_pool_are_its_studies():
    columns = load_specs(ROOT, POOL).outputs["t_14_3_1"].shell.columns

    assert [(one.id, one.where) for one in columns] == [
        ("CD38", 'STUDYID == "CD38-BALL-01"'), ("HEM101", 'STUDYID == "HemC101-01-01"'), ("TOTAL", "")]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"), [("cd38+cd38", "cd38 is named twice"), ("cd38+hem10l", "Unknown study 'hem10l'")]
)
def test_a_pool_is_of_studies_that_there_are_each_once(name, said):
    with pytest.raises(TrialError, match=said):
        studies_of(name) and load_specs(ROOT, name)


def products(folder, stale=()):
    """The least that a finished build leaves."""
    (folder / "adam").mkdir(parents=True)
    for one in DATASETS:
        (folder / "adam" / f"{one}.parquet").write_bytes(parquet_bytes(ONE))
    files = {f"adam/{one}.parquet": file_hash(folder / "adam" / f"{one}.parquet") for one in DATASETS}
    manifest = {
        "study": folder.name.upper(), "extract": {"name": "june"}, "cutoff": "2026-06-30", "run": "1", "build": "2",
        "decisions": {}, "dictionaries": {"meddra": f"2{len(folder.name)}"}, "stale": list(stale), "failed": {},
        "summary": {"findings": {"major": 2}, "further": {}}, "files": files,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest | {"seal": seal(manifest)}))


def test_builds_are_read_as_they_were_published(tmp_path):
    products(tmp_path / "one")
    products(tmp_path / "three")
    pool = opened_pool(tmp_path, ["one", "three"])

    assert pool.manifest.dictionaries == {"meddra": "23 (ONE); 25 (THREE)"}
    assert pool.counted({"major": 0}, {"major": 1}) == ({"major": 4}, {"major": 1})


def test_what_is_no_finished_build_is_told_with_its_cure(tmp_path):
    products(tmp_path / "stale", stale=["adae"])
    products(tmp_path / "altered")
    (tmp_path / "altered" / "adam" / "adtte.parquet").write_bytes(b"")

    told = {"none": "none is not built", "stale": "ADAE of stale is stale", "altered": "was altered"}
    for name, said in told.items():
        with pytest.raises(TrialError, match=said):
            opened_pool(tmp_path, [name])
