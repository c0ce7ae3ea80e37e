"""What a mapping needs besides raw records and its sheet, what a rule of it may know, and what a rule gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from sdtm.mapping.links import Link

UNITS = ("domain", "test", "from", "to", "factor", "offset", "decimals")


def no_units() -> pd.DataFrame:
    """A table of units without rows."""
    return pd.DataFrame(columns=list(UNITS), dtype="str")


@dataclass(frozen=True)
class MappingInputs:
    """What the mapping of a domain needs besides sheet and raw records.

    study: study.yaml; ct: the terminology; spec: the spec of the domain; cut: specs/standard/cut.csv;
    visits: visits.csv; cutoff: the data cut as YYYY-MM-DD; month_days: the length of a month (decision MONTH_DAYS);
    tests: the table of tests (sdtm/mapping/long_form.py); units: units.csv (sdtm/units.py);
    links: links.csv (sdtm/mapping/links.py); numbers: of each form the fields that hold numbers by its raw contract,
    with those of other forms as FORM.FIELD; transfers: the forms that are no pages of the CRF; columns_judged: of the
    records of some subjects, that the columns were judged as a whole; the files are for messages.
    """

    study: StudySettings
    ct: pd.DataFrame
    spec: DatasetSpec
    cutoff: str
    cut: pd.DataFrame
    visits: pd.DataFrame
    month_days: float
    tests: pd.DataFrame | None = None
    units: pd.DataFrame = field(default_factory=no_units)
    links: tuple[Link, ...] = ()
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    transfers: frozenset[str] = frozenset()
    columns_judged: bool = False
    sheet_file: str = ""
    tests_file: str = ""


@dataclass(frozen=True)
class RuleInputs:
    """What a rule may know besides the raw records: its target variable, the terminology and the visits.

    anchor: per subject the date from which the source counts days (sdtm/mapping/day_rules.py), and how it counts.
    """

    variable: Variable
    ct: pd.DataFrame
    visits: pd.DataFrame
    anchor: pd.Series | None = None
    anchor_field: str = ""
    anchor_day: int = 0
    month_days: float = float("nan")


class Answer(NamedTuple):
    """What a rule makes of raw records: one value per record, and the findings met on the way."""

    values: pd.Series
    findings: tuple[pd.DataFrame, ...] = ()
