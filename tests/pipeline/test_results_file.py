"""The files of results are joined of what is kept of each output: they are those of all results written at once."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from read_once import specs_of

from pipeline.engine.store import ROW_GROUP, Cache, parquet_bytes
from pipeline.ground.plain_csv import csv_text
from pipeline.publish import pages, results_pieces
from pipeline.publish.ard import ard
from pipeline.publish.as_read import as_read
from pipeline.publish.results_file import EVENT, KEPT, results_as_joined, write_parquet
from tlf.results import COLUMNS

SIZES = {"T-1": 3, "L-1": ROW_GROUP + 5, "T-2": 1, "L-2": 2 * ROW_GROUP // 3, "T-3": 7}


@pytest.fixture(scope="module")
def parts():
    """Outputs of few and of many rows, whose texts repeat themselves or do not."""
    return {name: pd.DataFrame({"OUTPUT": name, "ROW": pd.Series(np.arange(count)).astype("str"),
                                "VALUE": np.arange(count) / 7, "NOTE": ["", *["NE"] * (count - 1)]}).astype(
                {"OUTPUT": "str", "NOTE": "str"}) for name, count in SIZES.items()}  # fmt: skip


@pytest.fixture(scope="module")
def written(parts, tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "results.parquet"
    write_parquet(path, (pa.Table.from_pandas(part, preserve_index=False) for part in parts.values()))
    return path


def test_the_file_is_that_of_all_results_written_at_once(parts, written):
    assert written.read_bytes() == parquet_bytes(pd.concat(parts.values(), ignore_index=True))


# output | row | level | statistic | value | text | where
RESULTS = """
T-14.1.1 | sex   | F     | n        | 3   |          | SEX == "F"
T-14.1.1 | note  |       | text     |     | =1+1, "x"|
T-14.3.5 | any   |       | n        | 2   |          | TRTEMFL == "Y"
T-14.3.5 | any   |       | N        | 4   |          |
T-14.3.5 | terms | Rash  | n        | 1   | two\\nlines| (TRTEMFL == "Y") and (AEDECOD == "Rash")
T-14.1.2 | age   |       | mean     | 0.1 |          | TRTEMFL == "Y"
T-14.1.2 | age   |       | n        | 4   |          | SAFFL == "Y"
"""


def results(text=RESULTS):
    told = [[one.strip().replace("\\n", "\n") for one in line.split("|")] for line in text.strip().splitlines()]
    frame = pd.DataFrame(told, columns=["OUTPUT", "ROW", "LEVEL", "STATISTIC", "VALUE", "VALUEC", "WHERE"], dtype="str")
    frame = frame.reindex(columns=[*COLUMNS], fill_value="").assign(ROWID=frame["ROW"], FORMATTED=frame["VALUE"])
    frame = frame.assign(POPULATION='SAFFL == "Y"', DATASET="adae").astype("str")
    return frame.assign(VALUE=pd.to_numeric(frame["VALUE"]))


@pytest.fixture
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "run_identity", lambda build: "1a2b")
    return SimpleNamespace(specs=specs_of("iomab_act"), cache=Cache(tmp_path))


def content(build, entries, node, file):
    return build.cache.read(node, entries[node], file)


def test_the_tables_are_those_of_all_results_at_once(build):
    whole, shells = results(), [one.shell for one in build.specs.outputs.values()]
    entries = results_as_joined(build, whole)
    assert content(build, entries, KEPT, "results.parquet") == parquet_bytes(whole)
    assert content(build, entries, KEPT, "results.csv").decode() == csv_text(as_read(whole, {}, shells))
    assert content(build, entries, KEPT, "ard.csv").decode() == csv_text(ard(whole, shells))


def test_what_analyses_share_is_numbered_over_all_outputs_in_the_order_of_their_numbers(build):
    event = json.loads(content(build, results_as_joined(build, results()), EVENT, "ars.json"))
    told = [(one["id"], one["methodId"], one.get("dataSubsetId"), *(g["groupingId"] for g in one["orderedGroupings"]))
            for one in event["analyses"]]  # fmt: skip

    assert [one["outputId"] for one in event["mainListOfContents"]["contentsList"]["listItems"]] == [
        "T-14.1.1", "T-14.1.2", "T-14.3.5"]  # fmt: skip
    assert [one["description"] for one in event["dataSubsets"]] == ['TRTEMFL == "Y"', 'SAFFL == "Y"']
    assert told == [("T-14.1.1.1", "M1", None, "G1"), ("T-14.1.1.2", "M2", None),
                    ("T-14.1.2.1", "M3", "DS1"), ("T-14.1.2.2", "M1", "DS2"),
                    ("T-14.3.5.1", "M4", "DS1"), ("T-14.3.5.2", "M1", "DS1", "G2")]  # fmt: skip


def test_of_a_change_only_the_changed_output_is_laid_out_anew(build, tmp_path, monkeypatch):
    results_as_joined(build, results())
    changed, laid = results(RESULTS.replace('SEX == "F"', 'AGE == "F"')), results_pieces._files_of
    anew = []

    def noted(rows, *more):
        anew.append(rows["OUTPUT"].iloc[0])
        return laid(rows, *more)

    monkeypatch.setattr(results_pieces, "_files_of", noted)
    after = results_as_joined(build, changed)
    afresh = SimpleNamespace(specs=build.specs, cache=Cache(tmp_path / "afresh"))

    assert anew == ["T-14.1.1"]
    assert {node: entry.files for node, entry in after.items()} == {
        node: entry.files for node, entry in results_as_joined(afresh, changed).items()}  # fmt: skip
