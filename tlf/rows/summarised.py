"""The statistics of one variable in one column, for rows of kind `summary`: which values, which statistics of them."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.clauses import meets, names
from pipeline.ground.faults import TrialError
from tlf.companions import in_words
from tlf.conditions import DATES, DAY, SUBJECT, Records, all_of, beside, is_missing
from tlf.results import DAYS, Origin, Place, Result, entry
from tlf.rows.kinds import SummaryRow
from tlf.rows.shares import Entries
from tlf.stats import Statistic
from tlf.stats.summary import describe, geometric

EPOCH = pd.Timestamp("1960-01-01")  # day 0 of dates as numbers, as SAS and transport files have them
GEOMETRIC = ("gmean", "gcv")


def measured(row: SummaryRow, place: Place, where: str, records: Records) -> Entries:
    """The statistics of the values there are, and those without one. Raises TrialError for two of a subject."""
    dataset, given, none = row.dataset, f"{row.variable} == {row.variable}", is_missing(row.variable)
    present, absent = all_of(where, given), all_of(where, none)
    asked = dataset, present, place.population
    if row.take:
        used = records.taken(*asked, row.take, row.at or row.value or row.variable, _asked(row, records))
    else:
        used = records.where(*asked, _asked(row, records))
    if not row.take and used[SUBJECT].duplicated().any() and row.per == "subject":
        what = f"{dataset.upper()} has several records of a subject with {row.variable}{where and f' where {where}'}."
        cure = "a summary needs one record per subject: say `take:` first, last, highest or lowest, or `per: record`"
        raise TrialError(what, f"{place.output}, {place.rowid}", cure)
    of = {"nmiss": absent}
    if row.quantifiable:
        text = _in_words(row.variable, used)
        of = {"n": all_of(where, f'{given} or {text} != ""' if text else ""),
              "nmiss": all_of(absent, f'{text} == ""' if text else "")}  # fmt: skip
        present = all_of(present, records.resolved(row.quantifiable))
    counted = 0 if row.per == "record" else 1
    sizes = {name: float(records.sizes(dataset, clause, place.population)[counted]) for name, clause in of.items()}
    found = _statistics(row, used, records) | {name: Statistic(size) for name, size in sizes.items()}
    for name, statistic in found.items():
        origin = Origin(dataset, of.get(name, present), row.variable)
        yield _entry(place, origin, name, statistic, pd.api.types.is_datetime64_any_dtype(used[row.variable]))


def _asked(row: SummaryRow, records: Records) -> set[str]:
    """The variables that statistics, and the choice of one record of a subject, look at."""
    told = (row.variable, in_words(row.variable), row.value, row.at)
    return {SUBJECT, DAY, *DATES, *told, *names(records.resolved(row.quantifiable))}


def _in_words(variable: str, frame: pd.DataFrame) -> str:
    """The variable that says in words (<5.0) what this one says as a number, where the records have it."""
    words = in_words(variable)
    return words if words in frame else ""


def _statistics(row: SummaryRow, used: pd.DataFrame, records: Records) -> dict[str, Statistic]:
    """The usual statistics, those of the logarithms where the shell shows one, and the number of quantifiable ones."""
    if row.quantifiable:
        asked = records.resolved(row.quantifiable)
        used = used[meets(beside(used, records.data.get("adsl"), asked), asked, row.dataset.upper())]
    values = used[row.variable]
    if pd.api.types.is_datetime64_any_dtype(values):
        found = describe((values - EPOCH).dt.days)
        return {name: found[name] for name in ("n", "nmiss", *DAYS)}
    shown = " ".join([row.show, *(show for _, show in row.statistics)])
    more = geometric(values) if any(name in shown for name in GEOMETRIC) else {}
    return describe(values) | more | ({"nquant": Statistic(float(len(values)))} if row.quantifiable else {})


def _entry(place: Place, origin: Origin, name: str, statistic: Statistic, is_date: bool) -> Result:
    """A number; of a date its day since 1960-01-01, and as it is written (the earlier of two days in the middle)."""
    known = is_date and name in DAYS and statistic.value == statistic.value
    text = f"{EPOCH + pd.Timedelta(days=statistic.value // 1):%Y-%m-%d}" if known else ""
    return entry(place, origin, name, statistic.value, note=statistic.note, text=text)
