"""Conformance told on the terminal and as one page: first the rules with issues that nothing explains."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pandas as pd

from pipeline.against.report import section, written

FIRST, UNEXPLAINED, ISSUES = "FIRST", "UNEXPLAINED", "ISSUES"


def ordered(found: pd.DataFrame) -> pd.DataFrame:
    """The rules with what nothing explains, then those with issues, then the others; else in their order."""
    rank = found[UNEXPLAINED].eq(0).astype("int64") + found[ISSUES].eq(0).astype("int64")
    return found.assign(RANK=rank).sort_values("RANK", kind="stable").drop(columns="RANK").reset_index(drop=True)


def lines(found: pd.DataFrame, everything: bool) -> Iterator[str]:
    """Each rule with its issues, where they are, the first of them, and what the notes say."""
    shown = ordered(found if everything else found[found[ISSUES].gt(0)])
    yield f"{'Rule':<18}{'Issues':>8}{'Unexplained':>13}  Says"
    for row in shown.to_dict("records"):
        yield f"{row['RULE']:<18}{row[ISSUES]:>8,}{row[UNEXPLAINED] or '':>13}  {row['SAYS']} ({row['SOURCE']})"
        told = (("in", row["WHERE"]), ("first", row[FIRST]), ("explained", row["EXPLAINED"]))
        yield from (f"{'':<41}{word}: {text}" for word, text in told if text)


def page(found: pd.DataFrame, of: str, notes: list[str]) -> str:
    """The table as one HTML file; `notes` say what was not looked at."""
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    with_issues, without = (ordered(found[found[ISSUES].gt(0) == held]) for held in (True, False))
    parts = [said, section("Rules with issues", with_issues.drop(columns=["DATASETS", "RECORDS"])),
             section("Rules without issues", without[["RULE", "SAYS", "SOURCE", "DATASETS", "RECORDS"]])]  # fmt: skip
    return written("Conformance", escape(of), parts)
