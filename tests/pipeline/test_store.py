"""What was written is believed only when it is as it was written: bytes and the cache."""

import os

import pandas as pd
import pytest

from pipeline.engine.store import Cache, parquet_bytes
from pipeline.ground.faults import TrialError

DIGEST = "a" * 64


def frame():
    return pd.DataFrame({"USUBJID": ["S-1", "S-2"], "AVAL": [1.5, None], "ADT": pd.to_datetime(["2025-01-31", None])})


def test_the_same_values_give_the_same_bytes():
    assert parquet_bytes(frame()) == parquet_bytes(frame())


def test_the_cache_gives_back_what_was_stored_for_a_digest_and_nothing_for_another(tmp_path):
    cache = Cache(tmp_path)
    cache.write("adsl", "a" * 64, {"data.parquet": frame(), "note.txt": "text"}, 2)

    entry = cache.entry("adsl", "a" * 64)
    assert (entry.digest, sorted(entry.files), entry.records) == ("a" * 64, ["data.parquet", "note.txt"], 2)
    assert cache.entry("adsl", "b" * 64) is None


def test_the_cache_keeps_a_few_versions_of_each_thing(tmp_path):
    cache = Cache(tmp_path)
    for letter in "abcdefgh":
        cache.write("adsl", letter * 64, {"note.txt": letter})

    assert len(list((tmp_path / "adsl").iterdir())) == 4
    assert cache.entry("adsl", "h" * 64) is not None


def stored(tmp_path):
    """A cache with one made thing, and the folder it lies in."""
    cache = Cache(tmp_path)
    cache.write("adsl", DIGEST, {"data.parquet": frame(), "note.txt": "text"}, records=2, findings=1)
    return cache, cache.path("adsl", DIGEST)


def test_what_stands_whole_is_not_replaced_by_what_another_made_of_the_same(tmp_path):
    """Somebody may be reading it: a worker that was thought lost comes late with what was made again."""
    _, folder = stored(tmp_path)
    before = (folder / "note.txt").stat().st_ino
    stored(tmp_path)

    assert (folder / "note.txt").stat().st_ino == before


def altered_value(folder):
    changed = frame()
    changed.loc[0, "AVAL"] = 2.5
    (folder / "data.parquet").write_bytes(parquet_bytes(changed))


def altered_entry(folder):
    path = folder / "entry.json"
    path.write_text(path.read_text().replace('"findings": 1', '"findings": 0'))


DAMAGE = {
    "a value altered": (altered_value, "data.parquet"),
    "a file cut by a power failure": (lambda f: os.truncate(f / "data.parquet", 10), "data.parquet"),
    "an empty file": (lambda f: os.truncate(f / "note.txt", 0), "note.txt"),
    "a file gone": (lambda f: (f / "data.parquet").unlink(), "data.parquet"),
    "a count altered in the entry": (altered_entry, "entry.json"),
    "the entry cut": (lambda f: os.truncate(f / "entry.json", 20), "entry.json"),
    "the entry empty": (lambda f: os.truncate(f / "entry.json", 0), "entry.json"),
    "the entry gone": (lambda f: (f / "entry.json").unlink(), "entry.json"),
    "the entry a list": (lambda f: (f / "entry.json").write_text("[1]"), "entry.json"),
    "the entry of another kind": (lambda f: (f / "entry.json").write_text('{"files": null}'), "entry.json"),
    "the entry no text": (lambda f: (f / "entry.json").write_bytes(b"\xff\xfe\x00"), "entry.json"),
    "the entry nested without end": (lambda f: (f / "entry.json").write_text("[" * 100_000), "entry.json"),
    "the folder empty": (lambda f: [p.unlink() for p in f.iterdir()], "entry.json"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_not_as_it_was_written_counts_as_not_there_and_is_said_and_made_anew(tmp_path, damage):
    cache, folder = stored(tmp_path)
    harm, file = DAMAGE[damage]
    harm(folder)

    assert cache.entry("adsl", DIGEST) is None
    assert cache.doubts == {"adsl": f"{file} in the cache is not as it was written"}
    entry = stored(tmp_path)[0].entry("adsl", DIGEST)
    assert entry.records == 2


def test_a_file_altered_after_it_was_looked_at_is_not_read(tmp_path):
    cache, folder = stored(tmp_path)
    entry = cache.entry("adsl", DIGEST)
    altered_value(folder)

    with pytest.raises(TrialError, match="run again"):
        cache.read("adsl", entry, "data.parquet")


def test_the_cache_keeps_what_is_asked_for_and_sweeps_away_the_rest(tmp_path):
    cache, _ = stored(tmp_path)
    cache.write("pages:t_1", DIGEST, {"t_1.txt": "x"})
    cache.write("renamed_recipe", DIGEST, {"note.txt": "x"})
    (tmp_path / "adsl" / ".half.999999999").mkdir()
    (tmp_path / "adsl" / f".half.{os.getpid()}").mkdir()
    removed = cache.sweep(["adsl", "pages:t_1"])

    assert removed == ["adsl/.half.999999999", "renamed_recipe"]
    assert cache.entry("adsl", DIGEST) and cache.entry("pages:t_1", DIGEST)
