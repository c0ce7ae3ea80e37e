"""The printed lines of a block of a listing, from its results: values in words, subjects kept together."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from tlf.decided import Decisions, with_decisions
from tlf.model import Row
from tlf.shell import hear_all
from tlf.shells import ListingBlock, Shell, Words

NO_RECORDS = "None"


def words_of(shell: Shell, block: ListingBlock, decisions: Decisions) -> Words:
    """The words of each variable's values in a block, with the decisions that they name."""
    words = {**shell.words, **block.words}
    return {name: {with_decisions(value, decisions): with_decisions(word, decisions) for value, word in known.items()}
            for name, known in words.items() if name not in shell.decisions}


def rows_of(block: ListingBlock, words: Words, results: pd.DataFrame) -> list[Row]:
    """The lines of a block: its heading with the number of records, then one line a record, or the words for none."""
    total = results.loc[results["ROWID"].eq(block.label), "VALUE"].iloc[0]
    own = results[results["ROWID"].str.startswith(f"{block.label} / ", na=False)]
    head = Row((f"{block.label} (n={total:.0f})",), header=True, keep_with_next=True, key=block.label)
    names, texts = own["ROWID"].to_numpy(), _worded(own, words).to_numpy()
    hear_all(own, texts)
    width = len(block.cells)
    cells = [tuple(texts[at : at + width]) for at in range(0, len(own), width)]
    follows = [one[0] == next_[0] for one, next_ in pairwise(cells)]
    rows = [Row(texts, 1, keep_with_next=stays, key=key)
            for texts, stays, key in zip(cells, [*follows, False], names[::width], strict=False)]
    return [head, *rows] if rows else [head, Row((NO_RECORDS,), 1, key=block.label)]


def _worded(own: pd.DataFrame, words: Words) -> pd.Series:
    """The texts to print: the words of a cell's variables for its value, else the value itself."""
    texts = own["VALUEC"].fillna("")
    for names in own["VARIABLE"].unique():
        known = {value: word for name in names.split() for value, word in words.get(name, {}).items()}
        if known:
            texts = texts.mask(own["VARIABLE"].eq(names), texts.map(lambda text, known=known: known.get(text, text)))
    return texts
