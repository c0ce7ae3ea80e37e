"""Family `listing`: one printed line per record, in blocks; every cell is a row of the results.

A block has a `label`, a `where` on its `dataset`, and the variables of its `cells` in the order of the columns; the
`sort` of the output orders the records. A cell may name several variables: the first that has a value is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tlf.model import Column, Row, Table
from tlf.templates.conditions import Records
from tlf.templates.rows import Origin, Place, conformed, entry

NO_RECORDS = "None"


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per printed cell, its text in VALUEC, and the number of subjects of every block."""
    return conformed(pd.concat(_parts(output, Records(data)), ignore_index=True))


def body(output: dict[str, Any], results: pd.DataFrame) -> Table:
    """The listing, block after block."""
    columns = tuple(Column(c["label"], float(c.get("width", 1))) for c in output["columns"])
    rows = [row for block in output["blocks"] for row in _rows(block, results)]
    return Table(columns, tuple(rows))


def _parts(output: dict[str, Any], records: Records) -> Iterator[pd.DataFrame]:
    population = output.get("population", {}).get("where", "")
    for block in output["blocks"]:
        origin = Origin(block.get("dataset", "adsl"), records.resolved(block["where"]))
        place = Place(output["output"], block["label"], "", population)
        size = records.count(origin.dataset, origin.where, population)
        yield pd.DataFrame([entry(place, origin, "n", size)])
        used = records.where(origin.dataset, origin.where, population).sort_values(output["sort"])
        if len(used):
            columns = zip(output["columns"], block["cells"], strict=True)
            cells = [_column(place._replace(group=c["label"]), origin, names.split(), used) for c, names in columns]
            yield pd.concat(cells).sort_index(kind="stable")


def _column(place: Place, origin: Origin, names: list[str], used: pd.DataFrame) -> pd.DataFrame:
    """One column of a block as results, one row per record; the index is the number of the record."""
    number = pd.RangeIndex(1, len(used) + 1)
    texts = used[names].apply(_texts).set_axis(number)
    first = texts.bfill(axis=1).iloc[:, 0]
    result = pd.DataFrame(entry(place, origin, "text"), index=number)
    subject = 'USUBJID == "' + used["USUBJID"].set_axis(number) + '"'
    return result.assign(
        ROWID=place.rowid + " / " + number.astype("str"), VALUEC=first.fillna(""), VARIABLE=" ".join(names),
        WHERE=f"({origin.where}) and " + subject if origin.where else subject,
    )


def _texts(values: pd.Series) -> pd.Series:
    """The values as printed: ISO dates, numbers without trailing zeros, text as it is."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").astype("str")
    if pd.api.types.is_numeric_dtype(values):
        return values.map("{:g}".format, na_action="ignore").astype("str")
    return values


def _rows(block: dict[str, Any], results: pd.DataFrame) -> list[Row]:
    total = results.loc[results["ROWID"].eq(block["label"]), "VALUE"].iloc[0]
    own = results[results["ROWID"].str.startswith(f"{block['label']} / ", na=False)]
    head = Row((f"{block['label']} (n={total:.0f})",), header=True, keep_with_next=True, key=block["label"])
    names, texts = own["ROWID"].to_numpy(), own["VALUEC"].fillna("").to_numpy()
    width = len(block["cells"])
    rows = [Row(tuple(texts[at : at + width]), key=names[at]) for at in range(0, len(own), width)]
    return [head, *rows] if rows else [head, Row((NO_RECORDS,), key=block["label"])]
