"""What is asked of a whole column: what a form shows that no piece of it can tell; that of its pieces is added up.

Whether a column has any value, whether most of its dates or numbers can be read and are written as agreed, and how many
dates have a zone. A piece, and a form that is held, are looked at alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.gate.columns import date_expectations
from pipeline.gate.expected import Asked
from pipeline.gate.unmet import unmet
from pipeline.ground.dates import has_zone
from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, gather
from pipeline.ground.readable import WrongValues, counted, distinct, fault_of, unreadable
from pipeline.intake.declared import agreed_form
from pipeline.study.contracts import Contract

Counts = Mapping[str, WrongValues]
KINDS = {"date": "date", "integer": "number", "decimal": "number"}


@dataclass(frozen=True)
class Seen:
    """Columns with a value on any record, and by column what is counted: unreadable, with a zone, not as agreed."""

    filled: frozenset[str] = frozenset()
    file: str = ""
    unreadable: Counts = field(default_factory=dict)
    zoned: Counts = field(default_factory=dict)
    otherwise: Counts = field(default_factory=dict)

    def __add__(self, more: Seen) -> Seen:
        """What both show, of the records of this one first."""
        return Seen(
            self.filled | more.filled, self.file or more.file, _sum(self.unreadable, more.unreadable),
            _sum(self.zoned, more.zoned), _sum(self.otherwise, more.otherwise),
        )  # fmt: skip

    def has(self, name: str) -> bool:
        """True for a field with a value, or with the code of one, on any record."""
        return bool(self.filled & {name, f"{name}_STD"})


def seen_in(records: pd.DataFrame, contract: Contract) -> Seen:
    """What some records of a form show of its columns."""
    filled = frozenset(name for name in records if records[name].notna().any())
    file = str(records["_FILE"].iloc[0]) if "_FILE" in records and len(records) else ""
    wrong, zoned, otherwise = dict[str, WrongValues](), dict[str, WrongValues](), dict[str, WrongValues]()
    for name, entry in contract.fields.items():
        if entry.type in KINDS and name in filled:
            texts, counts = distinct(records[name])
            wrong[name] = counted(texts, counts, unreadable(texts, KINDS[entry.type]))
            if entry.type == "date":
                zoned[name] = counted(texts, counts, has_zone(texts))
                otherwise[name] = counted(texts, counts, _not_as_agreed(texts, agreed_form(contract)))
    return Seen(filled, file, wrong, zoned, otherwise)


def _not_as_agreed(texts: pd.Series, agreed: str) -> pd.Series:
    """True for the dates that the field checks find in another form than agreed."""
    wrong = np.zeros(len(texts), dtype="bool")
    for wanted, prepared in date_expectations(texts, "", agreed):
        if wanted.agreed:
            wrong[unmet([Asked("", wanted, pd.DataFrame(prepared))])[0]] = True
    return pd.Series(wrong, index=texts.index)


def _sum(one: Counts, other: Counts) -> dict[str, WrongValues]:
    none = WrongValues()
    return {name: one.get(name, none) + other.get(name, none) for name in dict.fromkeys([*one, *other])}


def unreadable_columns(seen: Seen, contract: Contract) -> dict[str, TrialError]:
    """Per field of type date, integer or decimal of which most cannot be read: what is wrong with it."""
    return {name: fault_of(seen.unreadable[name], contract.form, name, seen.file, KINDS[entry.type])
            for name, entry in contract.fields.items() if name in seen.unreadable and seen.unreadable[name].most}


def unreadable_findings(seen: Seen, contract: Contract) -> pd.DataFrame:
    """One critical finding for each such column: the delivery is at fault, not its records."""
    found = []
    for name, fault in unreadable_columns(seen, contract).items():
        message = f"{fault.what} What rests on this column is not made. Cure: {fault.cure}."
        found.append(finding("RAW-UNREADABLE", "critical", message, form=contract.form, field=name))
    return gather(found)


def zone_findings(seen: Seen, contract: Contract) -> pd.DataFrame:
    """One finding per column of dates that carry a clock and a zone: the day as written counts, was it the site's?"""
    found = []
    for name in [name for name in contract.dated if name in seen.zoned and seen.zoned[name].wrong]:
        told = seen.zoned[name]
        message = (
            f"{told.wrong:,} of {told.filled:,} values of {name} have a zone: {told.examples}. "
            "The day as written is used. Please confirm that it is the day at the site, not in another time zone."
        )
        found.append(finding("RAW-DATEZONE", "minor", message, form=contract.form, field=name))
    return gather(found)


def form_finding(told: WrongValues, form: str, field: str, agreed: str) -> pd.DataFrame:
    """One finding for a column of which most is written in another form than agreed: the export has changed."""
    message = (
        f"{told.wrong:,} of {told.filled:,} values of {field} are not written as agreed ({agreed}): {told.examples}. "
        "They can be read without doubt. "
        "Please deliver them as agreed, or agree on this form (date_format in the raw contract)."
    )
    return finding("RAW-DATEFORM", "minor", message, form=form, field=field)
