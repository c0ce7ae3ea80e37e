"""Where things are made: a single one in place, for no workers are started for it; several in workers."""

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.engine import parallel
from pipeline.engine.node import Node
from pipeline.engine.parallel import Workers
from pipeline.engine.store import Entry
from pipeline.engine.turns import Turns
from pipeline.ground.faults import DefectError


def named(build, name):
    return f"{name} of {build.name}"


@pytest.mark.parametrize(("count", "pool", "engine", "expected"), [
    (1, None, "processes", "adsl of S"),
    (2, None, "processes", "in a worker"),
    (1, "started", "processes", "in a worker"),
    (1, None, "dask", "in a worker"),
])  # fmt: skip
def test_a_single_thing_is_made_in_place_unless_workers_are_there(count, pool, engine, expected, monkeypatch):
    monkeypatch.setattr(Workers, "submit", lambda *_: SimpleNamespace(result=lambda: "in a worker"))
    crew = Workers(SimpleNamespace(name="S"), 2, engine)
    crew.pool = pool

    assert crew.one_of(count, named, "adsl").result() == expected


def graph(**needs):
    return {name: Node(name, "recipe", tuple(of)) for name, of in needs.items()}


def made(crew, names):
    return [name for name, _ in crew.make(names)]


@pytest.fixture
def crew(monkeypatch):
    """One process that makes A, B (of A), C (of B and X, which is there), D; what is called bad cannot be made."""
    build = SimpleNamespace(
        graph=graph(a=[], b=["a"], c=["b", "x"], d=[], bad=["a"], e=["bad", "c"], f=["e"]),
        entries={"x": 0}, made=[], failed={}, traces={}, known=lambda name: False,
        specs=SimpleNamespace(outputs={"bad": 0}),
    )  # fmt: skip

    def make_node(build, name, needs):
        assert set(needs) == {*build.graph[name].needs}
        return 1 / (name != "bad"), 0.0

    monkeypatch.setattr(parallel, "make_node", make_node)
    return Workers(build, 1)


def test_what_is_made_in_this_process_takes_nothing_from_what_is_known_of_its_needs(crew, monkeypatch):
    """A worker is told of its own part alone; of one process the next node would lack the records of its part."""
    crew.build.entries["a"] = whole = Entry("", {"data.parquet": "1", "1of2.parquet": "2", "2of2.parquet": "3"})
    crew.build.graph["a"] = replace(crew.build.graph["a"], cut=2)
    monkeypatch.setattr(parallel, "make_node", lambda build, name, needs: (build.entries.update(needs), 0.0))
    crew.begin("b")

    assert crew.build.entries["a"] == whole


def test_each_node_is_made_when_what_it_needs_is_there(crew):
    assert made(crew, ["a", "d", "b", "c"]) == ["a", "d", "b", "c"]


def test_what_the_cache_has_is_not_made_and_lets_others_begin(crew):
    crew.build.known = lambda name: name == "a" and crew.build.entries.setdefault("a", 0) == 0
    assert made(crew, ["a", "b"]) == ["b"]


def test_what_rests_on_what_failed_is_left_away_with_the_reason_and_the_others_are_made(crew):
    assert made(crew, ["a", "b", "c", "bad", "e", "f"]) == ["a", "b", "c"]
    assert crew.build.failed["e"] == "It rests on bad, which could not be made."
    assert crew.build.failed["f"] == "It rests on e, which could not be made."


def test_what_failed_in_an_earlier_stage_is_not_waited_for(crew):
    crew.build.failed["a"] = "x"
    assert made(crew, ["b", "c", "d"]) == ["d"]
    assert crew.build.failed["c"] == "It rests on b, which could not be made."


def test_what_waits_for_a_later_stage_is_a_defect(crew):
    with pytest.raises(DefectError, match=r"b waits for what is made after it\."):
        made(crew, ["b", "c"])


def test_the_turns_of_many_parts_are_told_in_little_time():
    """Thirty thousand nodes, each of three others: looked at once each, not once for every other."""
    names = [f"n{number}" for number in range(30_000)]
    needs = {name: [f"n{one}" for one in (at // 2, at // 3, at // 5) if one < at] for at, name in enumerate(names)}
    nodes = graph(**needs)
    turns, order, started = Turns(nodes, names, ()), [], time.process_time()
    while name := turns.next():
        order.append(name)
        turns.made(name)

    assert order == names
    assert time.process_time() - started < 5
