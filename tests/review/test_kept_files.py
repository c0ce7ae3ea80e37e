"""The files of a dataset in the site stand while it shows the same: its records and their sources."""

import numpy as np
import pytest

from pipeline.engine.store import Cache, sha256
from pipeline.publish.review_step import DATA
from pipeline.review.kept_files import LIST, KeptFiles
from pipeline.review.library import Shown
from pipeline.review.script import file_of

SOURCES = np.array([0, 1, 1, 2]), np.array([4, 4]), np.array([0, 7])


def site(cache, content="hash", sources=SOURCES, name="adae"):
    """The files of one dataset, and whether they were made anew; kept for the next."""
    kept, one = KeptFiles(cache), Shown(name, "adam", "", None, 3, (), {}, 3, content)
    files = dict(kept.files(one, sources, lambda: [(0, f"{content} {name}".encode()), (2, sources[2].tobytes())]))
    scripts = {file_of(f"{one.path}/{start}"): content for start, content in files.items()}
    cache.write(DATA, sha256(kept.listed()), {**scripts, LIST: kept.listed()})
    return files, kept.made


def test_what_is_as_it_was_is_read_and_not_made(tmp_path):
    first, again = site(Cache(tmp_path)), site(Cache(tmp_path))

    assert (first[1], again[1]) == (["adam/adae"], [])
    assert (first[0], [*first[0]]) == (again[0], [0, 2])


@pytest.mark.parametrize("other", [
    {"content": "other"}, {"name": "adcm"}, {"sources": (SOURCES[0], SOURCES[1], np.array([0, 8]))},
    {"sources": (SOURCES[0], np.array([4, 3]), SOURCES[2])}, {"sources": (np.array([0, 0, 1, 2]), *SOURCES[1:])},
])  # fmt: skip
def test_other_records_or_sources_are_shown_anew_and_the_earlier_ones_are_still_known(tmp_path, other):
    before = site(Cache(tmp_path))[0]

    assert site(Cache(tmp_path), **other) == site(Cache(tmp_path / "empty"), **other)
    assert site(Cache(tmp_path)) == (before, [])
