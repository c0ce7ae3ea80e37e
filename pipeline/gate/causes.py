"""One cause, one query: which open queries follow from another, and are settled with it.

Queries belong together when they stand on one cell, when a rule says so (a number that two subjects share), when a
whole record is in doubt (entered twice, filed under the wrong subject), or when a check compared with a date that
another query doubts. The first of a group is its query; the others name it as their cause and count with it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.gate.life import OPEN
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
    for _, rows in asked[asked["_key"].ne("")].groupby(["form", "_key"], sort=False):
        whole = rows.index[rows["field"].isin(WHOLE_RECORD)]
        if len(whole) and len(rows) > len(whole):
            yield from ((whole[0], other) for other in rows.index.difference(whole))
    yield from _compared(asked)
    yield from _in_order(asked)
    yield from _without_event(asked)


def _compared(asked: pd.DataFrame) -> Links:
    """What was compared with a date of another record that is in doubt."""
    doubted = asked[asked["_dated"].eq("Y") & asked["subject"].ne("")]
    compared = asked[asked["_reads"].ne("")]
    by_subject = dict(iter(compared.groupby("subject", sort=False)))
    for place, row in zip(doubted.index, doubted.to_dict("records"), strict=True):
        date = f"{row['form']}.{row['field']}"
        for other, told in by_subject.get(row["subject"], compared.iloc[:0]).iterrows():
            near = row["_only"] == "Y" or told["folder"] == row["folder"]
            if near and told["_key"] != row["_key"] and date in told["_reads"].split(";"):
                yield place, other


def _in_order(asked: pd.DataFrame) -> Links:
    """Two dates of a record that contradict each other, and what else is said of either of them."""
    for first, row in asked[asked["_own"].ne("")].iterrows():
        same = asked[asked["form"].eq(row["form"]) & asked["_key"].eq(row["_key"])]
        dates = same.index[same["field"].isin(row["_own"].split(";"))]
        yield from ((first, other) for other in dates if other != first)


def _without_event(asked: pd.DataFrame) -> Links:
    """Days without an event around them, and a doubt of the dates or of the kind of that subject's event."""
    days = asked[asked["_reads"].str.contains("?", regex=False)]
    for other, row in days.iterrows():
        told = row["_reads"].split(";")
        mine = asked[asked["subject"].eq(row["subject"])]
        place = mine["form"] + "." + mine["field"]
        event = (mine["form"] + "/" + mine["_key"]).isin(row["_from"].split(";")) & place.isin(told)
        yield from ((first, other) for first in mine.index[event | ("?" + place).isin(told)])
