"""Family `categories`: subjects counted by condition or level, proportions with exact intervals, and summaries.

A row of the shell is one of
- a heading: `label` alone,
- a count: `where` (and `dataset`), with `interval: exact` the limits below it, with `denominator` a base of its own,
- levels: `variable` and `levels`, each a value or a mapping of `value` or `where` to its `label`,
- a summary: `variable` with `show`, or with `statistics` (label: shell) for a line each.
A row, or a set of rows, may name the `columns` it is for; in others it prints as not applicable, with its `note`.
A family with more kinds of rows passes its own KINDS; a word in a row that no kind knows is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from pipeline.ground.clauses import quoted
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from tlf.model import Row, Table
from tlf.shell import cell
from tlf.stats.binomial import exact_interval
from tlf.stats.summary import describe
from tlf.templates import layout, notes
from tlf.templates.conditions import Records, all_of, equals, in_words, is_missing, none_of
from tlf.templates.layout import Line
from tlf.templates.rows import Found, Origin, Place, as_results, entry

COUNT, COUNT_AND_SHARE = "{n:xx}", "{n:xx} ({pct:xx.x})|{n:xx}"
INTERVAL = "({lower%:x.x}, {upper%:x.x})"
OTHER, MISSING = "Other value", "Missing"
WORDS = ("label", "indent", "dataset", "where", "show", "interval", "denominator", "variable", "levels", "statistics",
         "statistic", "at", "columns", "note", "set")
Entries = Iterator[dict[str, Any]]
Kinds = dict[str, tuple[Callable[..., Entries], Callable[..., list[Row]]]]


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per printed row, column and statistic (see specs/standard/results.yaml)."""
    return as_results(entries(output, Records(data), KINDS))


def body(output: dict[str, Any], results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    return page(output, results, KINDS)


def entries(output: dict[str, Any], records: Records, kinds: Kinds) -> Entries:
    """The rows of the results in the order of the page, after the decisions and the sizes of the columns."""
    yield from notes.decisions(output, records)
    output = in_words(output, notes.worded(output, records.decisions))
    yield from layout.column_subjects(output, records)
    for line in layout.lines(output):
        measure = kinds[kind(line.row)][0]
        for place in layout.places(output, line):
            if place.group in line.row.get("columns", [place.group]):
                yield from measure(line.row, place, records)
            else:
                reason = line.row.get("note", "not applicable to this column")
                yield entry(place, Origin("adsl", ""), "n", note=reason)
    yield from notes.entries(output, records)


def page(output: dict[str, Any], results: pd.DataFrame, kinds: Kinds) -> Table:
    """The table of a shell whose rows are of these kinds."""
    found = Found(results)
    output = in_words(output, notes.worded(output, notes.in_force(found)))
    rows = [row for line in layout.lines(output) for row in kinds[kind(line.row)][1](output, line, found)]
    return layout.table(output, found, rows + notes.rows(found), _counts_say(output))


def _counts_say(output: dict[str, Any]) -> str:
    """What the cells of counted rows are, for the heads of the columns: n (%), n/N (%) or both."""
    shells = [line.row.get("show", COUNT_AND_SHARE) for line in layout.lines(output)
              if kind(line.row) in ("count", "levels")]  # fmt: skip
    shares = ["n/N (%)" if "{N" in shell else "n (%)" for shell in shells if "{pct" in shell]
    return " or ".join(sorted(set(shares))) or ("n/N" if shells else "")


def kind(row: dict[str, Any]) -> str:
    """Which kind of row this is, told by its words. Raises TrialError for a word no kind knows."""
    unknown = [word for word in row if word not in WORDS]
    if unknown:
        what = f"The row {row['label']!r} has the unknown word {unknown[0]!r}."
        raise TrialError(what, "", f"{did_you_mean(unknown[0], WORDS)} (a label with a comma needs quotes)")
    if "statistic" in row:
        return row["statistic"]
    for word, name in (("set", "set"), ("levels", "levels"), ("variable", "summary"), ("where", "count")):
        if word in row:
            return name
    return "heading"


def share(row: dict[str, Any], place: Place, origin: Origin, records: Records) -> Entries:
    """n of N and the proportion, with exact limits where the row asks for an interval.

    The numerator lies inside its denominator: subjects outside a base of its own are left out, and named in the clause.
    Below PERCENT_MIN_N subjects the proportion is only made when the row asks for it (`show` or `interval`).
    """
    base = row.get("denominator", {})
    of = Origin(base.get("dataset", "adsl"), records.resolved(base.get("where", "")), level=origin.level)
    origin = _inside(origin, of, place.population, records)
    n = records.count(origin.dataset, origin.where, place.population)
    total = records.count(of.dataset, of.where, place.population)
    least = 0 if "show" in row or "interval" in row else records.decision("PERCENT_MIN_N")
    few = f"no percentage with fewer than {least} subjects" if total else "NE: not estimable, no subjects"
    yield entry(place, origin, "n", n)
    yield entry(place, of, "N", total)
    if not total or total < least:
        yield entry(place, origin, "estimate", note=few)
    else:
        yield entry(place, origin, "estimate", n / total)
    if "interval" in row:
        level = records.decision("CI_LEVEL")
        limits = exact_interval(n, total, level)
        for name in ("lower", "upper"):
            yield entry(place, origin, name, limits[name].value, note=limits[name].note)
        yield entry(place, origin, "level", level)


def _inside(origin: Origin, of: Origin, population: str, records: Records) -> Origin:
    """The records of a part without those of subjects outside its whole."""
    beyond = records.subjects(origin.dataset, origin.where) - records.subjects(of.dataset, of.where)
    outside = sorted(beyond & records.subjects("adsl", population))
    return origin._replace(where=all_of(origin.where, f"USUBJID not in {quoted(outside)}")) if outside else origin


def _size(row: dict[str, Any], place: Place, records: Records) -> Entries:
    yield layout.subjects(place, records)


def _nothing(row: dict[str, Any], place: Place, records: Records) -> Entries:
    yield from ()


def _count(row: dict[str, Any], place: Place, records: Records) -> Entries:
    yield from share(row, place, Origin(row.get("dataset", "adsl"), records.resolved(row["where"])), records)


def _levels(row: dict[str, Any], place: Place, records: Records) -> Entries:
    """A count per level, then the subjects with another value and those without one."""
    dataset, variable = row.get("dataset", "adsl"), row["variable"]
    frame = records.where(dataset, "")
    wheres = {}
    for value, label, where in map(_level, row["levels"]):
        wheres[label, value] = records.resolved(where) or equals(frame, variable, value)
    rest = none_of(*wheres.values())
    wheres[OTHER, ""] = all_of(rest, f"{variable} == {variable}")
    wheres[MISSING, ""] = all_of(rest, is_missing(variable))
    for (label, value), where in wheres.items():
        origin = Origin(dataset, all_of(row.get("where", ""), where), variable, value or label)
        yield from share(row, place._replace(rowid=_below(place.rowid, label)), origin, records)


def _level(level: str | dict[str, str]) -> tuple[str, str, str]:
    """value, label and clause of a level as the shell writes it."""
    if isinstance(level, str):
        return level, level, ""
    value = level.get("value", "")
    return value, level.get("label", value), level.get("where", "")


def _below(rowid: str, label: str) -> str:
    return f"{rowid} / {label}"


def _summary(row: dict[str, Any], place: Place, records: Records) -> Entries:
    """The statistics of one variable, one value per subject. Raises TrialError where a subject has two."""
    dataset, variable, where = row.get("dataset", "adsl"), row["variable"], records.resolved(row.get("where", ""))
    present, absent = all_of(where, f"{variable} == {variable}"), all_of(where, is_missing(variable))
    used = records.where(dataset, present, place.population)
    if used["USUBJID"].duplicated().any():
        what = f"{dataset.upper()} has several records of a subject where {present}."
        raise TrialError(what, f"{place.output}, {place.rowid}", "a summary needs one record per subject")
    found = describe(used[variable])
    found["nmiss"] = found["nmiss"]._replace(value=records.count(dataset, absent, place.population))
    for name, statistic in found.items():
        origin = Origin(dataset, absent if name == "nmiss" else present, variable)
        yield entry(place, origin, name, statistic.value, note=statistic.note)


def _size_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    sizes = [layout.statistics("N={N:x}", found.statistics(line.rowid, group)) for group in layout.groups(output)]
    return [Row((line.row["label"], *sizes), header=True, keep_with_next=True, key=line.rowid)]


def _heading_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    return [layout.heading(output, line)]


def _count_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    groups = layout.groups(output)
    cells = [_share(line.row, found.statistics(line.rowid, group)) for group in groups]
    rows = [layout.printed(line, line.row["label"], cells)]
    if "interval" in line.row:
        level = layout.level(output, line, found)
        limits = [_interval(found.statistics(line.rowid, group)) for group in groups]
        rows.append(layout.printed(line, f"{level} CI", limits, extra=1))
    return rows


def _share(row: dict[str, Any], values: dict[str, tuple[float, str]]) -> str:
    if "N" not in values:
        return layout.BLANK
    known = not np.isnan(values["estimate"][0])
    return cell(row.get("show", COUNT_AND_SHARE) if known else COUNT, values)


def _interval(values: dict[str, tuple[float, str]]) -> str:
    known = "lower" in values and not np.isnan(values["lower"][0])
    return cell(INTERVAL, values) if known else layout.BLANK


def _level_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    rows, groups = [layout.heading(output, line)], layout.groups(output)
    labels = [_level(level)[1] for level in line.row["levels"]]
    for label in [*labels, OTHER, MISSING]:
        rowid = _below(line.rowid, label)
        if label in labels or any(found.number(rowid, group, "n") > 0 for group in groups):
            cells = [_share(line.row, found.statistics(rowid, group)) for group in groups]
            rows.append(Row((label, *cells), indent=line.indent + 1, key=rowid))
    return rows


def _summary_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    def filled(show: str) -> list[str]:
        return [layout.statistics(show, found.statistics(line.rowid, g)) for g in layout.groups(output)]

    if "statistics" not in line.row:
        return [layout.printed(line, line.row["label"], filled(line.row["show"]))]
    rows = [layout.printed(line, label, filled(show), 1) for label, show in line.row["statistics"].items()]
    return [layout.heading(output, line), *rows]


KINDS: Kinds = {
    "set": (_size, _size_rows), "heading": (_nothing, _heading_rows), "count": (_count, _count_rows),
    "levels": (_levels, _level_rows), "summary": (_summary, _summary_rows),
}
