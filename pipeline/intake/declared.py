"""How a delivery writes its dates, where that was declared: its all-numeric dates become those of the contract.

`dates: DMY` (MDY, YMD, or a picture as DD.MM.YYYY) is said of a field in the raw contract, of a delivery, a file or all
forms under `written` (readers/written.py), of a form by `date_format`; what is said first in this order counts.
"""

from __future__ import annotations

import re

import pandas as pd

from pipeline.ground.date_forms import ISO, MONTHS, ORDERS, WRITTEN, in_order, order_of, reading
from pipeline.study.contracts import Contract

SPOKEN = {"ISO": ISO, WRITTEN: WRITTEN, "DD MMM YYYY": WRITTEN}


def agreed_form(contract: Contract) -> str:
    """The name of the form that the contract agrees for dates, "" where none is agreed.

    An order of all-numeric dates is read into ISO, so that is what such a form holds.
    """
    word = re.sub(r"[^A-Z]+", " ", contract.date_format.upper())
    return SPOKEN.get(word) or (ISO if order_of(word) else "")


def orders_of(contract: Contract, by_delivery: str = "") -> dict[str, str]:
    """The declared order of the all-numeric dates of each field, of those for which one is declared."""
    said = {name: (contract.fields[name].dates, by_delivery, contract.date_format, contract.dates)
            for name in contract.dated}  # fmt: skip
    orders = {name: next((order_of(word) for word in words if order_of(word) in ORDERS), "")
              for name, words in said.items()}  # fmt: skip
    return {name: order for name, order in orders.items() if order}


def in_agreed_form(records: pd.DataFrame, contract: Contract, by_delivery: str = "") -> pd.DataFrame:
    """The records with their all-numeric dates in the form of the contract (ISO, DD MON YYYY), as far as declared."""
    agreed, columns = agreed_form(contract), {}
    for name, order in orders_of(contract, by_delivery).items():
        if name in records:
            texts = records[name].dropna().unique()
            columns[name] = records[name].map({text: _told(text, order, agreed) for text in texts}).astype("str")
    return records.assign(**columns) if columns else records


def _told(text: str, order: str, agreed: str) -> str:
    """One date text in the agreed form; what no calendar has stays legible as ISO text."""
    iso = in_order(text, order)
    date, clock = reading(iso)[:2]
    if iso == text or agreed != WRITTEN or not date:
        return iso
    year, month, day = (*date.split("-", 2), "", "")[:3]
    if month:
        name = MONTHS[int(month) - 1][:3] if month.isdigit() else "UNK"
        date = f"{day.strip('-') or 'UN'} {name} {year}"
    return f"{date} {clock}".strip()
