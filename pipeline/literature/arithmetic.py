"""Checks that calculate with published figures: percentages, intervals, sums and rates that can, or cannot, be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pipeline.literature.issues import Issue, fits, together
from pipeline.literature.table import PrintedFigure
from tlf.shell import rounded
from tlf.stats.binomial import exact_interval
from tlf.stats.grim import (
    HALF_EVEN,
    HALF_UP,
    LARGEST_ENUMERATED,
    counts_that_print,
    decimals,
    denominators_that_print,
    possible_counts,
    printed_percent,
    product_limits_that_print,
)


def impossible_percentages(figures: list[PrintedFigure]) -> list[Issue]:
    """A percentage of n patients that no whole number of patients gives; the sizes that would give all of them."""
    issues = []
    wrong = [f for f in figures if f.is_rate and int(f.n or 0) > 0 and not possible_counts(f.value, int(f.n))]
    for part in together(wrong, lambda f: (f.trial, f.population, f.n)):
        n = int(part[0].n)
        sizes = [m for m in denominators_that_print([f.value for f in part], 1, 2 * n) if m != n]
        nearest = sorted(sizes, key=lambda m: (abs(m - n), m))[:3]
        size = f"n = {' or '.join(map(str, sorted(nearest)))}" if nearest else f"no n up to {2 * n}"
        for f in part:
            near = round(float(f.value) * n / 100)
            around = ", ".join(_shown(x, n, f.value) for x in (near - 1, near, near + 1) if 0 <= x <= n)
            reason = f"No count of {n} patients prints {f.value} % ({around}); {size} fits {_all(part)}."
            issues.append(Issue("PUB-GRIM", "critical", f.trial, f.place, reason))
    return issues


def _all(part: list[PrintedFigure]) -> str:
    return "the figure" if len(part) == 1 else " and ".join(f"{f.value} %" for f in part) + " together"


def _shown(x: int, n: int, printed: str) -> str:
    return f"{x}/{n} = {printed_percent(Fraction(x, n), decimals(printed))}"


def rounding_traps(figures: list[PrintedFigure]) -> list[Issue]:
    """A percentage that only one way of rounding gives."""
    issues = []
    for f in figures:
        if not f.is_rate or not int(f.n or 0):
            continue
        counts = counts_that_print(f.value, int(f.n))
        if bool(counts[HALF_UP]) != bool(counts[HALF_EVEN]):
            way, other = (HALF_UP, HALF_EVEN) if counts[HALF_UP] else (HALF_EVEN, HALF_UP)
            x = counts[way][0]
            exact = rounded(100 * x / int(f.n), decimals(f.value) + 1)
            reason = f"{x} of {f.n} = {exact} % prints {f.value} {way} only; {other} prints another number."
            issues.append(Issue("PUB-ROUND", "info", f.trial, f.place, reason))
    return issues


def counts_against_percentages(figures: list[PrintedFigure]) -> list[Issue]:
    """A percentage printed beside its count that is not 100 x / n; a count larger than its n."""
    issues = []
    for f in figures:
        if not f.x or not f.n:
            continue
        x, n = int(f.x), int(f.n)
        if x > n:
            issues.append(Issue("PUB-PART", "critical", f.trial, f.place, f"{x} of {n}: the part exceeds the whole."))
        elif n and f.is_percent and x not in possible_counts(f.value, n):
            exact = rounded(100 * x / n, decimals(f.value))
            reason = f"{x} of {n} is {exact} %, not the {f.value} % printed ({fits(f, n)} would print it)."
            issues.append(Issue("PUB-COUNT", "critical", f.trial, f.place, reason))
    return issues


def out_of_range(figures: list[PrintedFigure]) -> list[Issue]:
    """A percentage outside 0 to 100, a negative time, an identifier that is none."""
    found = []
    for f in figures:
        if f.is_percent and not 0 <= float(f.value) <= 100:
            found.append(Issue("PUB-RANGE", "critical", f.trial, f.place, f"{f.value} % is outside 0 to 100."))
        elif f.is_number and float(f.value) < 0:
            found.append(Issue("PUB-RANGE", "critical", f.trial, f.place, f"{f.said} is negative."))
    return found


def intervals(figures: list[PrintedFigure]) -> list[Issue]:
    """An interval that does not hold its estimate, or of a proportion is not the exact one of any count that fits."""
    issues = []
    for f in figures:
        if not (f.low and f.high and f.is_number):
            continue
        low, value, high = (Decimal(text) for text in (f.low, f.value, f.high))
        if not low <= value <= high:
            reason = f"The estimate {f.value} lies outside its interval {f.low} to {f.high}."
            issues.append(Issue("PUB-INTERVAL", "critical", f.trial, f.place, reason))
        elif f.is_rate and int(f.n or 0) > 0:
            issues += _exact(f)
    return issues


def _exact(f: PrintedFigure) -> list[Issue]:
    """The comparison with the exact limits of the counts that fit (Clopper-Pearson, 95 %)."""
    n, places = int(f.n), (decimals(f.low), decimals(f.high))
    shown = []
    for x in [int(f.x)] if f.x else possible_counts(f.value, n):
        limits = exact_interval(min(x, n), n)
        pair = tuple(rounded(100 * limits[k].value, p) for k, p in zip(("lower", "upper"), places, strict=True))
        if all(_close(*limit) for limit in zip(pair, (f.low, f.high), places, strict=True)):
            return []
        shown.append(f"{x} of {n}: {pair[0]} to {pair[1]}")
    if not shown:
        return []
    reason = f"{f.low} to {f.high} is not the exact 95 % interval ({'; '.join(shown)}); another method was used."
    return [Issue("PUB-INTERVAL", "minor", f.trial, f.place, reason)]


def _close(one: str, other: str, places: int) -> bool:
    return abs(Decimal(one) - Decimal(other)) <= Decimal(1).scaleb(-places)


def sums(figures: list[PrintedFigure]) -> list[Issue]:
    """PFS + relapse + non-relapse mortality at one time must be 100 (1 for rounding): the competing-risk identity."""
    issues = []
    wanted = ("PFS", "RELAPSE", "NRM")
    for part in together([f for f in figures if f.is_percent and f.time], lambda f: (f.trial, f.population, f.time)):
        values = {f.endpoint: f for f in part}
        if all(name in values for name in wanted):
            total = sum((Decimal(values[name].value) for name in wanted), Decimal(0))
            if abs(total - 100) > 1:
                shown = " + ".join(f"{name} {values[name].value}" for name in wanted)
                reason = f"{shown} = {total}; at one time they must add up to 100."
                cells = "; ".join(dict.fromkeys(values[name].place for name in wanted))
                issues.append(Issue("PUB-SUM", "critical", part[0].trial, cells, reason))
    return issues


def attainability(figures: list[PrintedFigure]) -> list[Issue]:
    """A Kaplan-Meier rate that no order of events and censorings of so few patients can give."""
    found = []
    for f in figures:
        n = int(f.n or 0)
        landmark = f.is_percent and f.time and f.endpoint in ("PFS", "OS", "EFS")
        if landmark and 0 < n <= LARGEST_ENUMERATED and not product_limits_that_print(f.value, n):
            reason = f"No order of events and censorings of {n} patients gives a Kaplan-Meier rate of {f.value} %."
            found.append(Issue("PUB-KM", "critical", f.trial, f.place, reason))
    return found


ARITHMETIC_CHECKS = (
    impossible_percentages,
    rounding_traps,
    counts_against_percentages,
    out_of_range,
    intervals,
    sums,
    attainability,
)
