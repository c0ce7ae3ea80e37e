"""One cause, one query: which open queries follow from another, and are settled with it.

Queries belong together when they stand on one cell, when a rule says so (a number that two subjects share), when a
whole record is in doubt (entered twice, filed under the wrong subject), or when a check compared with a date that
another query doubts. The first of a group is its query; the others name it as their cause and count with it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.gate.query_history import OPEN
from pipeline.ground.severity import SEVERITIES

WHOLE_RECORD = ("RECORDID", "SUBJECT", "FOLDER")  # a doubt of these is a doubt of all that the record says
MANY = 3  # records of a subject beside one milestone: then the milestone is more likely wrong than each of them
Links = Iterator[tuple[int, int]]  # first: what another follows from


def grouped(queries: pd.DataFrame) -> pd.DataFrame:
    """Queries (with `query`, their id) with `cause`: the id of the query that an open one follows from, or ''.

    A cause is as severe as the gravest query that follows from it.
    """
    named = queries.assign(cause="").reset_index(drop=True)
    asked = named[named["status"].isin(OPEN)]
    parent = {at: at for at in asked.index}
    second = set()  # those that follow from another's cell, never the first of their group
    for first, other in _alike(asked):
        _join(parent, first, other)
    for first, other in _following(asked):
        _join(parent, first, other)
        second.add(other)
    rank = asked["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    order = asked.assign(_root=[_root(parent, at) for at in asked.index], _rank=rank)
    order = order.assign(_second=[at in second for at in order.index], _at=order.index)
    order = order.sort_values(["_root", "_second", "_rank", "_at"], kind="stable")
    head = order.groupby("_root")["_at"].transform("first")
    worst = order.groupby("_root")["_rank"].transform("min").astype("int64")
    leads, follows = order.index[head == order["_at"]], order.index[head != order["_at"]]
    named.loc[follows, "cause"] = named.loc[head[follows], "query"].to_numpy()
    named.loc[leads, "severity"] = [SEVERITIES[place] for place in worst[leads]]
    return named


def counted(queries: pd.DataFrame) -> pd.DataFrame:
    """The open queries that count: not accepted, not resolved, and not what follows from another."""
    return queries[queries["status"].isin(OPEN) & queries["cause"].eq("")]


def in_order(queries: pd.DataFrame) -> pd.DataFrame:
    """Each open query followed by those whose cause it is; the order is otherwise kept."""
    place = dict(zip(queries["query"], range(len(queries)), strict=True))
    lead = [place.get(cause, at) for at, cause in enumerate(queries["cause"])]
    whole = queries.assign(_lead=lead, _follows=queries["cause"].ne(""))
    return whole.sort_values(["_lead", "_follows"], kind="stable").drop(columns=["_lead", "_follows"]).reset_index(
        drop=True)  # fmt: skip


def _join(parent: dict[int, int], one: int, other: int) -> None:
    parent[_root(parent, other)] = _root(parent, one)


def _root(parent: dict[int, int], at: int) -> int:
    while parent[at] != at:
        at = parent[at]
    return at


def _alike(asked: pd.DataFrame) -> Links:
    """Queries on one cell, queries that a rule counts as one, and the many of a subject that fail by one thing."""
    cells = asked[asked["_key"].ne("") & asked["field"].ne("")]
    told, held = asked[asked["_together"].ne("")], asked[asked["_mark"].eq("Y") & asked["subject"].ne("")]
    many = held[held.groupby(["check", "subject"])["check"].transform("size") >= MANY]
    for rows, keys in (
        (cells, ["form", "_key", "field"]), (told, ["check", "_together"]), (many, ["check", "subject"])
    ):  # fmt: skip
        for places in rows.groupby(keys, sort=False).groups.values():
            yield from ((places[0], other) for other in places[1:])


def _following(asked: pd.DataFrame) -> Links:
    """What is said of a record that is in doubt as a whole, and what was compared with a date that is in doubt."""
    whole = asked["field"].isin(WHOLE_RECORD) & asked["_key"].ne("")
    firsts = asked[whole].drop_duplicates(["form", "_key"])
    yield from _links(_pairs(firsts, asked[~whole], ["form", "_key"]))
    yield from _compared(asked)
    yield from _in_order(asked)
    yield from _without_event(asked)


def _compared(asked: pd.DataFrame) -> Links:
    """What was compared with a date of another record that is in doubt."""
    doubted = asked[asked["_dated"].eq("Y") & asked["subject"].ne("")]
    pairs = _pairs(_placed(doubted), _parts(asked, "_reads", "_place"), ["subject", "_place"])
    near = pairs["_only"].eq("Y") | pairs["folder"].eq(pairs["folder_of"])
    return _links(pairs[near & pairs["_key"].ne(pairs["_key_of"])])


def _in_order(asked: pd.DataFrame) -> Links:
    """Two dates of a record that contradict each other, and what else is said of either of them."""
    dates = _parts(asked, "_own", "_date").drop(columns="field").rename(columns={"_date": "field"})
    pairs = _pairs(dates, asked, ["form", "_key", "field"])
    return _links(pairs[pairs["_first"] != pairs["_other"]])


def _without_event(asked: pd.DataFrame) -> Links:
    """Days without an event around them, and a doubt of the dates or of the kind of that subject's event."""
    days = _parts(asked[asked["_reads"].str.contains("?", regex=False)], "_reads", "_place")
    dates = _parts(days[~days["_place"].str.startswith("?")], "_from", "_record")
    kinds = days.assign(_place=days["_place"].str.removeprefix("?"))[days["_place"].str.startswith("?")]
    events = _placed(asked).assign(_record=asked["form"] + "/" + asked["_key"])
    yield from _links(_pairs(events, dates, ["subject", "_place", "_record"]))
    yield from _links(_pairs(events, kinds, ["subject", "_place"]))


def _placed(queries: pd.DataFrame) -> pd.DataFrame:
    """With `_place`, the field as rules name it: FORM.FIELD."""
    return queries.assign(_place=queries["form"] + "." + queries["field"])


def _parts(queries: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """One row for each part of a list (a;b), under a name of its own; none where the list is empty."""
    listed = queries[queries[column].ne("")]
    return listed.assign(**{name: listed[column].str.split(";")}).explode(name).astype({name: "str"})


def _pairs(firsts: pd.DataFrame, others: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """Each of the firsts with each of the others that agrees; `_first` and `_other` are where they stand."""
    left, right = firsts.rename_axis("_first").reset_index(), others.rename_axis("_other").reset_index()
    return left.merge(right, on=on, suffixes=("", "_of"))


def _links(pairs: pd.DataFrame) -> Links:
    return zip(pairs["_first"].tolist(), pairs["_other"].tolist(), strict=True)
