"""Notes for the programmer: of every number its dataset, its records as a clause and in words, and its method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from pipeline.ground.words import choice_text
from tlf import lines
from tlf.mock.clauses_in_words import clause_in_words
from tlf.mock.foreseen import Foreseen
from tlf.model import Row
from tlf.rows import kinds
from tlf.rows.words import EVERYBODY, Base, Part, Side, TimeAtRisk
from tlf.shells import Shell

HEADING = "Notes for the programmer"
# What of a row says how its number is made; the clauses of the row and its datasets are told by themselves.
ASIDE = ("label", "variable", "indent", "id", "columns", "note", "of", "where", "show", "statistics", "published",
         "compare", "each")  # fmt: skip
METHODS = {
    "Count": "number of subjects with such a record, and its share of the subjects of the column",
    "Levels": "subjects by the values of the variable, and their shares of the subjects of the column",
    "Terms": "subjects by the terms of the data, each subject once at each term",
    "Shift": "subjects by their category at baseline and after it, one of each side per subject",
    "SummaryRow": "one value per subject, summarised (quartiles by SAS definition 5)",
    "Median": "Kaplan-Meier median, limits by Brookmeyer and Crowley",
    "Rate": "Kaplan-Meier estimate at that day, Greenwood variance, number at risk below it",
    "Incidence": "cumulative incidence (Aalen-Johansen) at that day",
    "FollowUp": "median follow-up by reverse Kaplan-Meier, and the observed range",
    "Agreement": "Cohen's kappa over pairs of readings of a subject",
    "DoseFinding": "the rule on the dose-limiting toxicities of the dose levels",
}


def rows(shell: Shell, known: Foreseen) -> list[Row]:
    """The notes as rows below the shell, each over the full width."""
    told = [Row((HEADING,), header=True, keep_with_next=True, key=HEADING)]
    for text, *more in said(shell, known):
        told.append(Row((text,), 1, key=HEADING, keep_with_next=bool(more)))
        told += [Row((one,), 2, key=HEADING) for one in more]
    return told


def said(shell: Shell, known: Foreseen) -> Iterator[list[str]]:
    """Every note, with the lines that stand below it."""
    yield [f"Datasets: {', '.join(map(str.upper, shell.datasets)) or 'none'}. Kind of output: {shell.family}"]
    for one in lines.sets(shell):
        yield _clause(f"Population {one.label}".strip(), one.where, "adsl", known)
    for column in shell.columns:
        if column.where:
            yield _clause(f"Column {' '.join(column.label.split())}", column.where, "adsl", known)
    yield from _of_records(shell, known)
    for row in dict.fromkeys(line.row for line in lines.lines(shell)):
        if isinstance(row, kinds.Measured):
            yield _of_row(row, known)
    for name in shell.decisions:
        yield [f"Decision {name}: {choice_text(known.decisions[name.lower()])}"]


def _of_records(shell: Shell, known: Foreseen) -> Iterator[list[str]]:
    """The records of a listing's blocks and of a figure."""
    for block in shell.blocks:
        cells = zip(shell.columns, block.cells, strict=True)
        yield [*_clause(f"Block {block.label} of {block.of.upper()}", block.where, block.of, known),
               "Cells: " + "; ".join(f"{head.label}: {cell}" for head, cell in cells)]  # fmt: skip
    if shell.sort:
        yield [f"Order of the records: {', '.join(shell.sort)}"]
    if shell.of or (shell.where and not shell.rows):
        axes = {"across": shell.x, "up": shell.y if shell.of else "", "middle": shell.middle, "takes": shell.take}
        told = ", ".join(f"{word} {name}" for word, name in axes.items() if name)
        what = f"Drawn: {(shell.of or 'adtte').upper()}{told and f' ({told})'}"
        yield _clause(what, shell.where, shell.of or "adtte", known)
    marks = [(f"Mark {one.label}: {one.of.upper()}.{one.variable}", one.where, one.of) for one in shell.marks]
    if colour := shell.colour.variable:
        marks.append((f"Colour: {shell.colour.of.upper()}.{colour}", shell.colour.where, shell.colour.of))
    yield from (_clause(*one, known) for one in marks)


def _of_row(row: kinds.Measured, known: Foreseen) -> list[str]:
    """A row: whose records, which of them, and how the number is made."""
    variable = getattr(row, "variable", "")
    named = f"{row.dataset.upper()}{f'.{variable}' if variable else ''}"
    return [*_clause(f"{row.label}: {named}", row.where, row.dataset, known), _method(row)]


def _clause(what: str, where: str, dataset: str, known: Foreseen) -> list[str]:
    """A clause as it is written, and in words below it."""
    told = clause_in_words(where, dataset, known)
    return [f"{what} where {where}", f"In words: {told}"] if where else [f"{what}: all records"]


def _method(row: kinds.Measured) -> str:
    """How a number is made: the method of its kind, and what the row says beyond the usual."""
    told = []
    for one in fields(row):
        value = getattr(row, one.name)
        if one.name not in ASIDE and value not in (one.default, "", (), None, EVERYBODY):
            told.append(f"{one.name.replace('_', ' ')}: {_shown(value)}")
    cells = [row.show] if row.show else [f"{label}: {show}" for label, show in getattr(row, "statistics", ())]
    method = METHODS.get(type(row).__name__) or (type(row).__doc__ or "").partition("\n")[0].rstrip(".")
    return ". ".join([f"Method: {method}", *told, *([f"Cell: {', '.join(cells)}"] if cells else [])])


def _shown(value: object) -> str:
    """A word of a row in one line."""
    if isinstance(value, Base | Side | Part | TimeAtRisk):
        told = ((one.name, getattr(value, one.name)) for one in fields(value))
        return ", ".join(f"{name} {_shown(text)}" for name, text in told if text)
    if isinstance(value, tuple):
        return ", ".join(_shown(one) for one in value)
    return str(getattr(value, "label", "") or getattr(value, "value", "") or value)
