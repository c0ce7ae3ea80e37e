"""Codes that mean one thing in one version of the CRF and another in the next, which no terminology may translate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.ground.units import look_up
from pipeline.lint.places import ERROR, WARNING, Grid, Problem
from pipeline.lint.values import Lists
from pipeline.study.contracts import Field

TRANSLATING = ("assign_ct", "lookup")


def check_versions(
    grid: Grid, fields: Mapping[str, Field], lists: Lists, codelists: Mapping[str, str],
    known_of: Callable[[str], dict[str, str]],
) -> Iterator[Problem]:  # fmt: skip
    """Rows whose terminology translates the code of such a value; `codelists` is that of each target.

    It is an error where a text of the code has another term, and in order where all have that of the code.
    """
    for line, row in grid.rows:
        words = row["source"].split()
        if row["rule"] not in TRANSLATING or not words:
            continue
        entry = fields.get(words[0] if "." in words[0] else f"{row['form']}.{words[0]}")
        named = words[1] if row["rule"] == "lookup" and len(words) > 1 else codelists.get(row["target"], "")
        known = known_of(named) if entry and entry.codelist in lists and named else {}
        for code, texts in _several(lists[entry.codelist] if known and entry else ()).items():
            meant, others = look_up(code, known, named), {look_up(text, known, named) for text in texts}
            if meant and others != {meant}:
                what = f"{named} translates the code {code} of {words[0]}, which means {' or '.join(texts)} by version"
                cure = f"say the texts in codelists.csv ({named},N,{texts[0]},SUBMISSION VALUE,,), and not the code"
                yield grid.problem(line, "source", ERROR if others - {meant, None} else WARNING, what, cure)


def _several(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Codes of a list with more than one text."""
    meant: dict[str, dict[str, None]] = {}
    for code, text in pairs:
        meant.setdefault(code, {})[text] = None
    return {code: list(texts) for code, texts in meant.items() if len(texts) > 1}
