"""The register of answers, `specs/<study>/answers.csv`: what a site or vendor wrote to a query, carried forward.

One line per answer: the query's id, what it is about, the value it was asked for, the answer and who gave it. A query
at that value is `answered` (still open: somebody must correct the data or accept); at another value the note says
what was answered before.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.gate.accepted import ANSWERED, lines_of

FILE = "answers.csv"
WAITING = ("new", "open", "changed", "re-opened")


def answered(queries: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Queries with status `answered` and the answer in their note, where the register has one (the last counts)."""
    lines = pd.DataFrame(lines_of(path, ANSWERED), columns=list(ANSWERED), dtype="str")
    last = lines.drop_duplicates("query", keep="last").set_index("query")
    if last.empty:
        return queries
    held = queries["query"].isin(last.index) & queries["status"].isin(WAITING)
    value, who, answer = (queries["query"].map(last[name]).astype("str") for name in ("value", "who", "answer"))
    same = held & (queries["value"].str.strip() == value.str.strip())
    words = ("answered by " + who + ": " + answer).where(same, "answered for the value '" + value + "': " + answer)
    joined = queries["note"].where(queries["note"] == "", queries["note"] + "; ") + words
    return queries.assign(status=queries["status"].mask(same, "answered"), note=queries["note"].mask(held, joined))
