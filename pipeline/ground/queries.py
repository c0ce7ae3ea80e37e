"""Findings: one shape for everything that somebody has to look at, from the gate to the last identity."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypedDict

import pandas as pd

from pipeline.ground import text_storage  # noqa: F401
from pipeline.ground.severity import SEVERITIES

COLUMNS = ("check", "severity", "form", "record", "subject", "field", "value", "message")
OF_THE_GATE = ("GATE-REGISTER", "GATE-RULE")  # what the gate says of itself, which asks nobody at a site


def none_found() -> pd.DataFrame:
    """An empty table of findings."""
    return _nothing().copy(deep=False)


@cache
def _nothing() -> pd.DataFrame:
    """Made once: most fields of most forms have no finding."""
    return pd.DataFrame(columns=list(COLUMNS), dtype="str")


def finding(check: str, severity: str, message: str, **where: Any) -> pd.DataFrame:
    """One finding; `where` names form, record, subject, field and value as far as known."""
    row = {"check": check, "severity": severity, "message": message} | where
    return gather([pd.DataFrame([{name: row.get(name, "") for name in COLUMNS}])])


def gather(parts: Iterable[pd.DataFrame | list[dict[str, str]] | None]) -> pd.DataFrame:
    """One table from many, each cell text ('' when empty), in the order given."""
    frames = [pd.DataFrame(part) for part in parts if part is not None and len(part)]
    if not frames:
        return none_found()
    whole = pd.concat(frames, ignore_index=True).reindex(columns=list(COLUMNS))
    return whole.astype("str").where(whole.notna(), "").astype("str")


def ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Most severe first, then by check, form, subject, record and field; exact repeats once."""
    findings = without_echoes(findings)
    rank = findings["severity"].map({name: i for i, name in enumerate(SEVERITIES)}).fillna(len(SEVERITIES))
    keys = ["_rank", "check", "form", "subject", "record", "field", "value", "message"]
    whole = findings.assign(_rank=rank).drop_duplicates().sort_values(keys, kind="stable")
    return whole.drop(columns="_rank").reset_index(drop=True)


def without_echoes(findings: pd.DataFrame) -> pd.DataFrame:
    """A value that the gate has reported is not reported again by the mapping that met it too."""
    many = findings["record"].eq("")  # a finding that stands for many records is known by its value
    place = findings["form"] + "\x1f" + findings["record"] + "\x1f" + findings["field"]
    place = place.mask(many, place + "\x1f" + findings["value"])
    at_gate = set(place[~findings["check"].str.startswith("SDTM-")])
    echo = findings["check"].isin(("SDTM-CT", "SDTM-DATE", "SDTM-NUM")) | findings["check"].eq("SDTM-UNIT") & ~many
    asked = findings["form"] + "\x1f" + findings["value"]
    asked_at_gate = set(asked[findings["check"].eq("RAW-UNIT")])
    unit_echo = findings["check"].eq("SDTM-UNIT") & asked.isin(asked_at_gate)
    return findings[~(echo & place.isin(at_gate) | unit_echo)]


def for_rows(
    rows: pd.DataFrame, check: str, severity: str, field: str, message: str, value: Any = None
) -> pd.DataFrame:
    """One finding per raw row; `{value}` and `{field}` in the message are filled from the row."""
    if rows.empty:
        return none_found()
    values = (rows[field] if value is None else value).fillna("").astype("str")
    findings = pd.DataFrame(
        {
            "check": check,
            "severity": severity,
            "form": rows["_FORM"],
            "record": rows["_RECORD"],
            "subject": rows["_SUBJECT"],
            "field": field,
            "value": values,
        }
    )
    findings["message"] = [message.format(value=v, field=field) for v in values]
    return gather([findings])


LEFT_OUT = ("RAW-INACTIVE", "RAW-BROKEN", "RAW-DUPLICATE", "RAW-SUBJECT", "SDTM-CUT", "SDTM-LABC", "SDTM-LABX")
COUNTED = ("RAW-INACTIVE", "SDTM-CUT")


class LeftOut(TypedDict):
    """How many records of a form one check has left out."""

    check: str
    form: str
    records: int


def left_out(findings: pd.DataFrame) -> list[LeftOut]:
    """Records that were left out, by check and form: a finding that stands for many says their number as its value."""
    rows = findings[findings["check"].isin(LEFT_OUT)]
    many = rows["value"].where(rows["check"].isin(COUNTED), "1")
    counted = rows.assign(records=pd.to_numeric(many, errors="coerce").fillna(1).astype("int64"))
    sums = counted.groupby(["check", "form"], sort=True)["records"].sum().reset_index()
    return [
        LeftOut(check=c, form=f, records=int(n))
        for c, f, n in zip(sums["check"], sums["form"], sums["records"], strict=True)
    ]
