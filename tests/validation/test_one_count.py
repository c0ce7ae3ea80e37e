"""`trial validate` and a build count the same open queries, by one definition."""

import pytest
from check_case import ROOT
from mini_study import extract, files, project, vital
from read_once import specs_of

from pipeline.desk.command import cut_of
from pipeline.gate.snapshot import take_snapshot
from pipeline.gate.step import open_findings
from pipeline.gate.validation import validate
from pipeline.ground.queries import SEVERITIES
from pipeline.intake.delivery import find_extract, open_delivery

pytestmark = pytest.mark.slow

DAY = "2026-01-31"
LINE = "RAW-RANGE,VS,1,TEMP,99,a thermometer of its own,the monitor,\n"
WRONG = {
    "nothing wrong": ([vital("1", "37")], ""),
    "one cell, one query": ([vital("1", "99")], ""),
    "an accepted deviation": ([vital("1", "99"), vital("2", "99")], LINE),
    "a line of the register that cannot be used": ([vital("1", "99")], LINE.replace("99", "98")),
    "an unknown subject": ([vital("1", "37"), vital("2", "99", subject="1010099")], ""),
}


def counts_of_a_build(specs, delivery, cutoff):
    findings = open_findings(specs, delivery, cutoff)
    asked = findings.loc[findings["check"] != "GATE-REGISTER", "severity"].value_counts()
    return {severity: int(asked.get(severity, 0)) for severity in SEVERITIES[:-1]}


@pytest.mark.parametrize("title", WRONG)
def test_validate_and_build_count_the_same(tmp_path, title):
    rows, accepted = WRONG[title]
    specs = project(tmp_path)
    with (specs.folder / "accepted.csv").open("a") as register:
        register.write(accepted)
    delivery = extract(tmp_path, DAY, files(rows))

    assert validate(specs, delivery, DAY).counts() == counts_of_a_build(specs, delivery, DAY)


@pytest.mark.parametrize("study", ["iomab_act", "bsab12"])
def test_so_they_do_on_the_example_studies(study, monkeypatch):
    specs = specs_of(study)
    delivery = open_delivery(find_extract(ROOT, study, specs.study.data))
    cutoff = cut_of("", delivery, specs)
    taken = take_snapshot(specs, delivery, cutoff)
    for module in ("validation", "step"):
        monkeypatch.setattr(f"pipeline.gate.{module}.take_snapshot", lambda *_: taken)

    assert validate(specs, delivery, cutoff).counts() == counts_of_a_build(specs, delivery, cutoff)
