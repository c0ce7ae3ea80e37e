"""Datasets as files that a browser takes: values as they are, parts below the limit, addresses of subjects."""

import json

import numpy as np
import pandas as pd
import pytest

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.review import start, tables
from pipeline.review.behind import DATASETS, PLACES, runs, told
from pipeline.review.library import dataset_shown
from pipeline.review.script import addresses, script
from pipeline.why.cells import telling


@pytest.mark.parametrize(("values", "told"), [
    (pd.Series([1.0, np.nan, 3.0]), [1, None, 3]),
    (pd.Series([0.5, 2.0]), [0.5, 2.0]),
    (pd.Series([], dtype="float64"), []),
    (pd.Series(["b", None, "b"], dtype="str"), {"t": ["b"], "i": [0, -1, 0]}),
    (pd.to_datetime(pd.Series(["2026-01-02", None])), {"t": ["2026-01-02"], "i": [0, -1]}),
    (pd.to_datetime(pd.Series(["2026-01-02T10:30:00"])), {"t": ["2026-01-02T10:30:00"], "i": [0]}),
    (pd.Series([None, None], dtype="str"), {"t": [], "i": [-1, -1]}),
])  # fmt: skip
def test_a_column_keeps_its_values(values, told):
    assert tables.columns(values.to_frame()) == [told]


def test_the_parts_of_a_dataset_are_all_its_rows_and_none_is_too_large(monkeypatch):
    monkeypatch.setattr(tables, "MOST", 500)
    pieces = [pd.DataFrame({"A": range(start, start + 75)}) for start in range(0, 300, 75)]

    parts = list(tables.chunks("adam/x", tables.Slices(pieces), 300, lambda begin, end: {"n": end - begin}))
    told = [json.loads(content.decode().partition(",")[2].removesuffix(");\n")) for _, content in parts]

    assert [number for part in told for number in part["columns"][0]] == list(range(300))
    assert [start for start, _ in parts] == [part["start"] for part in told]
    assert max(len(content) for _, content in parts) <= 500 and sum(part["n"] for part in told) == 300


def test_records_by_column_say_each_name_once_and_nothing_where_they_say_nothing():
    told = tables.by_column([{"id": "S-1", "SEX": "F"}, {"id": "S-2", "SEX": ""}, {"id": "S-3"}])

    assert told == {"names": ["id", "SEX"], "columns": [{"t": ["S-1", "S-2", "S-3"], "i": [0, 1, 2]},
                                                        {"t": ["F"], "i": [0, -1, -1]}]}  # fmt: skip
    assert tables.by_column([]) == {"names": [], "columns": []}


def test_findings_are_told_by_what_they_are_chosen_by_and_their_messages_in_parts(monkeypatch):
    monkeypatch.setattr(start, "IN_PART", 2)
    found = [dict.fromkeys(start.CHOSEN_BY, str(n)) | {"message": f"No. {n}", "value": None} for n in (2, 0, 1)]

    told = start.findings_told(found)

    assert [told["findings/0"], told["findings/1"], told["findings"]["size"]] == [["No. 0", "No. 1"], ["No. 2"], 2]
    assert [*told] == ["findings", "findings/0", "findings/1"] and "message" not in told["findings"]["names"]
    assert start.findings_told([]) == {"findings": {"names": [], "columns": [], "size": 2}}


def test_a_data_file_is_plain_ascii_and_has_no_word_for_what_is_no_number():
    assert script("a", {"x": "é</script>\u2028"}) == b'Review.data("a",{"x":"\\u00e9</script>\\u2028"});\n'
    with pytest.raises(ValueError, match="JSON"):
        script("a", float("nan"))


@pytest.mark.parametrize(("subjects", "numbers", "told"), [
    (["S-1", "S-2"], ["1", "2"], ["1", "2"]),
    (["S-01-1", "S-02-1"], ["1", "1"], ["S-01-1", "S-02-1"]),  # the number stands for two subjects
    (["S/1", "S 2"], ["a/1", "b 2"], ["a_1", "b_2"]),
])  # fmt: skip
def test_a_subject_has_an_address_of_its_own(subjects, numbers, told):
    assert addresses(pd.DataFrame({"USUBJID": subjects, "SUBJID": numbers})).tolist() == told


@pytest.mark.parametrize(("places", "told"), [
    ([], []), ([4], [4, 1]), ([0, 1, 2, 7, 9, 10], [0, 3, 7, 1, 9, 2]),
    ([*range(300), 400], [0, 300, 400, 1]), ([*range(0, 400, 2)], [n for at in range(0, 400, 2) for n in (at, 1)]),
])  # fmt: skip
def test_places_are_told_as_runs(places, told):
    assert runs(places) == told


def test_the_size_of_a_population_beside_a_count_tells_no_records_of_its_own():
    rows = pd.DataFrame({"STATISTIC": ["n", "N", "N"], "WHERE": ["X == 1", "", ""], "GROUP": ["A", "A", "B"]})
    rows = rows.assign(OUTPUT="T", ROWID="R", DATASET="adsl", POPULATION="", LEVEL="")

    assert telling(rows)[["GROUP", "STATISTIC"]].to_numpy().tolist() == [["A", "n"], ["B", "N"]]


def test_the_columns_of_a_dataset_are_told_as_they_stand_in_it():
    spec = DatasetSpec("adx", "adam", variables=(Variable("A", "Label of A"), Variable("B", "B"), Variable("C", "C")))

    shown = dataset_shown(spec, ["C", "A", "X"], lambda names: pd.DataFrame(columns=names), (0, 0))

    assert [(one["name"], one["label"]) for one in shown.variables] == [("C", "C"), ("A", "Label of A"), ("X", "")]


def test_what_stands_for_subjects_is_told_by_subject_as_runs_of_records():
    one = [(whose * DATASETS + to) * PLACES + at for whose, to, at in
           [(0, 0, 0), (0, 0, 1), (0, 2, 0), (3, 2, 7), (3, 2, 9), (3, 2, 10)]]  # fmt: skip

    assert told(np.array(one)) == {"0": [0, 0, 2, 2, 0, 1], "3": [2, 7, 1, 2, 9, 2]}
    assert told(np.array([], dtype="int64")) == {}
