"""What of the collected values the rows of a mapping sheet carried to their domain, by raw field and line.

While records are made, `_MADE` notes of each the numbers of the rows that gave it a value; a number with `?` is of a
row whose condition was asked and did not hold. What is told is what happened to each value, not what a sheet promises.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from pipeline.ground.line_numbers import packed
from sdtm.mapping.rules import RULES
from sdtm.mapping.sheet import CO, SUPP, MappingRow

COLUMNS = ("FORM", "FIELD", "TARGET", "RULE", "LINES")
MADE, EVERY, LEFT_OUT = "_MADE", "*", "left out"
ASKED = "?"
DECIDING = {"coded_as": 0, "not_coded_as": 0, "dosed": 0, "reported": -1}  # the word: a record says what it answers
WORD, TEXT = re.compile(r"[A-Za-z_][\w.]*"), re.compile(r"'[^']*'|\"[^\"]*\"")
Took = Sequence[tuple[MappingRow, pd.Series]]


def marked(took: Took, numbers: dict[tuple[str, int, str], int], index: pd.Index) -> pd.Series:
    """The numbers of the rows that gave each record of a block a value, in one text per record."""
    marks = np.column_stack([given.reindex(index).to_numpy(dtype=bool) for _, given in took] or [np.zeros(len(index))])
    patterns, of = np.unique(marks, axis=0, return_inverse=True)
    named = [(str(numbers[row.key]), row.where and row.target) for row, _ in took]
    texts = [" ".join(name if given else name + ASKED for given, (name, asked) in zip(pattern, named, strict=False)
                      if given or asked) for pattern in patterns]  # fmt: skip
    return pd.Series(np.array(texts, dtype=object)[of.ravel()], index=index, dtype="str")


def carried(made: pd.DataFrame, kept: pd.DataFrame, rows: Sequence[MappingRow], domain: str) -> pd.DataFrame:
    """One record per raw field and what it went to (variable, qualifier, or the domain whose records it decides).

    LINES are the lines of its form whose values went there (packed), none where the sheet says so and no record has a
    value.
    `made` are the records as the sheet made them, `kept` those that stayed: lines that left (data cut, a repeated
    record) are of rule LEFT_OUT and of every field.
    """
    nothing = np.array([], dtype="int64")
    found = {(row.form, field, target(row, domain), row.rule): [nothing]
             for row in rows for field in _fields(row, False)}  # fmt: skip
    for (form, pattern), lines in kept.groupby(["_FORM", MADE], sort=False)["_LINE"]:
        for mark in pattern.split():
            row = rows[int(mark.removesuffix(ASKED))]
            for field in _fields(row, mark.endswith(ASKED)):
                found[form, field, target(row, domain), row.rule].append(lines.to_numpy())
    for form, lines in made.groupby("_FORM", sort=False)["_LINE"]:
        left = np.setdiff1d(lines, kept.loc[kept["_FORM"] == form, "_LINE"])
        found |= {(form, EVERY, domain, LEFT_OUT): [left]} if len(left) else {}
    told = [(*key, packed(np.concatenate(parts))) for key, parts in found.items()]
    return pd.DataFrame(told, columns=list(COLUMNS))


def target(row: MappingRow, domain: str) -> str:
    """DOMAIN.VARIABLE, SUPP--.QNAM, CO.COVAL, or the domain whose records a row chooses."""
    if row.target.startswith(SUPP):
        return f"SUPP{domain}.{row.target.removeprefix(SUPP)}"
    if row.target.startswith(CO):
        return row.target
    return f"{domain}.{row.target}" if row.target else domain


def _fields(row: MappingRow, only_asked: bool) -> Iterable[str]:
    """The fields whose values a row takes over or decides by; a rule that only asks whether there is one takes none."""
    kinds = RULES[row.rule].words if row.target else ("field",)
    words = row.words if row.target else [row.words[DECIDING[row.rule]]] if row.rule in DECIDING else []
    sources = [word for n, word in enumerate(words) if kinds[min(n, len(kinds) - 1)].startswith("field")]
    return dict.fromkeys([*([] if only_asked else sources), *WORD.findall(TEXT.sub("", row.where))])
