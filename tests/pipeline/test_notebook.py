"""A study at hand in Python: the tutorial runs, and what is asked wrongly is said in words."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline import open_study
from pipeline.engine.core import handed
from pipeline.ground.faults import TrialError

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def made(study_build):
    """The example study made once, and opened over the same cache."""
    build = study_build("iomab_act", *[handed(name, study_graph()) for name in ("adsl", "adtte")])
    out = build.cache.folder.parent / build.cache.folder.name.removeprefix(".").removesuffix(".cache")
    return build, open_study("iomab_act", root=str(ROOT), out=str(out)), out


def study_graph():
    from read_once import specs_of

    from pipeline.engine.graph import build_graph

    return build_graph(specs_of("iomab_act"))


def run(cell, names):
    """Execute a cell as a notebook does; the value of its last expression."""
    body = ast.parse(cell).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@pytest.mark.slow
def test_every_cell_of_the_tutorial_runs(made, monkeypatch, capsys):
    build, _, out = made
    monkeypatch.setenv("TRIAL_OUT", str(out))
    monkeypatch.chdir(ROOT)
    names = {}
    cells = [c for c in json.loads(TUTORIAL.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    shown = [run("".join(cell["source"]), names) for cell in cells]

    assert repr(shown[0]) == f"IOMAB-ACT: extract {build.delivery.name}, data cut {build.cut_named}"
    assert "did you mean" in capsys.readouterr().out
    assert [cell["outputs"] for cell in cells if cell["outputs"]] == []


@pytest.mark.slow
def test_python_gives_what_the_build_has(made):
    build, study, _ = made

    pd.testing.assert_frame_equal(study["ADSL"], build.frame(handed("adsl", build.graph)))
    pd.testing.assert_frame_equal(study.results("T-14.2.1"), build.frame("t_14_2_1"))
    assert set(study.decisions["decision"]) == set(build.specs.decisions)


@pytest.mark.slow
def test_a_frame_that_is_changed_by_its_reader_changes_nothing_of_the_study(made):
    _, study, _ = made
    adsl = study["adsl"]
    adsl["AGE"] = 0

    assert study["adsl"]["AGE"].gt(0).any()


@pytest.mark.slow
def test_a_recipe_is_made_of_the_frames_and_choices_that_are_given(made):
    build, study, _ = made
    subjects = study["subjects"]

    assert study.recipe("safety_set").equals(build.frame("safety_set"))
    assert set(study.recipe("safety_set", subjects=subjects[:5])["USUBJID"]) == set(subjects["USUBJID"][:5])
    assert len(study.recipe("dlt_set", DLT_MED="ANY").compare(study.recipe("dlt_set"))) > 0
    assert build.frame("dlt_set").equals(study["dlt_set"])


ASKED = [
    (lambda study: study["adls"], "Unknown target 'adls'."),
    (lambda study: study.show("T-14.99.1"), "There is no output T-14.99.1."),
    (lambda study: study.recipe("safety_set", subject=pd.DataFrame()), "safety_set takes no subject."),
    (lambda study: study.recipe("safety_set", subjects=[1]), "subjects is given as list."),
    (lambda study: study.recipe("dlt_set", DLT_MED="SOME"), "DLT_MED"),
    (lambda study: study.recipe("dm_mapped"), "dm_mapped is made by no recipe of its own."),
    (lambda study: open_study(extrakt="june"), "open_study knows no extrakt."),
    (lambda study: open_study("cd83", root=str(ROOT)), "Unknown study 'cd83'."),
]


@pytest.mark.slow
@pytest.mark.parametrize(("ask", "told"), ASKED, ids=[told for _, told in ASKED])
def test_what_is_asked_wrongly_is_said_with_its_cure(made, ask, told):
    with pytest.raises(TrialError) as caught:
        ask(made[1])

    assert told in caught.value.what + caught.value.text()
    assert caught.value.cure
    assert caught.value._render_traceback_() == caught.value.text().splitlines()


def test_the_import_of_it_loads_no_heavy_library():
    heavy = ("pandas", "numpy", "click")
    code = f"import sys; from pipeline import open_study; print([n for n in {heavy} if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)

    assert told.stdout.strip() == "[]"
