"""The text in which each result of an output was printed, as its pages are made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine.runner import Build
    from tlf.shell import PrintedNumber, PrintedTexts

PRINTED = ".printed.parquet"  # beside the pages of an output, for the results
LAID = ".laid.json"  # beside them too, what the list of all outputs says of it
FIRST = ".first.pdf"  # and of a long one what the document of all has
KEPT_BACK = (PRINTED, LAID, FIRST)  # files that are no products
FORMATTED = "FORMATTED"


def first_of_each(said: Sequence[PrintedNumber | PrintedTexts], results: pd.DataFrame) -> pd.DataFrame:
    """The text of each result that was printed, as it stands first; a share printed from two counts is the estimate's.

    Only of results that there are: what a page makes of none is in none of them.
    """
    import pandas as pd

    from tlf.shell import AT, PrintedNumber, PrintedTexts

    parts = [_of_numbers([], results)]
    for _, alike in groupby(said, key=type):
        told = [*alike]
        if numbers := [one for one in told if isinstance(one, PrintedNumber)]:
            parts.append(_of_numbers(numbers, results))
        parts += [one.at.assign(**{FORMATTED: one.texts}) for one in told if isinstance(one, PrintedTexts)]
    filled = [part for part in parts if len(part)]
    whole = pd.concat(filled or parts, ignore_index=True).astype("str")
    return whole if len(filled) < 2 else whole.drop_duplicates([*AT], ignore_index=True)


def _of_numbers(said: Sequence[PrintedNumber], results: pd.DataFrame) -> pd.DataFrame:
    """The text of each result whose number was printed, as it stands first."""
    import pandas as pd

    from tlf.shell import AT, PCT

    known = {*zip(*(results[name].tolist() for name in AT), strict=True)} if said else set()
    first: dict[tuple[str, ...], str] = {}
    for at, text in said:
        of = (*at[:-1], "estimate") if at[-1] == PCT else at
        if of in known:
            first.setdefault(of, text)
    columns = [*zip(*first, strict=True)] or [()] * len(AT)
    told = dict(zip([*AT, FORMATTED], [*columns, [*first.values()]], strict=True))
    return pd.DataFrame(told, dtype="str")


def printed_hash(build: Build, name: str) -> str:
    """The hash of what was printed of the results of an output; '' where nothing is noted."""
    entry = build.entries.get(f"pages:{name}")
    return entry.files.get(f"{name}{PRINTED}", "") if entry is not None else ""
