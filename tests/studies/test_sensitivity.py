"""`trial sensitivity`: which decision moves which headline result, by how much, and who enters or leaves a set."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from read_once import specs_of

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Headline
from pipeline.publish.build import Request, opened
from pipeline.study.scenarios import Scenario, named
from pipeline.why.sensitivity import change, differences, moved, save, scenarios, tornado

ROOT = Path(__file__).resolve().parents[2]
SPECS = specs_of("iomab_act")


def test_every_other_choice_of_a_list_or_flag_is_tried_and_every_scenario_of_the_study():
    names = {one.name for one in scenarios(SPECS)}
    assert {"DLT_MED=ANY", "DLT_MED=BOTH", "DLT_MED=CELLS", "EAS_NE=N", "STRICT_RESPONSE"} <= names
    assert not {"DLT_MED=COND", "EAS_NE=Y"} & names  # in force
    assert not any(name.startswith("DLT_DAYS=") for name in names)  # a number has no list of choices


def test_asked_for_by_decision_or_by_name():
    assert {one.name for one in scenarios(SPECS, ["eas_ne", "STRICT_RESPONSE", "DLT_MED=ANY"])} == {
        "EAS_NE=N", "STRICT_RESPONSE", "DLT_MED=ANY"}  # fmt: skip
    with pytest.raises(TrialError, match="Unknown decision or scenario 'EAS_NN'") as error:
        scenarios(SPECS, ["EAS_NN"])
    assert "EAS_NE" in error.value.cure


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("A: {label: Other, decisions: {EAS_NN: N}}", "Unknown decision 'EAS_NN'"),
        ("A: {label: Other, decisions: {EAS_NE: MAYBE}}", "Decision EAS_NE cannot be 'MAYBE'"),
    ],
)
def test_a_scenario_of_what_is_no_choice_is_told_with_its_line(tmp_path, content, says):
    (tmp_path / "scenarios.yaml").write_text(content)
    with pytest.raises(TrialError, match=says) as error:
        list(named(SPECS, tmp_path / "scenarios.yaml"))
    assert "scenarios.yaml, line 1" in error.value.where


@pytest.mark.parametrize(
    ("show", "old", "new", "by"),
    [
        ("{n:x}/{N:x} {estimate%:x.x} %", {"estimate": 0.4, "n": 4.0}, {"estimate": 0.25, "n": 3.0}, -15.0),
        ("{estimate:x.x} months", {"estimate": 5.0}, {"estimate": 6.5}, 1.5),
        ("{n:x}", {"n": 3.0}, {"n": 5.0}, 2.0),
        ("{n:x}", {}, {"n": 5.0}, np.nan),
    ],
)
def test_the_change_is_of_the_main_statistic_and_of_a_proportion_in_percentage_points(show, old, new, by):
    assert change(Headline("Label", "T-1", "row", "A", show), old, new) == pytest.approx(by, nan_ok=True)


def test_who_enters_or_leaves_a_set_is_told_where_no_result_moves():
    silent = dataclasses.replace(SPECS, study=dataclasses.replace(SPECS.study, headline=()))
    adsl = pd.DataFrame({"USUBJID": ["S-1", "S-2", "S-3"], "EASFL": ["Y", "N", "Y"]})
    other = Scenario("EAS_NE=N", "", {"EAS_NE": "N"})
    (row,) = differences(other, silent, {"adsl": adsl}, {"adsl": adsl.assign(EASFL=["N", "Y", "Y"])}).to_dict("records")
    assert (row["SCENARIO"], row["RESULT"], row["SUBJECTS"]) == ("EAS_NE=N", "", "EASFL: +2 -1")
    assert differences(other, silent, {"adsl": adsl}, {"adsl": adsl}).empty


def test_a_tornado_has_the_widest_bar_first_from_the_choice_in_force():
    told = {"SCENARIO": ["A=1", "B=2"], "AFTER": ["30 %", "55 %"], "BEFORE": "40 %", "CHANGE": [-10.0, 15.0]}
    rows = pd.DataFrame(told)
    panel = tornado(rows, "Response")
    assert [(row.label, row.lower, row.estimate, row.upper) for row in panel.rows] == [
        ("B=2", 0.0, 15.0, 15.0), ("A=1", -10.0, -10.0, 0.0)]  # fmt: skip
    assert panel.reference == 0.0


@pytest.mark.slow
def test_the_dlt_set_of_the_other_choice_is_the_one_that_addlt_tells(study_out, tmp_path):
    """ADDLT says of every subject whether another choice of DLT_MED has it in the set: a second derivation."""
    out = study_out("iomab_act")
    addlt = pd.read_parquet(out / "adam" / "addlt.parquet")
    build = opened(Request(root=str(ROOT), study="iomab_act", out=str(out)))
    found = {scenario.name: table for scenario, table in moved(build, scenarios(build.specs, ["DLT_MED"]))}
    any_of = found["DLT_MED=ANY"].iloc[0]
    assert any_of["OUTPUT"] == "T-14.3.1"
    assert any_of["AFTER"].split()[0].endswith(f"/{int(addlt['EVLANY'].eq('Y').sum())}")
    assert any_of["BEFORE"].split()[0].endswith(f"/{int(addlt['EVLCOND'].eq('Y').sum())}")
    entered = set(addlt.loc[addlt["EVLANY"].eq("Y") & addlt["EVLCOND"].ne("Y"), "USUBJID"].str.rpartition("-")[2])
    assert {word[1:] for word in any_of["SUBJECTS"].split() if word.startswith("+")} == entered
    files = save(list(found.values()), build.specs, tmp_path / "made")
    assert [path.name for path in files][:3] == ["sensitivity.csv", "tornado_1.png", "tornado_1.svg"]
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == sorted(path.name for path in files)
