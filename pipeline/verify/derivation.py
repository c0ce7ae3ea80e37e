"""The second derivation itself: the SDTM of a run read into DuckDB, the SQL of this folder, its tables by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline.verify.plan import HOME, Given

BY_RULE = "dlt_by_rule"  # only of a study that asks for the rule
CHAPTERS = ("subjects", "response", "survival", "events", "dlt", BY_RULE, "laboratory", "second")
Database = duckdb.DuckDBPyConnection


def derived(sdtm: Mapping[str, pd.DataFrame], given: Given) -> Database:
    """A database in memory with every table of the second derivation; `sdtm` are domains by name in upper case."""
    database = duckdb.connect(":memory:", config={"threads": 2, "preserve_insertion_order": True})
    database.execute(text_of("sdtm"))
    for (name,) in database.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall():
        if name.upper() in sdtm:
            _fill(database, name, sdtm[name.upper()])
    database.execute(text_of("plan"), dict(given.values))
    database.execute(text_of("given"))
    places = [(response, place) for place, response in enumerate(given.best)]
    lists = {"assessment_window": given.windows, "best_first": places, "toxicity": given.toxicities,
             "allowable": given.allowable, "level_dose": given.levels}  # fmt: skip
    for name, rows in lists.items():
        insert(database, name, rows)
    for chapter in [one for one in CHAPTERS if one != BY_RULE or given.by_rule]:
        database.execute(text_of(chapter))
    return database


def text_of(name: str) -> str:
    """One file of SQL."""
    return (HOME / f"{name}.sql").read_text(encoding="utf-8")


def domains_read() -> tuple[str, ...]:
    """The domains that the second derivation reads, in upper case."""
    database = duckdb.connect(":memory:")
    database.execute(text_of("sdtm"))
    return tuple(name.upper() for (name,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall())


def insert(database: Database, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Rows into a table that is there."""
    told = [tuple(row) for row in rows]
    if told:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(told[0]))})", told)


def table(database: Database, name: str) -> pd.DataFrame:
    """A table of the second derivation; dates are dates, numbers numbers, what is missing is missing."""
    return database.sql(f"SELECT * FROM {name}").to_arrow_table().to_pandas(date_as_object=False)


def _fill(database: Database, name: str, records: pd.DataFrame) -> None:
    """The variables asked for of a domain, as far as it has them; an empty text is a missing one."""
    columns = [column for column, *_ in database.execute(f'DESCRIBE "{name}"').fetchall() if column in records]
    said = {column: _plain(records[column]) for column in columns}
    if said:
        database.register("delivered", pa.table(said))
        chosen = ", ".join(f"nullif(CAST({column} AS VARCHAR), '') AS {column}" for column in columns)
        database.execute(f'INSERT INTO "{name}" BY NAME SELECT {chosen} FROM delivered')
        database.unregister("delivered")


def _plain(values: pd.Series) -> pa.Array:
    return pa.array(values.astype("object").where(values.notna(), None), from_pandas=True)
