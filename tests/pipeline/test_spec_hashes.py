"""What a product is made by is told by what the specs say of it, not by what stands around it on a page."""

import os
from types import SimpleNamespace

import pytest

from pipeline.engine.node import Node
from pipeline.engine.spec_hashes import hash_of, spec_hash, specs_of
from tlf.shells import read

SHELL = {"output": "T-1", "family": "categories", "title": ["Sex"], "footnotes": ["Of all."],
         "population": {"label": "All", "where": 'SAFFL == "Y"'}}  # fmt: skip


def said(**changed):
    shell = read(SHELL | changed)
    specs = SimpleNamespace(datasets={}, outputs={"t_1": SimpleNamespace(shell=shell)}, tables={})
    return hash_of(specs_of(Node("t_1", "output", (), (), "tlf.templates.categories", "entries", (), ()), specs))


@pytest.mark.parametrize(("changed", "made_anew"), [
    ({"title": ["Sex and Age"]}, False), ({"footnotes": []}, False), ({"stub": "Sex"}, True),
    ({"population": {"label": "All", "where": 'ITTFL == "Y"'}}, True), ({"columns": [{"label": "A"}]}, True),
])  # fmt: skip
def test_titles_and_footnotes_alone_leave_the_results_of_an_output_as_they_are(changed, made_anew):
    assert (said(**changed) != said()) == made_anew


def test_a_spec_file_that_was_written_again_is_read_again(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n")
    before = spec_hash(path)
    path.write_text("a: 2\n")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))

    assert spec_hash(path) != before
