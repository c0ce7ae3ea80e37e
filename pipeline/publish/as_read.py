"""The results as a study's readers know them: statistics under the study's names, and why there is no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from tlf.shells import Shell


def as_read(results: pd.DataFrame, names: Mapping[str, str], shells: Iterable[Shell] = ()) -> pd.DataFrame:
    """The results with statistics as the study calls them, and NR or NE in VALUEC where that stands for a number.

    `names` (study.yaml, `statistics:`) are of a statistic, or of that of one kind of row (`median.estimate`), which
    wins.
    """
    from tlf.shell import CODES

    code = results["NOTE"].str.extract(rf"^({'|'.join(CODES)})\b", expand=False)
    told = results["VALUE"].isna() & results["VALUEC"].eq("") & code.notna()
    called = results["STATISTIC"].replace({name: own for name, own in names.items() if "." not in name})
    for name, own in names.items():
        kind, dot, statistic = name.partition(".")
        if dot:
            called = called.mask(results["STATISTIC"].eq(statistic) & _of_kind(results, kind, shells), own)
    return results.assign(STATISTIC=called, VALUEC=results["VALUEC"].mask(told, code))


def _of_kind(results: pd.DataFrame, kind: str, shells: Iterable[Shell]) -> pd.Series:
    """Which results are of rows of this kind, or of what the data made below them."""
    from tlf.lines import lines
    from tlf.results import BELOW
    from tlf.rows.kinds import KINDS

    found = results["OUTPUT"].ne(results["OUTPUT"])
    for shell in shells:
        for line in [line for line in lines(shell) if type(line.row) is KINDS[kind]]:
            below = results["ROW"].str.startswith(f"{line.key.row}{BELOW}")
            own = results["OUTPUT"].eq(shell.output) & results["SET"].eq(line.key.set)
            found |= own & (below | results["ROW"].eq(line.key.row))
    return found
