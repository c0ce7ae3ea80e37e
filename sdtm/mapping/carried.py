"""What of the collected values the rows of a mapping sheet carried to their domain, by raw field and line.

While records are made, `_MADE` notes of each the numbers of the rows that gave it a value; a number with `?` is of a
row whose condition was asked and did not hold. What is told is what happened to each value, not what a sheet promises.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from pipeline.ground.distinct import on_distinct_rows
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
    named = [(str(numbers[row.key]), row.where and row.target) for row, _ in took]
    marks = {number: given.reindex(index).astype("bool") for number, (_, given) in enumerate(took)}

    def told(patterns: pd.DataFrame) -> pd.Series:
        texts = [" ".join(name if given else name + ASKED for given, (name, asked) in zip(pattern, named, strict=True)
                          if given or asked) for pattern in patterns.to_numpy()]  # fmt: skip
        return pd.Series(texts, dtype="str")

    return on_distinct_rows(pd.DataFrame(marks, index=index), told)


def carried(made: pd.DataFrame, kept: pd.DataFrame, rows: Sequence[MappingRow], domain: str) -> pd.DataFrame:
    """One record per raw field and what it went to (variable, qualifier, or the domain whose records it decides).

    LINES are the lines of its form whose values went there (packed), none where the sheet says so and no record has a
    value.
    `made` are the records as the sheet made them, `kept` those that stayed: lines that left (data cut, a repeated
    record) are of rule LEFT_OUT and of every field.
    """
    groups = list[np.ndarray]()
    found = {(row.form, field, target(row, domain), row.rule): dict[int, None]()
             for row in rows for field in _fields(row, False)}  # fmt: skip
    for (form, pattern), lines in kept.groupby(["_FORM", MADE], sort=False)["_LINE"]:
        for mark in pattern.split():
            row = rows[int(mark.removesuffix(ASKED))]
            for field in _fields(row, mark.endswith(ASKED)):
                found[form, field, target(row, domain), row.rule][len(groups)] = None
        groups.append(lines.to_numpy())
    for form, lines in made.groupby("_FORM", sort=False)["_LINE"]:
        left = np.setdiff1d(lines, kept.loc[kept["_FORM"] == form, "_LINE"])
        if len(left):
            found[form, EVERY, domain, LEFT_OUT] = {len(groups): None}
            groups.append(left)
    lines_of = {chosen: _packed(groups, chosen) for chosen in {tuple(told) for told in found.values()}}
    told = [(*key, lines_of[tuple(chosen)]) for key, chosen in found.items()]
    return pd.DataFrame(told, columns=list(COLUMNS))


def _packed(groups: Sequence[np.ndarray], chosen: Iterable[int]) -> bytes:
    """The lines of some groups; fields that are taken over together are those of the same."""
    return packed(np.concatenate([np.array([], dtype="int64"), *(groups[one] for one in chosen)]))


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
