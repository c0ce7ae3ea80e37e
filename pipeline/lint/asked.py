"""What an output asks of its datasets: every clause and every variable, with its path and the dataset it is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pipeline.ground import clauses
from pipeline.study.yaml_text import Content, Where
from tlf.rows import kinds

CLAUSES = ("where", "also", "without", "quantifiable", "event", "evaluable", "toxic", "reading", "against")
VARIABLES = ("variable", "value", "by", "sort", "pair", "strata")  # words of a row that name variables of its dataset
OF_SUBJECTS = ("columns", "population", "sets", "colour", "marks")  # of ADSL, where they name no dataset
AXES = ("x", "y")  # variables of the dataset of a figure


class Question(NamedTuple):
    """One clause or variable: its path, the word it stands under, its text, and its dataset.

    `lent` is true where variables of the subject (ADSL) may stand beside those of the dataset.
    """

    where: Where
    word: str
    text: str
    dataset: str
    lent: bool = True


def asked_of(output: Content) -> Iterator[Question]:
    """All that an output asks, in the order of the document."""
    yield from _asked(output, (), "adsl")


def _asked(content: Any, where: Where, dataset: str) -> Iterator[Question]:
    """What stands below a path: of the dataset of its row or its kind of row, ADTTE for curves, else ADSL."""
    if isinstance(content, list):
        for number, value in enumerate(content):
            yield from _asked(value, (*where, number), dataset)
    if not isinstance(content, dict):
        return
    own = content.get("of", _usual(content, where) or dataset)
    of_row = where[-2:-1] == ("rows",)
    for word, said in content.items():
        at = (*where, word)
        if word in CLAUSES and isinstance(said, str):
            yield Question(at, word, said, own)
        elif word == "population" and isinstance(said, str):
            yield Question(at, word, said, "adsl")
        elif word in AXES and not where:
            yield Question(at, "variable", said, own, lent=False)
        elif word == "within" and of_row:
            yield Question(at, "variable", said, "adsl", lent=False)
        elif word == "sort" and isinstance(said, str) and said in kinds.ORDERS:
            continue
        elif word == "variable" or (of_row and word in (*VARIABLES, "take")):
            named = said if isinstance(said, list) else [said]
            yield from (Question(at, word, name, own, lent=False) for name in named if name)
        elif word == "time_at_risk":
            dates = [said.get("from"), said.get("after"), *said.get("until", [])]
            yield from (Question(at, "variable", name, "adsl", lent=False) for name in dates if name)
        elif not (word == "published" and isinstance(said, dict)):
            yield from _asked(said, at, "adsl" if word in OF_SUBJECTS or word == "denominator" else own)
        if of_row and word == "values":
            yield from _levels(content, at, "adsl" if "within" in content else own)


def _usual(content: Content, where: Where) -> str:
    """The dataset of a row that names none, by its kind; that of curves and of their order."""
    kind = kinds.KINDS.get(next(iter(content), "")) if where[-2:-1] == ("rows",) else None
    return getattr(kind, "default", "") or ("adtte" if "ticks" in content or where[-1:] == ("order",) else "")


def _levels(row: Content, where: Where, dataset: str) -> Iterator[Question]:
    """A level that is a value asks for `VARIABLE == value`; so does one of the variable that repeats a summary.

    Of terms it is the innermost variable, of a shift that at baseline.
    """
    said = row.get("first", row)
    by = row.get("within") or said.get("by") or said.get("variable", "")
    variable = by[-1] if isinstance(by, list) and by else by
    for number, level in enumerate(row.get("values", [])):
        value = level if isinstance(level, str) else level.get("value", "")
        if value and isinstance(variable, str) and variable:
            yield Question((*where, number), "values", f"{variable} == {clauses.quoted(value)}", dataset, lent=False)
