"""What stops a build and what does not: an output that fails, a column that cannot be read, a slip of a spec."""

import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import pytest

from pipeline.engine import parallel
from pipeline.engine.node import Node
from pipeline.engine.parallel import Workers
from pipeline.ground.faults import ColumnError, TrialError
from tlf import as_printed

# Two outputs rest on adsl; the second one on vs too; eg is a dataset that no output rests on.
NEEDS = {"dm_mapped": (), "vs_mapped": (), "eg_mapped": (), "adsl": ("dm_mapped",), "vs": ("vs_mapped",),
         "t_1": ("adsl",), "t_2": ("adsl", "vs")}  # fmt: skip
GRAPH = {name: Node(name, "recipe", needs) for name, needs in NEEDS.items()}
BUILD = SimpleNamespace(graph=GRAPH, specs=SimpleNamespace(outputs={"t_1": (), "t_2": ()}), failed={}, entries={})


@pytest.mark.parametrize(("name", "error", "goes_on"), [
    ("eg_mapped", ColumnError("no dates"), True),
    ("vs_mapped", ColumnError("no dates"), True),
    ("dm_mapped", ColumnError("no dates"), False),
    ("vs_mapped", TrialError("a slip"), False),
    ("t_1", ValueError("a defect"), True),
    ("t_1", OSError("disk full"), False),
])  # fmt: skip
def test_a_column_that_cannot_be_read_stops_what_rests_on_it_and_all_where_all_rests_on_it(name, error, goes_on):
    assert goes_on == Workers(BUILD, 1)._others_go_on(name, error)


def test_nothing_is_begun_before_its_needs_and_what_was_begun_is_made_once():
    made, entries = [], {}
    build = SimpleNamespace(graph={"a": SimpleNamespace(needs=()), "b": SimpleNamespace(needs=("a",))},
                            entries=entries, made=[], failed={}, known=lambda name: False,
                            ensure=lambda name: (made.append(name), entries.setdefault(name, name)))  # fmt: skip
    crew = Workers(build, 1)
    crew.begin("b")
    assert not crew.begun
    crew.begin("a")
    assert ({name for name, _ in crew.make(["a", "b"])}, made) == ({"a", "b"}, ["a", "b"])


@pytest.mark.parametrize("in_worker", [False, True])
def test_a_fault_of_the_program_is_told_by_its_place_and_its_traceback_is_kept_for_the_log(in_worker):
    build = SimpleNamespace(**vars(BUILD) | {"failed": {}, "traces": {}})
    if in_worker:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            begun = pool.submit(as_printed.compare, "1 (2)", None, None)
    else:
        begun = parallel._here(as_printed.compare, "1 (2)", None, None)

    assert Workers(build, 1)._outcome("t_1", begun) is None
    assert re.search(r"at fault: .+\n  where: tlf/as_printed.py line \d+\n  cure: ", build.failed["t_1"])
    assert ("Traceback" in build.traces["t_1"], "Traceback" in build.failed["t_1"]) == (True, False)
