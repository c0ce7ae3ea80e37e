"""Small analysis datasets written by hand, typed as the pipeline delivers them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tlf.shells import Shell, read

DECISIONS = {
    "percent_min_n": 10, "ci_level": 0.95, "km_transform": "LOG-LOG", "month_days": 30.4375, "landmark_min_n": 5,
    "km_beyond": "NE", "km_limits_at_1": "BEFORE",
}


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns as str with NaN for no text."""
    return frame.astype({name: "str" for name in frame.columns if frame[name].dtype == object})


def subjects(n: int, **columns: Any) -> pd.DataFrame:
    """ADSL with subjects S-01, S-02, ...; a column is one value for all or a list of n."""
    numbers = [f"{i:02d}" for i in range(1, n + 1)]
    return typed(pd.DataFrame({"USUBJID": [f"S-{i}" for i in numbers], "SUBJID": numbers} | columns))


def records(paramcd: str, who: list[int], **columns: Any) -> pd.DataFrame:
    """Records of one parameter, one per subject number in `who`."""
    return typed(pd.DataFrame({"USUBJID": [f"S-{i:02d}" for i in who], "PARAMCD": paramcd} | columns))


def shell(**words: Any) -> Shell:
    """An output of one column for everybody, over which `words` are laid; decisions as the tests need them."""
    output = {"output": "T-1", "family": "categories", "columns": [{"label": "All"}],
              "population": {"where": "", "label": "All"}, "decisions": [name.upper() for name in DECISIONS]}
    return read(output | words)


def printed(table: Any) -> dict[str, tuple[str, ...]]:
    """The printed rows by label, blanks around cells left out; of rows with the same label the first."""
    rows: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        rows.setdefault(row.cells[0], tuple(cell.strip() for cell in row.cells[1:]))
    return rows
