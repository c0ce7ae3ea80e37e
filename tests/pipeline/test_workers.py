"""Where things are made: a single one in place, for no workers are started for it; several in workers."""

from types import SimpleNamespace

import pytest

from pipeline.engine.parallel import Workers


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
