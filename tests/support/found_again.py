"""Which collected values are found again in SDTM, value by value: it knows no mapping, only how values may be written.

A value is found in a record that was made of its own raw record (by the keys), else anywhere in the subject's data if
it is one that hardly occurs by chance. It may be written as text, number, date or time of day, as a number in another
unit, or as what a codelist of the terminology makes of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
MONTHS = {name: f"{n:02}" for n, name in enumerate(NAMES, start=1)}
WRITTEN = re.compile(r"(\d{1,2}|UN|UNK)[ -]([A-Z]{3})[ -](\d{4})(?:[ T](\d\d:\d\d))?")
ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?([ T]\d\d:\d\d(:\d\d)?)?")
NUMBER = re.compile(r"[<>]?=?\s*([+-]?\d+(?:\.\d+)?)")
SPECIFIC = 4  # letters of a text, or digits of a number, that hardly stand in another record by chance
LINKED, REPEATED = re.compile(r"[A-Z]{1,3}(\d[\w-]*)"), re.compile(r" [\d.]+$")  # T1 of lesion 1; UNSCHEDULED 17.01


def forms_of(text: str) -> set[str]:
    """How a value may be written in SDTM."""
    plain = text.strip()
    forms = {plain.casefold(), re.sub(r"\s+", " ", plain).casefold()}
    if date := WRITTEN.fullmatch(plain.upper()):
        day, month, year, clock = date.groups()
        iso = year + (f"-{MONTHS[month]}" if month in MONTHS else "")
        iso += f"-{int(day):02}" if day.isdigit() and month in MONTHS else ""
        return {iso} | ({f"{iso}t{clock}"} if clock else set())
    if ISO.fullmatch(plain) and "-" in plain:
        return {plain.replace(" ", "T").casefold()}
    if number := NUMBER.fullmatch(plain):
        forms.add(f"{float(number[1]):g}")
    return forms


def said_in(values: Iterator[object]) -> set[str]:
    """All that a record of SDTM says, in the same forms; a date and time also says its date, and its time."""
    said: set[str] = set()
    for value in values:
        if value is None or value != value:
            continue
        text = f"{value:g}" if isinstance(value, float) else str(value)
        said |= forms_of(text) | {REPEATED.sub("", text).casefold()}
        said |= {link[1].casefold()} if (link := LINKED.fullmatch(text)) else set()
        if "T" in text and ISO.fullmatch(text):
            said |= {text[:10], text[11:16]}
    return said


class FoundAgain:
    """The SDTM datasets of a build, as what is said by raw line and by subject."""

    def __init__(self, out: Path, terms: pd.DataFrame, visits: pd.DataFrame):
        self.by_line: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.by_subject: dict[str, set[str]] = defaultdict(set)
        self.terms: dict[str, set[str]] = defaultdict(set)
        for collected, submission, label in terms[["collected", "submission", "label"]].fillna("").to_numpy():
            for word in (collected, label):
                self.terms[word.casefold()] |= {submission.casefold(), label.casefold()}
        for folder, name, aliases in visits[["FOLDER", "VISIT", "ALIAS"]].fillna("").to_numpy():
            for word in (folder, *aliases.split(";")):
                self.terms[word.strip().casefold()].add(name.casefold())
        for path in sorted((out / "sdtm").glob("*.parquet")):
            data = pd.read_parquet(path)
            if "USUBJID" in data and len(data) and not path.stem.startswith(("supp", "relrec")):
                self._read(path.stem, data, out)

    def _read(self, domain: str, data: pd.DataFrame, out: Path) -> None:
        supp, keys = out / "sdtm" / f"supp{domain}.parquet", out / "keys" / f"{domain}.parquet"
        number = f"{domain.upper()}SEQ"
        own = [name for name in data if name not in ("STUDYID", "DOMAIN", "USUBJID", number)]
        said = [said_in(iter(row)) for row in data[own].itertuples(index=False, name=None)]
        seq = data[number].astype("float64") if number in data else pd.Series(0.0, index=data.index)
        where = dict(zip(zip(data["USUBJID"], seq, strict=True), said, strict=True))
        for row in pd.read_parquet(supp).itertuples() if supp.exists() else ():
            place = (row.USUBJID, float(row.IDVARVAL) if row.IDVARVAL == row.IDVARVAL and row.IDVARVAL else 0.0)
            where.setdefault(place, set()).update(said_in(iter([row.QVAL])))
        for (subject, _), words in where.items():
            self.by_subject[subject] |= words
        for row in pd.read_parquet(keys).itertuples() if keys.exists() else ():
            seq_of = row.SEQ if row.SEQ == row.SEQ else 0.0
            self.by_line[row.FORM, row.LINE] |= where.get((row.USUBJID, seq_of), set())

    def has(self, form: str, line: int, subject: str, texts: list[str], anywhere: bool = False) -> bool:
        """True where one of the ways to write a value stands in a record made of the line, or in the subject's data."""
        forms = {one for text in texts for one in forms_of(text)}
        forms |= {term for text in texts for term in self.terms.get(text.strip().casefold(), ())} - {""}
        if forms & self.by_line.get((form, line), set()):
            return True
        rare = {one for one in forms if anywhere or len(one) >= SPECIFIC}
        return bool(rare & self.by_subject.get(subject, set()))
