"""The module in which rows of each kind are measured and printed."""

from __future__ import annotations

from types import ModuleType

from tlf.rows import (
    agreement,
    count,
    dose_finding,
    follow_up,
    gray,
    hazard_ratio,
    heading,
    incidence,
    kinds,
    levels,
    median,
    opening,
    rate,
    restricted_mean,
    shift,
    subgroups,
    summary,
    terms,
)

MADE: dict[type[kinds.ShellRow], ModuleType] = {
    kinds.Heading: heading, kinds.Opening: opening, kinds.Count: count, kinds.Levels: levels, kinds.SummaryRow: summary,
    kinds.Subgroups: subgroups,
    kinds.Terms: terms, kinds.Shift: shift, kinds.Median: median, kinds.Rate: rate, kinds.Incidence: incidence,
    kinds.Gray: gray, kinds.FollowUp: follow_up, kinds.DoseFinding: dose_finding, kinds.Agreement: agreement,
    kinds.RestrictedMean: restricted_mean, kinds.HazardRatio: hazard_ratio,
}  # fmt: skip
