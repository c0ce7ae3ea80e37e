"""The life of a query: what each finding of this extract was in the extracts before it.

A query is known by check, form, record and field. Earlier extracts are validated anew with today's checks, so the
history needs no files of earlier runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from pipeline.gate.snapshot import Snapshot
from pipeline.ground.severity import SEVERITIES

IDENTITY = ["check", "form", "_key", "field"]
BETWEEN = "\x1f"  # the parts of an identity (a zero byte would be lost: numpy takes it for the end of a text)
STATUSES = ("new", "re-opened", "changed", "open", "answered", "accepted", "resolved")
OPEN = ("new", "re-opened", "changed", "open", "answered")


def told(current: Snapshot, earlier: Sequence[Snapshot]) -> pd.DataFrame:
    """One row per query: findings of now and of the earlier extracts (oldest first) that are gone.

    Added to the finding's columns: `query` (the id by which people speak of it), `status` (new: never seen before;
    open: in the last extract with the same value; changed: with another; re-opened: not in the last one but before;
    resolved: gone), `first_seen` and `last_seen` (names of extracts), `was` (the value in the last extract where it
    differs) and `note`. What this extract could not check again stays open.
    """
    snapshots = [*earlier, current]
    seen = [numbered(s.findings[s.findings["severity"] != SEVERITIES[-1]]) for s in snapshots]
    history = pd.concat([f.assign(_at=i) for i, f in enumerate(seen)], ignore_index=True)
    first, last = history.groupby("_id")["_at"].min(), history.groupby("_id")["_at"].max()
    queries = history.drop_duplicates("_id", keep="last").assign(note="")
    previous = history[history["_at"] == len(earlier) - 1].set_index("_id")["value"]
    was, in_previous = queries["_id"].map(previous), queries["_id"].isin(previous.index)
    now = queries["_at"] == len(earlier)
    differs = now & in_previous & (was != queries["value"])
    status = pd.Series("new", index=queries.index).mask(now & (queries["_id"].map(first) < len(earlier)), "re-opened")
    status = status.mask(now & in_previous, "open").mask(differs, "changed").mask(~now, "resolved")
    names = dict(enumerate(s.name for s in snapshots))
    queries = queries.assign(
        query=queries["_id"].map(query_id),
        status=status,
        was=was.where(differs, "").fillna("").astype("str"),
        first_seen=queries["_id"].map(first).map(names),
        last_seen=queries["_id"].map(last).map(names),
    )
    return ordered(with_reasons(queries, current))


def numbered(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings with `_id`, their identity; of several with the same one (repeated records) each has its number."""
    ranked = findings.sort_values([*IDENTITY, "value", "message"], kind="stable")
    number = ranked.groupby(IDENTITY).cumcount().astype("str")
    key = ranked[IDENTITY[0]]
    for name in IDENTITY[1:]:
        key = key.str.cat(ranked[name], sep=BETWEEN)
    return ranked.assign(_id=(key + BETWEEN + number).astype("str"))


def query_id(identity: str) -> str:
    """A query's short name, the same in every extract: Q- and ten hexadecimal digits of its identity.

    They are of its parts as one text, a zero byte before the number: the names of queries asked long ago stay.
    """
    *parts, number = identity.split(BETWEEN)
    told = "".join(parts) + "\0" + number
    return "Q-" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:10].upper()


def with_reasons(queries: pd.DataFrame, current: Snapshot) -> pd.DataFrame:
    """Resolved queries say how; those that could not be checked again stay open and say that."""
    gone = queries["status"] == "resolved"
    place = places(queries[gone], current).reindex(queries.index)
    note = pd.Series("no longer found", index=queries.index)
    note = note.mask((queries["record"] != "") & (place["held"] == "no"), "the record is no longer in the extract")
    note = note.mask(place["held"] == "inactive", "the record was inactivated")
    corrected = (place["held"] == "yes") & (place["cell"] != queries["value"])
    note = note.mask(corrected, "the value is now '" + place["cell"].fillna("") + "'").mask(
        corrected & (place["cell"] == ""), "the value is now empty"
    )
    unchecked = gone & queries["check"].isin(_not_run(current))
    missing = gone & ~queries["form"].isin(["", *current.forms]) & ~queries["check"].isin(["RAW-FILE", "RAW-FORM"])
    status = queries["status"].mask(unchecked | missing, "open")
    note = note.mask(unchecked, "not checked again: the check could not run").mask(
        missing, "not checked again: no such form in this extract"
    )
    return queries.assign(status=status, note=queries["note"].mask(gone, note))


def _not_run(current: Snapshot) -> list[str]:
    coverage = current.coverage
    return list(coverage["check"][coverage["ran"] != "Y"])


def places(queries: pd.DataFrame, current: Snapshot) -> pd.DataFrame:
    """Per query whether its record is in the extract (`held`: yes, inactive, no) and its field's `cell` now, if any."""
    parts = [pd.DataFrame({"held": "no", "cell": None}, index=queries.index[:0], dtype="str")]
    for (name, field), rows in queries.groupby(["form", "field"], sort=False):
        held, cell = pd.Series("no", index=rows.index), pd.Series(index=rows.index, dtype="str")
        if name in current.forms:
            records = current.forms[name].by_key
            active = rows["_key"].map(records["_ACTIVE"])
            held = held.mask(active.notna(), "yes").mask(active.eq(False), "inactive")
            cell = rows["_key"].map(records[field].str.strip()) if field in records else cell
        parts.append(pd.DataFrame({"held": held, "cell": cell}))
    return pd.concat(parts).loc[queries.index]


def ordered(queries: pd.DataFrame) -> pd.DataFrame:
    """Open ones first, then accepted, then resolved; within these by severity, form, subject, record and field."""
    group = queries["status"].map({"accepted": 1, "resolved": 2}).fillna(0)
    rank = queries["severity"].map({name: i for i, name in enumerate(SEVERITIES)}).fillna(len(SEVERITIES))
    keys = ["_group", "_rank", "form", "subject", "_key", "field", "check", "value"]
    whole = queries.assign(_group=group, _rank=rank).sort_values(keys, kind="stable")
    return whole.drop(columns=["_group", "_rank"]).reset_index(drop=True)
