"""The collected codelists of a new study: as delivered, as the dictionary lists them, or open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.new_study.dictionary import DictionaryField, inline_values
from pipeline.new_study.headers import LISTS, columns_of, read_rows
from pipeline.new_study.sheets import csv_text
from pipeline.new_study.workbook import LISTS as LISTED
from pipeline.new_study.workbook import holds

NAMES = ("CODELIST", "CODED_VALUE", "DECODE")
VERSION = "VERSION"
YES = ("Y", "YES", "1", "TRUE", "JA", "OUI", "SI", "\u0434\u0430", "\u662f")


def lists_beside(dictionary: str, codelists: str) -> list[list[str]]:
    """List, code, label and versions of each value: of the file named, or codelists.csv beside the dictionary.

    A list without codes stands for itself: the label is the code. Versions are said of codes that mean one thing in one
    and another in the next.
    """
    read = [[name, code or label, label or code, versions]
            for name, code, label, _, versions in _delivered(dictionary, codelists) if name and (code or label)]
    return _apart(_by_version(read))


def in_english(dictionary: str, codelists: str) -> dict[str, dict[str, str]]:
    """By list what each label means in English, where the file of codelists says it beside."""
    found: dict[str, dict[str, str]] = {}
    for name, _, label, english, _ in _delivered(dictionary, codelists):
        found.setdefault(name, {})[label] = english
    return found


def _delivered(dictionary: str, codelists: str) -> list[list[str]]:
    """List, code, label, English label and versions of each row of the file of codelists; '' for what it has not.

    Raises TrialError for a file without a column for lists or for values: each list would be open, as if none came.
    """
    path = Path(codelists) if codelists else _beside(Path(dictionary)) if dictionary else None
    if path is None:
        return []
    header, rows = read_rows(path, LISTED)
    found = columns_of(header, {}, str(path), LISTS)
    for asked, what in ((("CODELIST",), "the list"), (("CODED_VALUE", "DECODE"), "codes or labels")):
        if not found.keys() & {*asked}:
            cure = f"call it {asked[0]}; it has {', '.join(header) or 'no columns'}"
            raise TrialError(f"The file of codelists has no column for {what}.", f"{path}, line 1", cure)
    return [[row.get(found.get(name, ""), "") for name in (*NAMES, "ENGLISH", VERSION)] for _, row in rows]


def _beside(dictionary: Path) -> Path | None:
    """The codelists of a dictionary: a sheet of the same workbook, else codelists.csv beside it."""
    if holds(dictionary, LISTED):
        return dictionary
    near = dictionary.with_name("codelists.csv")
    return near if near.is_file() else None


def _by_version(rows: list[list[str]]) -> list[list[str]]:
    """The versions, parted by semicolons, of the codes that mean several things in their list; '' for all others."""
    labels: dict[tuple[str, str], set[str]] = {}
    for name, code, label, _ in rows:
        labels.setdefault((name, code), set()).add(label)
    return [[name, code, label, "; ".join(re.findall(r"[^\s,;|]+", versions)) if len(labels[name, code]) > 1 else ""]
            for name, code, label, versions in rows]


def _apart(rows: list[list[str]]) -> list[list[str]]:
    """Each code once in a list and version: where nobody says the versions, what else it means is a list (REL_2)."""
    meant: dict[tuple[str, str, str], str] = {}
    apart = []
    for name, code, label, versions in rows:
        number, own = 1, name
        while meant.setdefault((own, code, versions), label) != label:
            number += 1
            own = f"{name}_{number}"
        apart.append([own, code, label, versions])
    return [list(row) for row in dict.fromkeys(map(tuple, apart))]


def yes_values(lists: list[list[str]]) -> dict[str, str]:
    """What each list calls Yes: the label of the value that says so in its code or its label."""
    words = {word.casefold() for word in YES}
    said = [(name, label) for name, code, label, _ in lists if {code.casefold(), label.casefold()} & words]
    return dict(reversed(said))


def collected_lists(fields: Iterable[DictionaryField], lists: list[list[str]]) -> list[list[str]]:
    """The lists as delivered, those said in the dictionary's cells, and Yes/No; the others have one open value."""
    rows, known = list(lists), {row[0] for row in lists}
    for field in fields:
        if field.codelist and field.codelist not in known:
            known.add(field.codelist)
            rows += [[field.codelist, code, label, ""] for code, label in _values(field)]
    return rows


def codelist_text(lists: list[list[str]]) -> str:
    """raw/_codelists.csv, with versions where a code has them."""
    whole = [[*NAMES, VERSION], *lists]
    return csv_text(whole if any(row[3] for row in lists) else [row[:3] for row in whole])


def _values(field: DictionaryField) -> list[tuple[str, str]]:
    said = inline_values(field.values)
    return said or ([("Y", "Yes"), ("N", "No")] if field.codelist == "NY" else [("OPEN", "OPEN")])
