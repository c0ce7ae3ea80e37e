"""A long output lies in several files, which together say what it says."""

import json

import pytest

from pipeline.review import output_parts
from pipeline.review.output_parts import files_of, in_parts
from pipeline.review.script import plain

BODY = {"number": "L-1", "tables": [{"empty": "", "rows": [[n] for n in range(99)]}, {"empty": "", "rows": [["x"]]}],
        "cells": [{"a": n} for n in range(200)], "behind": [{"w": "y" * 90}]}  # fmt: skip


def told(content):
    return json.loads(content.decode().partition(",")[2].removesuffix(");\n"))


def test_a_short_one_is_one_file():
    ((name, content),) = in_parts("output/l_1", BODY).items()

    assert (name, told(content)) == ("data/output/l_1.js", BODY)


def test_a_long_one_is_cut_into_files_below_the_limit_and_loses_nothing():
    made = in_parts("output/l_1", BODY, 900)
    head, *parts = map(told, made.values())
    rows = [(at, row) for part in parts for at, own in part.get("rows", ()) for row in own]

    assert max(map(len, made.values())) <= 900 and head["parts"] == len(parts) > 4
    assert list(made)[1] == "data/output/l_1/1.js"
    assert rows == [*((0, [n]) for n in range(99)), (1, ["x"])]
    assert [one for part in parts for one in part.get("cells", ())] == BODY["cells"]
    assert [one for part in parts for one in part.get("behind", ())] == BODY["behind"]


@pytest.mark.parametrize("most", [10_000, 900])
def test_what_a_page_tells_and_what_stands_behind_it_are_joined_as_if_they_were_made_together(most, monkeypatch):
    monkeypatch.setattr(output_parts, "MOST", most)
    page, behind = {word: one for word, one in BODY.items() if word != "behind"}, BODY["behind"]

    assert files_of("output/l_1", plain(page), [plain(one) for one in behind]) == in_parts("output/l_1", BODY, most)
