"""Checks that set published figures against one another: part and whole, text and table, durations, references."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import combinations

from pipeline.ground.bounds import above
from pipeline.literature.issues import Issue, fits, together
from pipeline.literature.table import SIZE, PrintedFigure

ORDERED = (("CR", "ORR"), ("PR", "ORR"), ("GRFS", "PFS"))  # the first is part of the second
LONGEST_FIRST = (("PFS", "DOR"), ("PFS", "OS"), ("DOR", "DOCR"))  # the first median is not later than the second
SIMILAR = 0.8


def parts_and_wholes(figures: list[PrintedFigure]) -> list[Issue]:
    """CR or PR above ORR, GRFS above PFS, of the same patients in the same place; CR + PR that is not ORR."""
    issues = []
    for values in _same_patients([f for f in figures if f.is_percent]):
        for part, whole in ORDERED:
            if part in values and whole in values and float(values[part].value) > float(values[whole].value):
                a, b = values[part], values[whole]
                reason = f"{a.said} exceeds {b.said} of the same patients; {part} is part of {whole}."
                issues.append(Issue("PUB-PART", "critical", a.trial, f"{a.place}; {b.place}", reason))
        if all(name in values for name in ("CR", "PR", "ORR")):
            total = float(values["CR"].value) + float(values["PR"].value)
            if above(abs(total - float(values["ORR"].value)), 1):
                a = values["ORR"]
                reason = f"CR {values['CR'].value} + PR {values['PR'].value} is {total:g}, not ORR {a.value}."
                issues.append(Issue("PUB-SUM", "critical", a.trial, a.place, reason))
    return issues


def _same_patients(figures: list[PrintedFigure]) -> Iterator[dict[str, PrintedFigure]]:
    """By endpoint: the figures of one population of a trial from the same kind of place and time."""
    for part in together(figures, lambda f: (f.trial, f.population, f.kind, f.time)):
        yield {f.endpoint: f for f in part}


def sizes_of_parts(figures: list[PrintedFigure]) -> list[Issue]:
    """A population larger than the one it is part of."""
    issues = []
    sizes = [f for f in figures if f.endpoint == SIZE and f.is_number]
    for f in [f for f in sizes if f.part_of]:
        wholes = [g for g in sizes if g.trial == f.trial and g.population == f.part_of]
        if wholes and float(f.value) > max(float(g.value) for g in wholes):
            whole = max(wholes, key=lambda g: float(g.value))
            reason = f"{f.value} patients {f.population}, but only {whole.value} {whole.population}."
            issues.append(Issue("PUB-PART", "critical", f.trial, f"{f.place}; {whole.place}", reason))
    return issues


def contradictions(figures: list[PrintedFigure]) -> list[Issue]:
    """The same figure printed with different values in two places; of sizes: which percentages each of them allows."""
    issues = []
    spoken = [f for f in figures if not f.is_silent]
    for part in together(spoken, lambda f: f.group or (f.trial, f.population, f.endpoint, f.time)):
        for a, b in combinations(_distinct(part), 2):
            if a.endpoint != b.endpoint or a.unit != b.unit:
                continue
            reason = f"{a.said} ({a.kind or 'here'}) against {b.said} ({b.kind or 'there'})."
            cells = f"{a.place}; {b.place}"
            if a.endpoint == SIZE and a.population != b.population:
                both = f"{a.value} patients ({a.population}) and {b.value} ({b.population})"
                reason = f"{both}: it is unclear of whom the rates are."
                issues.append(Issue("PUB-DENOMINATOR", "minor", a.trial, cells, reason + _allowed(a, b, figures)))
            elif a.endpoint == SIZE:
                issues.append(Issue("PUB-TEXT", "major", a.trial, cells, reason + _allowed(a, b, figures)))
            else:
                issues.append(Issue("PUB-TEXT", "major", a.trial, cells, reason + _elsewhere(a, b, figures)))
    return issues


def _distinct(part: list[PrintedFigure]) -> list[PrintedFigure]:
    """The first figure of each value."""
    return list({f.value.casefold(): f for f in reversed(part)}.values())[::-1]


def _allowed(a: PrintedFigure, b: PrintedFigure, figures: list[PrintedFigure]) -> str:
    """Which counts each of two sizes allows for the percentages of the trial that were printed of either."""
    words = ""
    for f in figures:
        if f.trial == a.trial and f.is_rate and f.n in (a.value, b.value) and f.n:
            words += f" {f.endpoint} {f.value} %: {fits(f, int(a.value))}, {fits(f, int(b.value))}."
    return words


def _elsewhere(a: PrintedFigure, b: PrintedFigure, figures: list[PrintedFigure]) -> str:
    """Where one of two contradicting values stands for other patients or another endpoint of the trial."""
    words = ""
    for here in (a, b):
        for f in figures:
            same = f.trial == here.trial and f.value == here.value and f.unit == here.unit
            if same and f.kind != here.kind and (f.population, f.endpoint) != (here.population, here.endpoint):
                words += f" {f.place} has {f.value} for {f.endpoint}, {f.population}."
    return words


def other_patients(figures: list[PrintedFigure]) -> list[Issue]:
    """A figure said of different patients in two places, so that its denominator is not the one beside it."""
    issues = []
    for part in together([f for f in figures if f.group and f.endpoint != SIZE], lambda f: f.group):
        a, b = part[0], next((f for f in part if f.population != part[0].population), None)
        if b is None or a.value.casefold() != b.value.casefold():
            continue
        size = f" n = {a.n} is not the number of these patients." if a.n and a.n != b.n else ""
        known = [f for f in figures if f.trial == a.trial and f.endpoint == SIZE and f.population == a.population]
        other = [f for f in known if f.value != a.n and a.is_rate and f.is_number]
        tested = "".join(f" {f.value} patients ({f.place}): {fits(a, int(f.value))}." for f in other)
        beside = [f for f in figures if (f.trial, f.population, f.n, f.kind) == (a.trial, a.population, a.n, a.kind)]
        rates = ", ".join(f.said for f in beside if f.is_rate and f is not a and a.n)
        rates = f" Nor, then, are the rates beside it of {a.n}: {rates}." if rates else ""
        reason = f"{a.endpoint} {a.value} stands for '{a.population}' here and for '{b.population}' there."
        reason += size + tested + rates
        issues.append(Issue("PUB-POPULATION", "major", a.trial, f"{a.place}; {b.place}", reason))
    return issues


def durations(figures: list[PrintedFigure]) -> list[Issue]:
    """Medians that do not go together in one column: PFS later than the duration of response or than survival."""
    issues = []
    for values in _same_patients([f for f in figures if f.unit == "months" and not f.is_silent]):
        for early, late in LONGEST_FIRST:
            if early not in values or late not in values:
                continue
            a, b = values[early], values[late]
            later = a.is_number and b.is_number and float(a.value) > float(b.value)
            if later or (a.not_reached and b.is_number):
                reason = f"{a.said} is later than {b.said} of the same patients; of all of them it should not be."
                issues.append(Issue("PUB-DURATION", "minor", a.trial, f"{a.place}; {b.place}", reason))
    return issues


def landmark_order(figures: list[PrintedFigure]) -> list[Issue]:
    """PFS above OS at one time: possible under censoring, never without it; the numbers at risk decide."""
    issues = []
    for values in _same_patients([f for f in figures if f.is_percent and f.time]):
        if "PFS" in values and "OS" in values and float(values["PFS"].value) > float(values["OS"].value):
            a, b = values["PFS"], values["OS"]
            reason = (
                f"{a.said} is above {b.said} at {a.time}. A death is an event of both, so only censoring, with few at "
                "risk, can bring this about; ask for the numbers at risk and the reasons of censoring."
            )
            issues.append(Issue("PUB-ORDER", "minor", a.trial, f"{a.place}; {b.place}", reason))
    return issues


def references(figures: list[PrintedFigure]) -> list[Issue]:
    """The same figure under different references in two places."""
    found = []
    cited = [f for f in figures if f.reference and f.is_number]
    for part in together(cited, lambda f: f.group or (f.trial, f.population, f.endpoint, f.time)):
        for a, b in combinations(part, 2):
            if a.value == b.value and not set(a.reference.split()) & set(b.reference.split()):
                reason = f"{a.said} cites {a.reference} here and {b.reference} there."
                found.append(Issue("PUB-REFERENCE", "minor", a.trial, f"{a.place}; {b.place}", reason))
    return found


def spelling(figures: list[PrintedFigure], names: dict[str, str]) -> list[Issue]:
    """A product written in several ways within a trial, or not by its standard name."""
    issues = []
    for part in together([f for f in figures if f.product], lambda f: f.trial):
        written = {f.product: f for f in reversed(part)}
        words = {word: f for product, f in written.items() for word in re.findall(r"[^\W\d_]{8,}", product.casefold())}
        alike = [w for w in words if any(w != v and _similar(w, v) for v in words)]
        known = {name: standard for name, standard in names.items() if name.casefold() in words}
        if alike or known:
            shown = [f"{w} ({words[w.casefold()].place})" for w in dict.fromkeys([*known, *alike])]
            shown = list({text.casefold(): text for text in reversed(shown)}.values())[::-1]
            standard = f"; the standard name is {', '.join(dict.fromkeys(known.values()))}" if known else ""
            place = words[(alike or [w.casefold() for w in known])[0]].place
            reason = f"The product is written {' and '.join(shown)}{standard}."
            issues.append(Issue("PUB-NAME", "minor", part[0].trial, place, reason))
    return issues


def _similar(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other).ratio() >= SIMILAR


AGREEMENT_CHECKS = (
    parts_and_wholes,
    sizes_of_parts,
    contradictions,
    other_patients,
    durations,
    landmark_order,
    references,
)
