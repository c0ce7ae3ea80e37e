"""Products are put in place whole: whatever step a run is killed at, one version is there, or comes back."""

import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.ground.faults import TrialError
from pipeline.publish import swap
from pipeline.publish.place import in_words
from pipeline.publish.swap import hidden, publish, put, recover

ROOT = Path(__file__).resolve().parents[2]
OLD = {"a.txt": "old", "adam/adsl.parquet": "old", "manifest.json": "old", "tlf/gone.rtf": "old", "log": "old"}
NEW = {"a.txt": "new", "adam/adsl.parquet": "new", "manifest.json": "new", "tlf/t.rtf": "new", "log/trial.log": "new"}


def laid(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def found(folder):
    """The files of a folder by name, hidden ones aside."""
    files = [p for p in folder.rglob("*") if p.is_file() and not p.relative_to(folder).parts[0].startswith(".")]
    return {str(p.relative_to(folder)): p.read_text() for p in files}


def one_step(monkeypatch):
    """The system's own exchange (Linux)."""


def two_renames(monkeypatch):
    monkeypatch.setattr(swap, "_exchange", lambda one, other: False)


def file_by_file(monkeypatch):
    monkeypatch.setattr(swap, "stays_put", lambda out: out.is_dir())


def refused(monkeypatch):
    """A mount that does not look like one: the system says that the folder is busy."""

    def busy(aside, out):
        raise OSError(errno.EBUSY, "Device or resource busy", str(out))

    monkeypatch.setattr(swap, "_swap", busy)


WAYS = [one_step, two_renames, file_by_file, refused]


@pytest.mark.parametrize("way", WAYS)
def test_publishing_replaces_the_whole_folder(tmp_path, monkeypatch, way):
    way(monkeypatch)
    out, aside = laid(tmp_path / "out", OLD), laid(tmp_path / ".out.making.1", NEW)
    publish(aside, out)

    assert found(out) == NEW
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert not [p for p in out.iterdir() if p.name.startswith(".")]


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.publish import swap
root, way = Path(sys.argv[1]), sys.argv[2]
steps = last = 0
def stepping(function):
    def step(*args, **kwargs):
        global steps
        steps += 1
        if steps > last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return step
for module, names in ((os, ("rename", "replace", "fsync", "unlink", "rmdir", "mkdir")), (swap, ("_exchange", "_move"))):
    for name in names:
        setattr(module, name, stepping(getattr(module, name)))
def busy(aside, out):
    raise OSError(16, "busy")
if way == "two_renames":
    swap._exchange = lambda one, other: False
if way == "file_by_file":
    swap.stays_put = lambda out: out.is_dir()
if way == "refused":
    swap._swap = busy
for folder in sorted(root.iterdir()):
    child = os.fork()
    if not child:
        swap.publish(folder / ".out.making.1", folder / "out")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
    last += 1
print(last)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_step_of_publishing_one_version_is_there_whole(tmp_path, way):
    """Kill before the 1st, 2nd, 3rd ... step until none is left; the next run recovers and finds the old or the new."""
    for n in range(100):
        laid(tmp_path / f"{n:03}" / "out", OLD)
        laid(tmp_path / f"{n:03}" / ".out.making.1", NEW)
    command = [sys.executable, "-c", KILLED, str(tmp_path), way.__name__]
    kills = int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    ended = []
    for root in sorted(tmp_path.iterdir())[: kills + 1]:
        out = root / "out"
        if way in (one_step, two_renames) and out.exists():
            assert found(out) in (OLD, NEW), root.name
        recover(out)

        assert found(out) in (OLD, NEW), root.name
        assert [p.name for p in root.iterdir()] == ["out"], root.name
        assert not [p for p in out.iterdir() if p.name.startswith(".")], root.name
        ended.append(found(out) == NEW)

    assert 10 < kills < 99
    assert ended == sorted(ended) and not ended[0] and ended[-1]


SOME = {"tlf/t.rtf": "new", "adam/adsl.parquet": "new", "manifest.json": "new"}


def test_some_files_are_put_in_place_and_all_others_stay(tmp_path):
    out = laid(tmp_path / "out", OLD)
    put({name: text.encode() for name, text in SOME.items()}, out)
    assert found(out) == OLD | SOME
    assert [p.name for p in out.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_what_a_killed_run_began_to_put_in_place_the_next_one_finishes(tmp_path, monkeypatch, moves):
    out, moved, move = laid(tmp_path / "out", OLD), [], swap._move

    def killed(path, target):
        if len(moved) == moves:
            raise KeyboardInterrupt
        moved.append(target)
        move(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(swap, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            put({name: text.encode() for name, text in SOME.items()}, out)
    assert found(out)["manifest.json"] == "old"  # which goes last
    assert recover(out)
    assert found(out) == OLD | SOME


def test_a_full_disk_at_the_second_rename_brings_the_earlier_folder_back(tmp_path, monkeypatch):
    two_renames(monkeypatch)
    out, aside = laid(tmp_path / "out", OLD), laid(tmp_path / ".out.making.1", NEW)
    rename = Path.rename

    def full(path, target):
        if path == aside:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(TrialError, match="disk is full"), in_words(out):
        publish(aside, out)

    assert found(out) == OLD


@contextlib.contextmanager
def mounted(folder, size):
    """A file system of its own in a folder, as a container's volume is one; skips where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        made = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def test_a_mount_is_published_into_and_its_hidden_things_lie_inside(tmp_path):
    with mounted(tmp_path / "out", "4m") as out:
        assert hidden(out, "cache") == out / ".cache"
        laid(out, OLD)
        publish(laid(hidden(out, "making.1"), NEW), out)

        assert found(out) == NEW
        assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_mount_within_the_products_stays_and_is_written_into(tmp_path):
    out = laid(tmp_path / "out", {"a.txt": "old"})
    with mounted(out / "log", "1m") as log:
        (log / "trial.log").write_text("old")
        publish(laid(tmp_path / ".out.making.1", {"a.txt": "new", "log/trial.log": "new"}), out)

        assert found(out) == {"a.txt": "new", "log/trial.log": "new"}
        assert os.path.ismount(log)


def test_a_full_mount_is_told_in_words_and_keeps_the_earlier_products(tmp_path):
    with mounted(tmp_path / "out", "64k") as out:
        laid(out, OLD)
        with pytest.raises(TrialError, match="disk is full"), in_words(out):
            publish(laid(tmp_path / ".out.making.1", NEW | {"tlf/large.rtf": "x" * 200_000}), out)
        recover(out)

        assert found(out) == OLD
