"""The result rows of a printed cell, and which of them tell whose records stand behind it."""

from __future__ import annotations

import pandas as pd

CELL = ["OUTPUT", "ROWID", "GROUP"]  # as a page shows it: a printed row in a column
SELECTION = ["DATASET", "POPULATION", "WHERE"]  # what selects the records behind a result


def telling(results: pd.DataFrame) -> pd.DataFrame:
    """The results without those that give the size of a population beside other numbers of their cell."""
    of_cell = results.groupby(CELL, sort=False)["STATISTIC"].transform("size")
    same = results.assign(_OTHER=results["STATISTIC"].ne("N")).groupby([*CELL, *SELECTION, "LEVEL"], sort=False)[
        "_OTHER"
    ]
    alone = same.transform("size").eq(of_cell)
    return results[same.transform("any") | alone]
