"""A build of which nothing has changed says at once what it said; whatever may have changed is looked at."""

import os
import shutil

import pytest
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.publish import build as module
from pipeline.publish.unchanged import UP_TO_DATE, Again


@pytest.fixture(scope="module")
def built(lean, tmp_path_factory):
    """A project with its products, built by the command line: where the project and the products lie."""
    home = tmp_path_factory.mktemp("unchanged")
    shutil.copytree(lean.root, home / "project")
    out = home / "project" / "output" / "iomab_act"
    shutil.copytree(lean.out, out)
    shutil.copytree(lean.out.with_name(f".{lean.out.name}.cache"), out.with_name(".iomab_act.cache"))
    assert typed(home / "project")[0] == 0
    return home / "project", out


def typed(root, *words):
    done = CliRunner().invoke(trial, ["build", "--no-review", "--root", str(root), *words])
    return done.exit_code, done.output


@pytest.fixture
def asked(built, monkeypatch):
    """What was asked of a build that looks at everything, only noted here; the products are known as they are."""
    noted = []
    assert typed(built[0])[0] == 0
    monkeypatch.setattr(module, "run", lambda request: noted.append(request) or 0)
    assert (typed(built[0])[0], noted) == (0, [])
    return noted


def test_what_was_said_is_said_again_without_a_look_at_anything(built, asked):
    root, _ = built
    code, told = typed(root)

    assert (code, asked) == (0, [])
    assert told.startswith(f"{UP_TO_DATE}\n")
    assert "Safety Analysis Set" in told and "Headline results" in told and "Manifest" in told
    assert typed(root, "--quiet") == (0, "")


def written_anew(path):
    """One letter more, the times set back as they were."""
    state, text = path.stat(), path.read_bytes()
    path.write_bytes(text[:-1] + bytes([text[-1] ^ 1]))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    return text


@pytest.mark.parametrize("place", [
    "specs/iomab_act/study.yaml", "specs/standard/decisions.yaml", "data/iomab_act/2026-06-30/AE.csv",
    "output/iomab_act/adam/adsl.parquet", "output/iomab_act/tlf/all.pdf",
])
def test_a_file_that_was_read_or_made_is_looked_at_when_one_of_its_bytes_is_another(built, asked, place):
    root, _ = built
    before = written_anew(root / place)
    typed(root)
    (root / place).write_bytes(before)

    assert len(asked) == 1


def test_a_new_file_among_the_extracts_is_looked_at(built, asked):
    root, _ = built
    (root / "data" / "iomab_act" / "2026-07-31").mkdir()
    typed(root)
    (root / "data" / "iomab_act" / "2026-07-31").rmdir()

    assert len(asked) == 1


@pytest.mark.parametrize("words", [["--final"], ["t_14_2_1"], ["--cutoff", "2026-06-29"], ["--fail-on", "critical"]])
def test_another_question_is_looked_at(built, asked, words):
    typed(built[0], *words)

    assert len(asked) == 1


def test_another_program_environment_or_library_is_looked_at(built, asked, monkeypatch):
    monkeypatch.setenv("TRIAL_PARTITIONS", "2")
    typed(built[0])
    monkeypatch.delenv("TRIAL_PARTITIONS")
    with monkeypatch.context() as other:
        other.setattr("pipeline.publish.unchanged.versions", lambda: {"pandas": "0"})
        typed(built[0])
    with monkeypatch.context() as other:
        other.setattr("pipeline.ground.source.PACKAGES", ("adam",))
        typed(built[0])
    assert len(asked) == 3
    typed(built[0])

    assert len(asked) == 3


def test_what_changed_while_a_build_ran_is_not_kept(built):
    """The specs are saved again after the build has read them: what it says is not said of them."""
    root, out = built
    held = out.with_name(".iomab_act.cache") / "unchanged.json"
    before = held.read_bytes()
    Again("another question", root, out).keep("the signs of before", "told")

    assert held.read_bytes() == before
