"""What lint tells of a study that starts from SDTM made elsewhere."""

import pytest
from small_sdtm import STUDY, project

from pipeline.lint.report import lint

SHEET = "form,block,target,rule,source,where\nVS,*,"


def problems(tmp_path, **files):
    found, _ = lint(project(tmp_path, **files), "small")
    return [(p.file.removeprefix("specs/small/"), p.line, p.what) for p in found if p.kind == "error"]


def test_a_study_that_starts_from_sdtm_needs_no_forms(tmp_path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize(("file", "text", "line", "said"), [
    ("mapping/vx.csv", SHEET + "VSLOC,hardcode,ARM,\n", 1, "there is no domain VX"),
    ("mapping/vs.csv", SHEET + "VSLOX,hardcode,ARM,\n", 2, "target VSLOX"),
    ("mapping/vs.csv", SHEET + "VSTEST,hardcoded,ARM,\n", 2, "unknown rule hardcoded"),
    ("study.yaml", STUDY["study.yaml"] + "death: DTH.DTHDAT\n", 8, "death names a raw form"),
    ("study.yaml", STUDY["study.yaml"].replace("[cm,", "[cx,"), 7, "CX cannot be left uncollected"),
    ("study.yaml", STUDY["study.yaml"].replace("source: sdtm", "source: stdm"), 2, "source"),
])  # fmt: skip
def test_a_slip_is_told_with_its_place(file, text, line, said, tmp_path):
    found = problems(tmp_path, **{file: text})

    assert any((name, at) == (file, line) and said in what for name, at, what in found), found


def test_variables_of_a_contractor_are_known_only_when_they_are_there(tmp_path):
    assert problems(tmp_path, **{"mapping/vs.csv": SHEET + "VSLOBXFL,assign,VSBLFL,\n"}) == []
