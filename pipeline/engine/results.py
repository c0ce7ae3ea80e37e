"""The results file: long, plain, unrounded rows from which every printed number is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from pipeline.engine.columns_read import by_columns, given_columns
from pipeline.engine.node import DATA, Node
from pipeline.engine.output_view import all_seen
from pipeline.engine.records_read import handed, in_parts, nobody
from pipeline.ground.faults import DefectError, TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.periods import PERIOD, of_first
from pipeline.ground.withheld import NotHandedError
from tlf.conditions import Data
from tlf.families import family_of, results
from tlf.shells import Shell

COLUMNS = (
    "OUTPUT",
    "ROWID",
    "GROUP",
    "SET",
    "ROW",
    "COLUMN",
    "VARIABLE",
    "LEVEL",
    "STATISTIC",
    "VALUE",
    "VALUEC",
    "NOTE",
    "DATASET",
    "POPULATION",
    "WHERE",
)


def made(shell: Shell, data: Data) -> pd.DataFrame:
    """The results of an output as its family makes them."""
    return results(family_of(shell), shell, data)


def of_output(build: Any, node: Node) -> dict[str, pd.DataFrame]:
    """The results of an output, of the variables of analysis datasets that it can read and all else that it needs.

    Of a dataset made in parts it is handed the records that it can read.
    """
    output = build.specs.outputs[node.name]
    large = [need for need in node.needs if in_parts(build, need)]
    others = [need for need in node.needs if need not in large]
    data: dict[str, Any] = {**all_seen(others, partial(build.given, node), build.seen)}
    tables = output.shell.tables
    data |= {"tables": {word: build.table(word) for word in tables}, "study": build.specs.study}
    data["decisions"] = {word: build.setting(word) for word in node.settings if word not in ("study", *tables)}
    seen = data | {need: handed(build, node, need, data) for need in large}
    analysed = [need for need in node.needs if by_columns(need, build.specs)]
    narrow = {need: given_columns(build, node, need, seen[need]) for need in analysed}
    with output.telling():
        results = _made_of(output.shell.measured, data | narrow, partial(_all_named, build, node, large, data))
        results = conform_results(with_periods_told(results, build.specs.datasets), node.name)
        held_together(results, node.name)
    return {DATA: results}


def _made_of(shell: Shell, narrow: Data, whole: Callable[[], Data]) -> pd.DataFrame:
    """The results of what is narrow; a name that nothing has is told beside all the names that there are.

    Raises DefectError for a variable that is there and was not handed, since nothing told that it would be read.
    """
    try:
        return made(shell, narrow)
    except NotHandedError as error:
        made(shell, whole())
        cure = "name it in the code that reads it, or say in tlf/companions.py how its name is put together"
        raise DefectError(f"{shell.output} reads {error}, which it was not handed.", "", cure) from error
    except Exception:
        made(shell, whole())
        raise


def _all_named(build: Any, node: Node, large: list[str], data: Data) -> Data:
    """What an output is given, with every variable; of a dataset made in parts no record."""
    return {**data, **{need: nobody(build, node, need, data) for need in large}}


def conform_results(results: pd.DataFrame, output: str) -> pd.DataFrame:
    """Result rows with exactly the agreed columns in their order.

    Raises DefectError when one is missing, TrialError when two rows have one name.
    """
    missing = [c for c in COLUMNS if c not in results]
    if missing:
        raise DefectError(f"The results of {output} lack the column {missing[0]}.", "", "the template must fill it")
    frame = pd.DataFrame(results.loc[:, list(COLUMNS)]).reset_index(drop=True)
    frame["VALUE"] = pd.to_numeric(frame["VALUE"]).astype("float64")
    for name in COLUMNS:
        if name != "VALUE":
            frame[name] = frame[name].astype("str").fillna("")
    repeated = frame.duplicated(["OUTPUT", "SET", "ROW", "COLUMN", "LEVEL", "STATISTIC"])
    if repeated.any():
        row = frame[repeated].iloc[0]
        what = f"Two results of {output} are named alike: {row['ROWID']}, {row['GROUP']}, {row['STATISTIC']}."
        raise TrialError(what, row["ROWID"], "give their rows in the YAML different ids")
    return frame


def with_periods_told(results: pd.DataFrame, datasets: Mapping[str, DatasetSpec]) -> pd.DataFrame:
    """The results, each clause on a dataset with treatment periods saying the period that was read."""
    several = {name for name, spec in datasets.items() if PERIOD in spec.names and not spec.intermediate}
    told = results["DATASET"].isin(several)
    if not told.any():
        return results
    asked = {where: of_first(where, (PERIOD,)) for where in results.loc[told, "WHERE"].unique()}
    return results.assign(WHERE=results["WHERE"].mask(told, results["WHERE"].map(asked)))


WHOLES = {"n": "N", "responders": "patients", "at_risk": "N"}


def parts_lie_in_wholes(results: pd.DataFrame, output: str) -> None:
    """A count is not negative and at most the N of its cell (same row, column and level).

    Raises DefectError naming the row: only a kind of row can break this.
    """
    asked = results[results["STATISTIC"].isin({*WHOLES, *WHOLES.values()}) & results["VALUE"].notna()]
    cells = [*asked[["SET", "ROW", "COLUMN", "LEVEL"]].itertuples(index=False, name=None)]
    told = [*zip(cells, asked["STATISTIC"], asked["VALUE"], asked["ROWID"], asked["GROUP"], strict=True)]
    known = {(cell, statistic): value for cell, statistic, value, _, _ in told}
    for cell, statistic, value, rowid, group in told:
        whole = known.get((cell, WHOLES.get(statistic, "")))
        if whole is not None and not 0 <= value <= whole:
            what = f"'{rowid}' ({group}) of {output} counts {value:g} of {whole:g}."
            raise DefectError(what, rowid, "a numerator lies inside its denominator")


def levels_add_up(results: pd.DataFrame, output: str) -> None:
    """The levels of one variable count no subject twice: together they are at most the N of their column.

    Raises TrialError naming the row.
    """
    counts = results[(results["LEVEL"] != "") & results["STATISTIC"].isin(("n", "N")) & results["VALUE"].notna()]
    keys = counts[["SET", "ROW", "COLUMN", "POPULATION"]].itertuples(index=False, name=None)
    sums: dict[tuple[str, ...], float] = {}
    wholes: dict[tuple[str, ...], float] = {}
    names: dict[tuple[str, ...], str] = {}
    for key, statistic, value, rowid in zip(keys, counts["STATISTIC"], counts["VALUE"], counts["ROWID"], strict=True):
        names.setdefault(key, rowid)
        if statistic == "n":
            sums[key] = sums.get(key, 0) + value
        else:
            wholes[key] = max(wholes.get(key, value), value)
    over = [key for key, count in sums.items() if count > wholes.get(key, count)]
    if over:
        _, row, column, _ = key = min(over)
        what = f"The levels of '{row}' ({column}) of {output} add up to more than their N."
        raise TrialError(what, names[key], "levels of one variable must exclude each other")


def held_together(results: pd.DataFrame, output: str) -> None:
    """What holds of the results of any output: levels add up, and parts lie in their wholes. Raises as these do."""
    levels_add_up(results, output)
    parts_lie_in_wholes(results, output)
