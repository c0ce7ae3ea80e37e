"""A table written in a test becomes a DataFrame: columns between bars, a blank cell is missing."""

import io

import pandas as pd
import pytest


@pytest.fixture
def table():
    """The function that reads a table of text: `table(text, numbers=["grade"])`."""

    def read(text: str, numbers: tuple[str, ...] = ()) -> pd.DataFrame:
        lines = "\n".join(line.strip() for line in text.strip().splitlines())
        frame = pd.read_csv(io.StringIO(lines), sep=r"[ \t]*\|[ \t]*", engine="python", dtype="str",
                            keep_default_na=False, na_values=[""])  # fmt: skip
        return frame.assign(**{name: pd.to_numeric(frame[name]) for name in numbers})

    return read
