"""The results as other programs take them: FORMATTED beside each number, and `ard.csv` in the shape of R's cards.

Source: cards 0.6 (pharmaverse): a row per statistic with group, variable, context, name, label, value, formatted value.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.engine.runner import Build
from pipeline.engine.store import read_parquet
from pipeline.ground.grammar import Comparison, Name, parsed
from pipeline.publish.pages import pages_node
from pipeline.publish.printed import FORMATTED, PRINTED, printed_hash

if TYPE_CHECKING:
    import pandas as pd

    from tlf.shells import Shell

ADDRESS = ["OUTPUT", "SET", "ROW", "LEVEL", "COLUMN", "STATISTIC"]
CELL = ["OUTPUT", "SET", "ROW", "LEVEL", "COLUMN"]
ENOUGH = 1e15  # a whole number below it is all its digits
# Names of cards for ours, with their labels; others stay as they are and are their own label.
NAMES = {"q1": "p25", "q3": "p75", "lower": "conf.low", "upper": "conf.high", "level": "conf.level",
         "p_value": "p.value", "se": "std.error", "nmiss": "N_miss"}  # fmt: skip
LABELS = {"n": "n", "N": "N", "p": "%", "mean": "Mean", "sd": "SD", "median": "Median", "p25": "Q1", "p75": "Q3",
          "min": "Min", "max": "Max", "estimate": "Estimate", "conf.low": "CI Lower Bound",
          "conf.high": "CI Upper Bound", "conf.level": "CI Confidence Level", "p.value": "p-value",
          "std.error": "Standard Error", "N_miss": "N Missing"}  # fmt: skip
SURVIVAL = ("survival", "incidence", "at_risk", "censored", "months", "days")
CLOSE = 1e-12
OVERALL = ""  # of a column of everybody


def with_printed(results: pd.DataFrame, build: Build, names: Iterable[str] = ()) -> pd.DataFrame:
    """The results with FORMATTED, as the page prints each: a text as it is, a number drawn as its figure tells it.

    They are of the outputs named, else of all.
    """
    import pandas as pd

    from tlf.render.layout import number

    if len(results) == 0:
        return results
    asked = [*(names or build.specs.outputs)]
    shells = [build.specs.outputs[name].shell for name in asked]
    drawn = results["OUTPUT"].isin([shell.output for shell in shells if shell.kind == "figure"])
    digits = results.loc[drawn & results["VALUE"].abs().lt(ENOUGH), "VALUE"].map(number)
    told = results["VALUEC"].where(results["VALUEC"].ne("") | ~drawn, digits.reindex(results.index)).fillna("")
    parts = [part for name in asked for part in _printed_of(build, name)]
    if parts:
        found = results[ADDRESS].merge(pd.concat(parts), on=ADDRESS, how="left")[FORMATTED].set_axis(results.index)
        told = found.fillna(told)
    return results.assign(**{FORMATTED: told.astype("str")})


def _printed_of(build: Build, name: str) -> Iterable[pd.DataFrame]:
    """What was printed of one output, with its number."""
    if printed_hash(build, name):
        entry = build.entries[pages_node(name)]
        said = read_parquet(build.cache.read(pages_node(name), entry, f"{name}{PRINTED}"))
        yield said.assign(OUTPUT=build.specs.outputs[name].shell.output)


def ard(results: pd.DataFrame, shells: Iterable[Shell]) -> pd.DataFrame:
    """One row per statistic in the columns of cards; beside them the output, its row and the records behind it."""
    import pandas as pd

    groups = pd.DataFrame(_groups(shells), columns=["OUTPUT", "COLUMN", "group1", "group1_level"], dtype="str")
    told = results.merge(groups.drop_duplicates(["OUTPUT", "COLUMN"]), on=["OUTPUT", "COLUMN"], how="left")
    name = told["STATISTIC"].mask(_is_share(told), "p").replace(NAMES)
    text = told["VALUE"].isna() & told["VALUEC"].ne("")
    return pd.DataFrame({
        "group1": told["group1"].fillna(""), "group1_level": told["group1_level"].fillna(told["GROUP"]),
        "variable": told["VARIABLE"].where(told["VARIABLE"].ne(""), told["ROW"]), "variable_level": told["LEVEL"],
        "context": _context(told), "stat_name": name, "stat_label": name.map(LABELS).fillna(name),
        "stat": _number(told["VALUE"]).mask(text, told["VALUEC"]), "stat_fmt": told[FORMATTED], "warning": told["NOTE"],
        "output": told["OUTPUT"], "set": told["SET"], "row": told["ROW"], "row_label": told["ROWID"],
        "column": told["COLUMN"], "column_label": told["GROUP"], "dataset": told["DATASET"].str.upper(),
        "population": told["POPULATION"], "where": told["WHERE"],
    })  # fmt: skip


def _groups(shells: Iterable[Shell]) -> Iterable[tuple[str, str, str, str]]:
    """Each column of an output: the variable that tells its subjects, and its value; none for everybody.

    A column told by more than one comparison is of the group COLUMN.
    """
    for shell in shells:
        for column in shell.columns:
            group, level = ("", OVERALL) if not column.where else _told_by(column.where, column.label)
            yield shell.output, column.id, group, level


def _told_by(where: str, label: str) -> tuple[str, str]:
    node = parsed(where).node
    if isinstance(node, Comparison) and node.how == "==" and not isinstance(node.right, Name | tuple):
        value = node.right
        return node.left.id, f"{value:g}" if isinstance(value, float) else str(value)
    return "COLUMN", label


def _is_share(told: pd.DataFrame) -> pd.Series:
    """Which estimates are n of N of their cell."""
    parts = {one: told[told["STATISTIC"].eq(one)].set_index(CELL)["VALUE"] for one in ("n", "N")}
    sizes = told[CELL].join(parts["n"].rename("_n"), on=CELL).join(parts["N"].rename("_of"), on=CELL)
    return told["STATISTIC"].eq("estimate") & (sizes["_n"] / sizes["_of"] - told["VALUE"]).abs().lt(CLOSE)


def _context(told: pd.DataFrame) -> pd.Series:
    """What kind of analysis a cell is, by the statistics that it has."""
    import pandas as pd

    has = (("count", ("n",)), ("continuous", ("mean", "median")), ("survival", SURVIVAL),
           ("text", ("text", "note", "decision")))  # fmt: skip
    cell = told.groupby(CELL, sort=False).ngroup()
    found = pd.Series("other", index=told.index, dtype="str")
    for context, statistics in has:
        found = found.mask(cell.isin(cell[told["STATISTIC"].isin(statistics)]), context)
    counted = told["LEVEL"].ne("").map({True: "categorical", False: "dichotomous"})
    return found.mask(found.eq("count"), counted)


def _number(values: pd.Series) -> pd.Series:
    """Numbers with all their digits, whole ones without a point; nothing where there is none."""
    return values.map(as_text, na_action="ignore").fillna("").astype("str")


def as_text(value: float) -> str:
    """A number with the digits that give it back."""
    return str(int(value)) if value.is_integer() and abs(value) < ENOUGH else repr(value)
