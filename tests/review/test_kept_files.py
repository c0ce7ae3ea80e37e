"""What the site shows stands while it is the same: records and their sources, and what stands behind an output."""

import numpy as np
import pytest

from pipeline.engine.store import Cache, sha256
from pipeline.publish.review_step import DATA
from pipeline.review.kept_files import LIST, KeptFiles, key_of
from pipeline.review.shown import Shown

SOURCES = np.array([0, 1, 1, 2]), np.array([4, 4]), np.array([0, 7])


def site(cache, content="hash", sources=SOURCES, name="adae"):
    """The files of one dataset, and whether they were made anew; kept for the next."""
    kept, one = KeptFiles(cache), Shown(name, "adam", "", None, 3, (), {}, 3, content)
    made = {f"{name}/0.js": f"{content} {name}".encode(), f"{name}/2.js": sources[2].tobytes()}
    files = dict(kept.of(one.path, key_of(one, sources), made.items))
    cache.write(DATA, sha256(kept.listed()), {**files, LIST: kept.listed()})
    return files, kept.made


def test_what_is_as_it_was_is_read_and_not_made(tmp_path):
    first, again = site(Cache(tmp_path)), site(Cache(tmp_path))

    assert (first[1], again[1]) == (["adam/adae"], [])
    assert (first[0], [*first[0]]) == (again[0], ["adae/0.js", "adae/2.js"])


@pytest.mark.parametrize("other", [
    {"content": "other"}, {"name": "adcm"}, {"sources": (SOURCES[0], SOURCES[1], np.array([0, 8]))},
    {"sources": (SOURCES[0], np.array([4, 3]), SOURCES[2])}, {"sources": (np.array([0, 0, 1, 2]), *SOURCES[1:])},
])  # fmt: skip
def test_other_records_or_sources_are_shown_anew_and_the_earlier_ones_are_still_known(tmp_path, other):
    before = site(Cache(tmp_path))[0]

    assert site(Cache(tmp_path), **other) == site(Cache(tmp_path / "empty"), **other)
    assert site(Cache(tmp_path)) == (before, [])


def test_a_file_that_several_things_lead_to_is_given_once_and_kept_for_each(tmp_path):
    both = {"stand/a.js": b"a"}

    def told(cache, keys):
        kept = KeptFiles(cache)
        found = [[*kept.of(f"output/{name}", key, both.items)] for name, key in keys.items()]
        cache.write(DATA, sha256(kept.listed()), {**both, LIST: kept.listed()})
        return found, kept.made

    assert told(Cache(tmp_path), {"t_1": "x", "t_2": "x"}) == ([[*both.items()], []], ["output/t_1", "output/t_2"])
    assert told(Cache(tmp_path), {"t_2": "x"}) == ([[*both.items()]], [])  # it was not given for this one then
