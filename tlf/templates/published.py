"""Family `published`: what a publication printed, beside what the data give, and whether each number agrees.

Rows as in family `survival`, each with the text `published`. Its numbers are compared, in their order, with the fields
of the row's `compare` (else: of a count its percentage or number, of others the fields of `show`), rounded to as many
decimals as were printed; a text without numbers ("not reached") agrees with a value that has that reason. A count
always has its exact interval, also where none was printed. Curves out of order (`order`) are explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from tlf.model import Column, Row, Table
from tlf.shell import FIELD, cell, rounded
from tlf.stats import NOT_REACHED
from tlf.templates import categories, curves, layout, notes, survival
from tlf.templates.conditions import Records
from tlf.templates.layout import Line
from tlf.templates.rows import Found, Origin, Place, as_results, entry

NUMBER = re.compile(r"\d+(?:\.\d+)?")
OWN = ("published", "compare")
AGREES, DIFFERS = "agrees", "DIFFERS"
COUNT = "{n:x}/{N:x} ({pct:x.x} %)"
SHOW = {"count": COUNT, "median": "{estimate:x.x}", "rate": "{estimate%:x.x} %", "follow_up": "{estimate:x.x}"}
LIMITS = {"count": categories.INTERVAL, "median": "({lower:x.x}, {upper:x.x})", "rate": categories.INTERVAL,
          "follow_up": "({lower:x.x}, {upper:x.x})"}  # fmt: skip
HEADS = ("Published", "Computed", "95% interval", "Subjects at risk", "Agreement")
Entries = Iterator[dict[str, Any]]


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per row and statistic, what was published and whether it agrees (1 or 0) among them."""
    records = Records(data)
    output = _complete(output)
    found = list(categories.entries(_computed(output), records, survival.KINDS))
    compared = list(_comparisons(output, found))
    more = [*survival.warning(output, found, records), *curves.order_note(output, records), *_total(output, compared)]
    return as_results([*found, *compared, *more])


def body(output: dict[str, Any], results: pd.DataFrame) -> Table:
    """One line per published number, filled from the results alone."""
    output, found = _complete(output), Found(results)
    heads = [Column(output.get("stub", ""), float(output.get("stub_width", 3)))]
    heads += [Column(head, width, "center") for head, width in zip(HEADS, (1.6, 1.6, 1.3, 0.8, 0.9), strict=True)]
    rows = [_row(output, line, found) for line in layout.lines(output)]
    return Table(tuple(heads), (*layout.spaced(rows), *notes.rows(found)))


def _complete(output: dict[str, Any]) -> dict[str, Any]:
    """The shell with one column of all subjects, and an exact interval for every count."""
    rows = [row | {"interval": "exact"} if _kind(row) == "count" else row for row in output["rows"]]
    return {"columns": [{"label": "All patients"}], **output, "rows": rows}


def _kind(row: dict[str, Any]) -> str:
    return categories.kind({word: part for word, part in row.items() if word not in OWN})


def _computed(output: dict[str, Any]) -> dict[str, Any]:
    """The shell as family `survival` knows it."""
    rows = [{word: part for word, part in row.items() if word not in OWN} for row in output["rows"]]
    return output | {"rows": rows}


def _comparisons(output: dict[str, Any], found: list[dict[str, Any]]) -> Entries:
    """The published text of every row, and 1 where all its numbers agree, else 0."""
    group = layout.groups(output)[0]
    for line in layout.lines(output):
        if "published" not in line.row:
            continue
        own = [e for e in found if e["ROWID"] == line.rowid and e["GROUP"] == group]
        values = {e["STATISTIC"]: (e["VALUE"], e["NOTE"]) for e in own}
        first = own[0]
        place = Place(output["output"], line.rowid, group, first["POPULATION"])
        origin = Origin(first["DATASET"].lower(), first["WHERE"], first["VARIABLE"], first["LEVEL"])
        agrees, told = compare(line.row["published"], _compared(line.row), values)
        yield entry(place, origin, "published", text=line.row["published"])
        yield entry(place, origin, "agreement", agrees, text=AGREES if agrees else DIFFERS, note=told)


def compare(published: str, shell: str, values: dict[str, tuple[float, str]]) -> tuple[int, str]:
    """1 when every number printed is the computed one rounded as printed, else 0; and in words what differs."""
    numbers, fields = NUMBER.findall(published), list(FIELD.finditer(shell))
    if not numbers:
        notes_ = [values[field["name"]][1] for field in fields]
        reached = published.casefold() in ("not reached", "nr") and all(n == NOT_REACHED for n in notes_)
        return int(reached), "" if reached else f"published {published}, computed {', '.join(notes_) or 'a number'}"
    if len(numbers) > len(fields):
        return 0, f"published {len(numbers)} numbers, computed {len(fields)}"
    told = []
    for printed, field in zip(numbers, fields, strict=False):
        computed = _value(field, values)
        decimals = len(printed.partition(".")[2])
        if computed is None or Decimal(rounded(computed, decimals)) != Decimal(printed):
            found = "none" if computed is None else rounded(computed, decimals + 1)
            told.append(f"published {printed}, computed {found}")
    return int(not told), "; ".join(told)


def _value(field: re.Match[str], values: dict[str, tuple[float, str]]) -> float | None:
    """The unrounded number behind a field of a shell; None where there is none."""
    name, of = ("n", "N") if field["name"] == "pct" else (field["name"], field["of"])
    value = values.get(name, (float("nan"), ""))[0]
    if value != value:
        return None
    if of is None:
        return value * 100 if field["percent"] else value
    base = values[of][0]
    return 100 * value / base if base else None


def _total(output: dict[str, Any], compared: list[dict[str, Any]]) -> Entries:
    """How many of the published numbers agree."""
    judged = [e for e in compared if e["STATISTIC"] == "agreement"]
    agree = sum(int(e["VALUE"]) for e in judged)
    text = f"{agree} of {len(judged)} published figures agree with what the data give."
    place = Place(output["output"], notes.PREFIX + "agreement", notes.EVERYBODY, "")
    yield entry(place, Origin("adsl", ""), "note", agree, text=text)


def _compared(row: dict[str, Any]) -> str:
    """The shell whose fields are compared; of a count the percentage when one was printed, else the count."""
    if _kind(row) == "count" and "compare" not in row:
        return "{pct:x.x}" if "%" in row["published"] else "{n:x}"
    return row.get("compare", _shown(row))


def _shown(row: dict[str, Any]) -> str:
    """The shell of the computed cell, without what stands only for counts of 0."""
    return row.get("show", SHOW.get(_kind(row), "{n:x}")).partition("|")[0]


def _row(output: dict[str, Any], line: Line, found: Found) -> Row:
    if "published" not in line.row:
        return Row((line.row["label"], *[""] * len(HEADS)), line.indent, True, True, line.rowid)
    group, kind = layout.groups(output)[0], _kind(line.row)
    values = found.statistics(line.rowid, group)
    at_risk = cell("{at_risk:x}", values) if "at_risk" in values else ""
    cells = (
        line.row["published"], cell(_shown(line.row), values), cell(LIMITS[kind], values) if kind in LIMITS else "",
        at_risk + (survival.MARK if found.note(line.rowid, group, "at_risk") else ""),
        AGREES if found.number(line.rowid, group, "agreement") == 1 else DIFFERS,
    )  # fmt: skip
    return Row((line.row["label"], *cells), indent=line.indent, key=line.rowid)
