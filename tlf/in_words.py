"""Values in capitals as a reader reads them: the data keep the submission value, a page says it in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from tlf.results import BELOW
from tlf.rows import kinds
from tlf.shells import Shell, Words

TOKEN = re.compile(r"[A-Z0-9]+")
ROMAN = re.compile(r"[IVX]+")
WORD = 4  # letters at least of what is surely a word and no code (CR, GCB)
SHORT = ("DAY",)  # words shorter than that
# Variables whose text stands as it was collected, and identifiers.
VERBATIM = re.compile(r"(?<!EX)TRT$|TERM$|ORRES$|VAL$|CAUS$|ID$|LOT$")


def worded(shell: Shell, results: pd.DataFrame, labels: Mapping[str, str], kept: Collection[str]) -> Shell:
    """The shell with words for the values in capitals that its results hold, beneath those that it says itself.

    `labels` are words by value, `kept` the abbreviations that stay as they are.
    """
    found = dict(_words(_values(shell, results), labels, kept))
    blocks = tuple(replace(one, words=_beneath(found, one.words) if one.words else {}) for one in shell.blocks)
    return replace(shell, words=_beneath(found, shell.words), blocks=blocks)


def in_words(value: str, labels: Mapping[str, str], kept: Collection[str]) -> str:
    """The words of a value: its label, else what stands in capitals as a sentence; a code stays as it is.

    So does what stands behind it in brackets, a unit say, that is not in capitals.
    """
    head, bracket, behind = value.partition(" (")
    if bracket and head.isupper() and not value.isupper():
        return in_words(head, labels, kept) + bracket + behind
    tokens = TOKEN.findall(value)
    words = [one for one in tokens if _is_word(one, kept)]
    if not value.isupper() or not any(len(one) >= WORD or one in SHORT for one in words):
        return value
    lower = TOKEN.sub(lambda one: one[0].lower() if one[0] in words else one[0], value)
    return labels.get(value) or lower[0].upper() + lower[1:]


def _is_word(token: str, kept: Collection[str]) -> bool:
    """True for letters with a vowel that are no abbreviation, no single letter and no Roman number."""
    spoken = len(token) > 1 and token.isalpha() and any(vowel in token for vowel in "AEIOUY")
    return spoken and token not in kept and not ROMAN.fullmatch(token)


def _words(
    values: Mapping[str, set[str]], labels: Mapping[str, str], kept: Collection[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The words of each variable's values that are not words already."""
    for name, told in values.items():
        said = {value: in_words(value, labels, kept) for value in sorted(told)}
        yield name, {value: word for value, word in said.items() if word != value}


def _values(shell: Shell, results: pd.DataFrame) -> dict[str, set[str]]:
    """The values that the results hold of each variable; none where a text may be one as collected."""
    values: dict[str, set[str]] = {}
    told = results[["VARIABLE", "LEVEL", "VALUEC"]].assign(DEPTH=results["ROW"].str.count(BELOW)).drop_duplicates()
    for variables, level, text, at in told.itertuples(index=False, name=None):
        names = variables.split()
        names = names[at - 1 : at] if at else names  # a term below a row is of the variable of its depth
        if not any(map(VERBATIM.search, names)):
            for name in names:
                values.setdefault(name, set()).update((level, text))
    repeated = [row for one in (shell, *shell.sets) for row in one.rows if isinstance(row, kinds.SummaryRow) and row.by]
    for row in repeated:  # for the values of a variable that stand in its rows alone
        below = results["ROW"][results["ROW"].str.startswith(row.id + BELOW)]
        values.setdefault(row.by, set()).update(below.str.removeprefix(row.id + BELOW).unique())
    return values


def _beneath(found: Mapping[str, Mapping[str, str]], said: Words) -> Words:
    return {name: {**found.get(name, {}), **said.get(name, {})} for name in dict.fromkeys((*found, *said))}
