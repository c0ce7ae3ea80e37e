"""How text is kept in frames: as texts of Python, whatever is imported first; what it means is the same either way.

A trial is hundreds of small frames. Over those Arrow, pandas' own choice, costs a quarter more (each of many short
operations has its price); large frames are even where a text that stands many times is kept once (`read_parquet`).
"""

import pandas as pd

STORAGE = "python"

pd.options.mode.string_storage = STORAGE
