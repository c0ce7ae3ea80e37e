"""conformance.csv and conformance_notes.csv: the words of the rules of conformance, and of what explains issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

COLUMNS = ("rule", "says", "source", "of", "where", "check", "what", "to", "to_where")
NOTES = ("rule", "of", "where", "explained")
CHECKS = ("holds", "one_to_one", "once", "not_alone", "known", "unknown", "in_order", "absent", "present")
CLAUSE, COMPARED = "holds", ("known", "unknown")  # what is a clause; what is held against another dataset (`to`)
EACH, WITHIN = "--", " within "
OF_LAYER = {"sdtm": "SDTM", "adam": "ADAM"}


def target(to: str) -> tuple[str, list[str]]:
    """The dataset and the variables of `TI.IETESTCD IETEST`."""
    dataset, _, names = to.partition(".")
    return dataset, names.split()


def whole_rules(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rules of the list; a row without a name goes on with the cells of the row above it."""
    whole: list[dict[str, str]] = []
    for row in rows:
        if row["rule"] or not whole:
            whole.append(dict(row))
        else:
            whole[-1] = {name: " ".join(filter(None, (text, row[name]))) for name, text in whole[-1].items()}
    return whole
