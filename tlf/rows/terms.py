"""Rows of kind `terms`: subjects by the terms that the data have, nested; each subject counts once at each term.

Terms are told for all columns together, so that every column has the same lines: those that anybody of the population
has (tlf/rows/nested.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.ground.clauses import quoted
from tlf import lines
from tlf.conditions import SUBJECT, Records, all_of
from tlf.lines import Line
from tlf.model import Row
from tlf.results import BELOW, Found, Origin, Place
from tlf.rows import shares
from tlf.rows.at_risk import rates, time_at_risk
from tlf.rows.kinds import Terms
from tlf.rows.nested import CountedTerm, Term, counted_by, terms_below
from tlf.rows.term_parts import asked_parts, parts_of
from tlf.shells import Shell


def measure_line(row: Terms, population: str, places: Sequence[Place], records: Records) -> shares.Entries:
    """n, N and the proportion of every term, and of its parts below it, in every column."""
    where = records.resolved(row.where)
    used = records.where(row.dataset, where, population).reset_index(drop=True)
    parts = asked_parts(row, used, records)
    used = counted_by(row, used)
    members = {place: records.subjects("adsl", place.population) for place in places}
    timed = places if shares.timed(row) else ()
    at_risk = {place: time_at_risk(row.time_at_risk, place, records) for place in timed}
    for term in terms_below(row, Term((), where, used)):
        subjects = frozenset(term.records[SUBJECT])
        if any(_often(row, len(subjects & whole), len(whole)) for whole in members.values()):
            itself = CountedTerm(term.path, term.label, subjects, term.where, term.records, term.beyond)
            for told in (itself, *parts_of(row, term, parts)):
                for place, whole in members.items():
                    below, origin = _below(row, told, place, whole)
                    whom = origin, Origin("adsl", "", level=told.label)
                    counts = len(told.subjects & whole), len(whole)
                    yield from shares.counted(row, below, whom, counts, records)
                    if at_risk:
                        yield from rates(below, origin, told.records, at_risk[place], records)


def _below(row: Terms, told: CountedTerm, place: Place, whole: frozenset[str]) -> tuple[Place, Origin]:
    """Where the numbers of a term stand in a column, and the records behind them."""
    outside = sorted(told.beyond & whole)
    where = all_of(told.where, f"{SUBJECT} not in {quoted(outside)}") if outside else told.where
    inner = [term.replace(BELOW, "/") for term in told.path]
    labels = [*told.path[:-1], told.label]
    place = place._replace(rowid=BELOW.join([place.rowid, *labels]), row=BELOW.join([place.row, *inner]))
    return place, Origin(row.dataset, where, " ".join(row.by), told.label)


def _often(row: Terms, n: int, whole: int) -> bool:
    """True for a term that enough subjects of a column have: `2` of them, or `5 %`."""
    least = row.at_least.partition("%")[0].strip()
    return n > 0 and 100 * n >= float(least) * whole if "%" in row.at_least else n >= float(least or 0)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and below it the terms with their parts; nothing where there are none."""
    rows = []
    for name, said in found.below(line.key).items():
        cells = [shares.printed_share(line.row, one) for one in lines.values(shell, line.key._replace(row=name), found)]
        depth = name.removeprefix(line.key.row).count(BELOW)
        words = shell.words.get(line.row.by[depth - 1], {}) if depth <= len(line.row.by) else {}
        label = words.get(said.level, said.level)
        rows.append(Row((label, *cells), indent=line.indent + depth, key=said.rowid))
    return [lines.heading(shell, line), *rows] if rows else []
