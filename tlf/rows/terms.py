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
from tlf.rows.at_risk import rate
from tlf.rows.kinds import Terms
from tlf.rows.term_lines import CountedTerm, lines_of
from tlf.rows.term_rates import days_of_lines
from tlf.shells import Shell


def measure_line(row: Terms, population: str, places: Sequence[Place], records: Records) -> shares.Entries:
    """n, N and the proportion of every term, and of its parts below it, in every column."""
    told = lines_of(row, records.resolved(row.where), population, places, records)
    sizes = [len(records.subjects("adsl", place.population)) for place in places]
    days = days_of_lines(row, told, places, records) if shares.timed(row) else {}
    often = False
    for line in told:
        counted, is_term = told.counts(line), not line.kind[1]
        counts, behind = counted.n[line.number].tolist(), counted.records[line.number].tolist()
        often = any(_often(row, n, size) for n, size in zip(counts, sizes, strict=True)) if is_term else often
        for at, place in enumerate(places if often else ()):
            below, origin = _below(row, line, place, told.names_beyond(line, at))
            whom = origin, Origin("adsl", "", level=line.label)
            yield from shares.counted(row, below, whom, shares.Numbers(counts[at], sizes[at], behind[at]), records)
            if days:
                known, unknown = (one[line.number] for one in days[line.kind][at])
                yield from rate(below, origin, (counts[at], known, int(unknown)), records)


def _below(row: Terms, line: CountedTerm, place: Place, outside: list[str]) -> tuple[Place, Origin]:
    """Where the numbers of a line stand in a column, and the records behind them."""
    where = all_of(line.where, f"{SUBJECT} not in {quoted(outside)}") if outside else line.where
    inner = [term.replace(BELOW, "/") for term in line.path]
    labels = [*line.path[:-1], line.label]
    place = place._replace(rowid=BELOW.join([place.rowid, *labels]), row=BELOW.join([place.row, *inner]))
    return place, Origin(row.dataset, where, " ".join(row.by), line.label)


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
