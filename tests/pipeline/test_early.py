"""A page whose words alone were changed stands before anything else is looked at; in any doubt nothing is done."""

import io
import json
import pickle
import re
import shutil
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.publish import build as module
from pipeline.publish.early import KNOWN, SAID, Early, _OfTheProject
from pipeline.publish.manifest import published
from pipeline.publish.standing import damaged

TITLE = re.compile(r"(?m)^title: \[[^,]*,")
SHELL, DECISIONS = "specs/iomab_act/tlf/t_14_2_1.yaml", "specs/iomab_act/decisions.yaml"


@pytest.fixture(scope="module")
def built(lean, tmp_path_factory):
    """A project with its products, built by the command line: where the project and the products lie."""
    home = tmp_path_factory.mktemp("early")
    shutil.copytree(lean.root, home / "project")
    out = home / "project" / "output" / "iomab_act"
    shutil.copytree(lean.out, out)
    shutil.copytree(lean.out.with_name(f".{lean.out.name}.cache"), out.with_name(".iomab_act.cache"))
    assert typed(home / "project").exit_code == 0
    return home / "project", out


def typed(root, *words):
    return CliRunner().invoke(trial, ["build", "--no-review", "--root", str(root), *words])


@pytest.fixture
def project(built, monkeypatch):
    """The project and its products, signed as they are now; the build that goes on does nothing."""
    root, out = built
    home = out.with_name(".iomab_act.cache")
    kept = {path: path.read_bytes() for path in (root / SHELL, root / DECISIONS, home / SAID, home / KNOWN)}
    told = json.loads(kept[home / SAID])
    (home / SAID).write_text(json.dumps(told | {"signs": Early(told["asked"], root, "iomab_act", out).signs()}))
    monkeypatch.setattr(module, "run", lambda request: 0)
    yield root, out
    for path, content in kept.items():
        path.write_bytes(content)


def titled(root, words):
    path = root / SHELL
    text = path.read_text(encoding="utf-8")
    assert len(TITLE.findall(text)) == 1
    path.write_text(TITLE.sub(f"title: [{words},", text), encoding="utf-8")


def page(out):
    return (out / "tlf" / "t_14_2_1.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("asked", [(), ("T-14.2.1",)])
def test_another_title_stands_at_once_and_the_manifest_tells_what_says_the_old_one(project, asked):
    root, out = project
    before = published(out)
    titled(root, f"Remission {len(asked)}")
    told = typed(root, *asked).output

    now = published(out)
    assert re.search(r"T-14.2.1 new after [\d.]+ s; the build goes on", told)
    assert "Remission" in page(out)
    assert damaged(out, now) == []
    assert {name for name in now["files"] if now["files"][name] != before["files"][name]} == {
        f"tlf/t_14_2_1.{suffix}" for suffix in ("html", "pdf", "rtf", "txt")}  # fmt: skip
    assert now["stale"] == ["all", "ars"]
    assert now["pages"]["t_14_2_1"] != before["pages"]["t_14_2_1"]


def test_the_build_that_goes_on_finds_that_page_and_leaves_nothing_stale(project, monkeypatch):
    root, out = project
    titled(root, "Remissions")
    typed(root)
    early = {path.name: path.read_bytes() for path in (out / "tlf").glob("t_14_2_1.*")}
    monkeypatch.undo()
    assert "Pages      1 of" not in typed(root).output

    assert {path.name: path.read_bytes() for path in (out / "tlf").glob("t_14_2_1.*")} == early
    assert (published(out)["stale"], damaged(out, published(out))) == ([], [])


def another_row(root, out):
    path = root / SHELL
    text = path.read_text(encoding="utf-8")
    assert "Complete response" in text
    path.write_text(text.replace("Complete response", "Complete remission"), encoding="utf-8")


def another_decision(root, out):
    (root / DECISIONS).write_text("DLT_MED: BOTH\n", encoding="utf-8")


def no_title(root, out):
    path = root / SHELL
    path.write_text(TITLE.sub("title: [{", path.read_text(encoding="utf-8")), encoding="utf-8")


def an_altered_product(root, out):
    (out / "tlf" / "contents.txt").write_text("altered")


def an_altered_memory(root, out):
    path = out.with_name(".iomab_act.cache") / KNOWN
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def no_memory(root, out):
    (out.with_name(".iomab_act.cache") / SAID).unlink()


@pytest.mark.parametrize(
    "more", [another_row, another_decision, no_title, an_altered_product, an_altered_memory, no_memory]
)
def test_where_more_has_changed_or_is_in_doubt_nothing_is_done(project, more):
    root, out = project
    before = page(out)
    titled(root, "Responses")
    more(root, out)
    assert "new after" not in typed(root).output
    assert page(out) == before


@pytest.mark.parametrize(("module", "name", "known"), [
    ("pipeline.engine.runner", "Build", True),
    ("pipeline.study.endpoints", "read_endpoints", True),
    ("pathlib", "PosixPath", True),
    ("os", "system", False),
    ("pipeline.publish.place", "os.system", False),
    ("pipeline.publish.place", "check_target", False),
    ("pipeline.engine.parallel", "ProcessPoolExecutor", False),
])  # fmt: skip
def test_what_was_kept_is_read_as_values_of_the_project_and_runs_nothing(module, name, known):
    with nullcontext() if known else pytest.raises(pickle.UnpicklingError, match="no value of the project"):
        assert _OfTheProject(io.BytesIO(pickle.dumps((), protocol=5))).find_class(module, name).__name__ == name


def test_an_output_that_was_not_asked_for_is_left_to_the_build(project):
    root, out = project
    before = page(out)
    titled(root, "Responders")
    assert "new after" not in typed(root, "adsl").output
    assert page(out) == before
