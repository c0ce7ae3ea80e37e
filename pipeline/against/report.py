"""A comparison told on the terminal, as CSV and as one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import pandas as pd

from pipeline.against.comparison import SidesCompared
from pipeline.against.tables import MOST, OPEN
from pipeline.ground.plain_csv import csv_text

SHOWN, PER_VARIABLE = 40, 3  # differences on the terminal, of which so many of one variable
SUBJECTS = 10
IN_PAGE = 20_000  # differences in the page


def lines(compared: SidesCompared) -> Iterator[str]:
    """Lines for the terminal: what the sides rest on, counts by variable, subjects, the first differences."""
    for what, old, new in compared.stated:
        yield f"  {what}: {old} -> {new}"
    records = sum(max(one) for one in compared.compared.values())
    yield f"Compared {len(compared.compared)} datasets of {records:,} records."
    yield from (f"  {problem}" for problem in compared.register.problems)
    if compared.counts.empty:
        yield "Nothing differs."
    else:
        yield from _counts(compared.counts)
        yield from _subjects(compared.subjects)
        yield from _first(compared.found)
    told = list(compared.register.states())
    if told:
        yield from ("", "Accepted differences")
    yield from (f"  {line.what}: {state} ({line.who}: {line.why})" for line, state in told)


def _counts(counts: pd.DataFrame) -> Iterator[str]:
    yield from ("", f"{'Dataset':<10}{'What':<16}{'Variable':<22}{'Differences':>12}{'Accepted':>10}{'Subjects':>10}")
    for name, what, variable, differences, accepted, subjects in counts.itertuples(index=False, name=None):
        told = f"{name:<10}{what:<16}{variable:<22}{differences:>12,}"
        yield f"{told}{accepted or '':>10}{subjects or '':>10}"


def _subjects(subjects: pd.DataFrame) -> Iterator[str]:
    if subjects.empty:
        return
    most = subjects.groupby("SUBJECT")["DIFFERENCES"].sum().sort_values(ascending=False, kind="stable")
    yield from ("", f"Subjects with differences: {len(most):,}")
    yield from (f"  {name:<30}{count:>8,}" for name, count in most.head(SUBJECTS).items())
    if len(most) > SUBJECTS:
        yield f"  ... and {len(most) - SUBJECTS:,} more subjects"


def _first(found: pd.DataFrame) -> Iterator[str]:
    opened = found[found["STATUS"].eq(OPEN)]
    if opened.empty:
        return
    yield from ("", "First differences")
    shown = opened.groupby(["DATASET", "WHAT", "VARIABLE"], sort=False).head(PER_VARIABLE).head(SHOWN)
    for row in shown.to_dict("records"):
        place = " ".join(filter(None, (row["DATASET"], row["SUBJECT"], row["RECORD"], row["VARIABLE"])))
        moved = f": {row['OLD'] or '(missing)'} -> {row['NEW'] or '(missing)'}" if row["OLD"] or row["NEW"] else ""
        yield f"  {place} {'' if row['WHAT'] == 'value' else row['WHAT']}".rstrip() + moved
    yield "  All are written with --out FOLDER." if len(opened) > len(shown) else ""


def files(old: str, new: str, compared: SidesCompared) -> dict[str, str]:
    """The files of --out by name."""
    states = [(line.what, line.why, line.who, line.until, state) for line, state in compared.register.states()]
    accepted = pd.DataFrame(states, columns=["WHAT", "WHY", "WHO", "UNTIL", "STATE"], dtype="str")
    return {
        "differences.csv": csv_text(compared.found),
        "counts.csv": csv_text(compared.counts),
        "subjects.csv": csv_text(compared.subjects),
        "accepted.csv": csv_text(accepted),
        "compare.html": page(old, new, compared, accepted),
    }


def page(old: str, new: str, compared: SidesCompared, accepted: pd.DataFrame) -> str:
    """The comparison as one HTML file."""
    stated = pd.DataFrame(compared.stated, columns=["WHAT", "OLD", "NEW"], dtype="str")
    opened, settled = (compared.found[compared.found["STATUS"].eq(OPEN) == held] for held in (True, False))
    shown = min(len(opened), IN_PAGE)
    note = f"Written out are the first {MOST:,} of each variable, and here {shown:,}; the counts are of all."
    parts = [
        f"<p><b>{compared.open:,}</b> differences that nobody accepted.</p>",
        section("What the builds rest on", stated), section("Counts", compared.counts),
        section("Subjects", compared.subjects), section("Differences", opened.head(IN_PAGE), note),
        section("Accepted", settled.head(IN_PAGE)), section("Register", accepted),
    ]  # fmt: skip
    return written("Comparison", f"{escape(old)} &rarr; {escape(new)}", parts)


def written(what: str, title: str, parts: Sequence[str]) -> str:
    """One HTML file that loads nothing and runs nothing: what it is, of what (as HTML), and its parts."""
    css = (Path(__file__).parent / "compare.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>{what}: {title}</title>\n'
        f"<style>\n{css}</style>\n</head>\n<body>\n<header><h1>{what} <span>{title}</span></h1></header>\n"
        f"<main>\n{''.join(parts)}\n</main>\n</body>\n</html>\n"
    )


def section(title: str, frame: pd.DataFrame, note: str = "") -> str:
    """A heading and a table; nothing where the table is empty."""
    if frame.empty:
        return ""
    head = "".join(f"<th scope='col'>{escape(str(name))}</th>" for name in frame.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    lead = f"<p>{note}</p>" if note else ""
    return f"<h2>{title}</h2>{lead}<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>\n"
