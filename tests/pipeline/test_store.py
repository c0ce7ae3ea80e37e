"""Products are whole or not there: the cache, the bytes, and the one step that puts new outputs in place."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from pipeline.ground.faults import TrialError
from pipeline.store import Cache, check_target, file_hash, publish, recover, write_parquet


def frame():
    return pd.DataFrame({"USUBJID": ["S-1", "S-2"], "AVAL": [1.5, None], "ADT": pd.to_datetime(["2025-01-31", None])})


def test_the_same_values_give_the_same_bytes(tmp_path):
    write_parquet(frame(), tmp_path / "one.parquet")
    write_parquet(frame(), tmp_path / "two.parquet")

    assert file_hash(tmp_path / "one.parquet") == file_hash(tmp_path / "two.parquet")


def test_the_cache_gives_back_what_was_stored_for_a_digest_and_nothing_for_another(tmp_path):
    cache = Cache(tmp_path)
    cache.write("adsl", "a" * 64, {"data.parquet": frame(), "note.txt": "text"}, {"records": 2})

    assert cache.entry("adsl", "a" * 64)["records"] == 2
    assert cache.entry("adsl", "b" * 64) is None


def test_the_cache_keeps_a_few_versions_of_each_thing(tmp_path):
    cache = Cache(tmp_path)
    for letter in "abcdefgh":
        cache.write("adsl", letter * 64, {"note.txt": letter}, {})

    assert len(list((tmp_path / "adsl").iterdir())) == 4
    assert cache.entry("adsl", "h" * 64) is not None


def test_publishing_replaces_the_whole_folder(tmp_path):
    out, aside = tmp_path / "out", tmp_path / "aside"
    for folder, name in ((out, "old.txt"), (aside, "new.txt")):
        folder.mkdir()
        (folder / name).write_text(name)
    publish(aside, out)

    assert [p.name for p in out.iterdir()] == ["new.txt"]
    assert not aside.exists()


def test_a_folder_with_other_things_is_never_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(TrialError, match=r"thesis\.docx"):
        check_target(tmp_path)


@pytest.mark.parametrize("present", [[], ["manifest.json"], ["log"]])
def test_an_empty_folder_and_our_own_are_taken(tmp_path, present):
    for name in present:
        (tmp_path / name).mkdir()

    check_target(tmp_path)


def test_after_a_kill_between_two_renames_the_earlier_outputs_come_back(tmp_path):
    older = tmp_path / ".out.older"
    older.mkdir()
    (older / "manifest.json").write_text("{}")
    recover(tmp_path / "out")

    assert (tmp_path / "out" / "manifest.json").exists()


SWAPPER = """
import pathlib, sys, itertools
from pipeline.store import publish
root = pathlib.Path(sys.argv[1])
for n in itertools.count():
    aside = root / f"aside{n}"
    aside.mkdir()
    for name in ("a", "b", "c"):
        (aside / name).write_text(str(n))
    publish(aside, root / "out")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the exchange in one step is Linux's")
@pytest.mark.parametrize("seconds", [0.05, 0.11, 0.17])
def test_a_run_killed_at_any_moment_leaves_one_version_whole(tmp_path, seconds):
    process = subprocess.Popen([sys.executable, "-c", SWAPPER, str(tmp_path)])
    out = tmp_path / "out"
    while not out.exists():
        time.sleep(0.005)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert sorted(p.name for p in out.iterdir()) == ["a", "b", "c"]
    assert len({p.read_text() for p in out.iterdir()}) == 1
