"""Of a dataset made in parts an output is handed the records and variables that it can read, and its results stay."""

import io
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from read_once import specs_of

from pipeline.engine import results
from pipeline.engine.graph import build_graph
from pipeline.engine.node import DATA
from pipeline.engine.pieces import read_row_groups
from pipeline.engine.records_read import chosen_by
from pipeline.engine.runner import make
from pipeline.engine.store import Cache, read_parquet
from pipeline.ground.faults import TrialError

STUDY, NEED = "iomab_act", "adlb"
# Worst grades, shifts of grades, values by visit, a figure of each subject, and one of two tests.
OUTPUTS = ("t_14_3_5_1", "t_14_3_5_3", "t_14_3_5_5", "f_14_3_5_1", "f_14_3_5_6")


def in_row_groups(frame, size):
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), buffer, row_group_size=size)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def cut(study_build, tmp_path_factory):
    """The example, whose ADLB is one that was made in parts and lies in row groups of a thousand records."""
    build = study_build(STUDY, "adsl", NEED, *OUTPUTS)
    made = replace(build, graph=build_graph(build.specs, 2), cache=Cache(tmp_path_factory.mktemp("parts")),
                   entries={}, frames={}, seen={})  # fmt: skip
    for name in ("adsl", NEED):
        entry = build.entries[name]
        files = {file: build.cache.read(name, entry, file) for file in entry.files}
        files |= {DATA: in_row_groups(build.frame(name), 1000)} if name == NEED else {}
        made.entries[name] = made.cache.write(name, "given", files)
    return build, made


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_results_are_those_of_all_records(output, cut):
    build, parts = cut
    assert make(parts, parts.graph[output])[DATA].to_csv() == build.frame(output).to_csv()


def test_an_output_of_worst_grades_is_handed_the_worst_records_alone(cut, monkeypatch):
    build, parts = cut
    handed, made = [], results.made
    monkeypatch.setattr(results, "made", lambda shell, data: handed.append(data[NEED]) or made(shell, data))
    make(parts, parts.graph["t_14_3_5_1"])
    whole = build.frame(NEED)

    assert len(handed[0]) == whole["WGRADLFL"].eq("Y").sum() < len(whole) / 4
    assert {"PARAM", "ATOXGRL"} <= {*handed[0]} and "LBORRES" not in {*handed[0]}


def test_a_name_that_nothing_has_is_told_beside_all_that_there_are(cut, monkeypatch):
    _, parts = cut
    made = results.made
    monkeypatch.setattr(
        results, "made", lambda shell, data: made(replace(shell, rows=tuple(replace(r, where="LBORES == '1'") for r in
                                                                         shell.rows)), data))  # fmt: skip
    with pytest.raises(TrialError) as told:
        make(parts, parts.graph["t_14_3_5_1"])
    assert "LBORRES" in told.value.text()


@pytest.mark.parametrize(
    ("output", "clauses"), [("t_14_3_5_1", ('WGRADLFL == "Y"',)), ("t_14_3_5_3", ()), ("l_16_2_8", ())]
)
def test_records_are_chosen_where_no_row_looks_at_others(output, clauses):
    """A shift looks at the baseline too, and a listing at what it lists."""
    assert chosen_by(specs_of(STUDY).outputs[output].shell.measured, NEED) == clauses


def test_a_set_or_note_that_names_the_dataset_has_all_of_it_read():
    shell = specs_of(STUDY).outputs["t_14_3_5_1"].shell.measured
    of = replace(shell.population, where="x", label=NEED)
    assert chosen_by(replace(shell, population=of), NEED) == ()


def test_a_file_is_read_by_row_groups_as_it_is_read_at_once(tmp_path, cut):
    build, _ = cut
    content = in_row_groups(build.frame(NEED), 1000)
    (tmp_path / "x.parquet").write_bytes(content)
    whole = read_parquet(content)
    pieces = pd.concat(read_row_groups(tmp_path / "x.parquet", list(whole)), ignore_index=True)
    pd.testing.assert_frame_equal(pieces, whole)
