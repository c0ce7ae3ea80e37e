"""What fields and forms of a CRF usually mean: the words of `specs/standard/cdash.csv`, and how well a field meets one.

A row without target and rule is a kind of form: its domains, the names and words by which such a form is known. The
other rows say which target a field has: by the rest of its name (AESTDAT: STDAT) or by words of its label (start date).
A name that begins with = goes where the field of that target goes; a row without names or words holds for every form of
its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.new_study.dictionary import DictionaryField
from pipeline.study.csv_text import load_sheet
from pipeline.study.datasets import EACH

FILE = "cdash.csv"
ANY = "*"
BLOCK = "."  # DS.failed: the records of one form that are a block of their own in its domain
EXACT, BEGINS, ENDS, HOLDS, WORD, LEAST = 4.0, 2.5, 2.0, 1.5, 0.3, 1.8
SURE = 0.6  # of the fields of a form begin with the name of a domain


@dataclass(frozen=True)
class CrfMeaning:
    """One row of the table: what a form is, or which target a field has and by which rule."""

    kind: str
    domain: str
    target: str
    rule: str
    source: str
    names: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def follows(self) -> str:
        """The target whose field it shares, or ''."""
        return self.names[0].removeprefix("=") if self.names and self.names[0].startswith("=") else ""

    @property
    def fixed(self) -> bool:
        """True for what every form of the kind says, whatever its fields."""
        return not self.names and not self.labels

    def of(self, domain: str) -> CrfMeaning:
        """The row as it is said of one domain: -- stands for its name."""
        swap = {"kind": self.kind, "domain": domain, "target": self.target.replace(EACH, domain.split(BLOCK)[0])}
        return CrfMeaning(**swap, rule=self.rule, source=self.source, names=self.names, labels=self.labels)


@dataclass(frozen=True)
class Meanings:
    """The whole table: kinds of forms, and what their fields mean."""

    forms: tuple[CrfMeaning, ...]
    fields: tuple[CrfMeaning, ...]

    def kind_of(self, form: str, label: str, fields: Iterable[DictionaryField]) -> CrfMeaning | None:
        """The kind of a form: by its name, the words of its label, or the domain its fields are named after."""
        scored = [(_form_score(one, form, label), one) for one in self.forms]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if best[0] >= LEAST:
            return best[1]
        names = [field.name for field in fields]
        for one in [one for one in self.forms if one.kind == one.domain]:
            begun = sum(name.startswith(one.domain) and len(name) > len(one.domain) for name in names)
            if names and begun >= SURE * len(names):
                return one
        return None

    def of(self, kind: str, domain: str) -> list[CrfMeaning]:
        """The rows for one domain of a kind of form, the most particular first."""
        order = {kind: 0, domain.split(BLOCK)[0]: 1, ANY: 2}
        chosen = [one for one in self.fields if one.kind in order and one.domain in (domain, EACH)]
        return [one.of(domain) for one in sorted(chosen, key=lambda one: order[one.kind])]


@lru_cache(maxsize=2)
def load_meanings(standard: Path) -> Meanings:
    """The table of `specs/standard`. Raises TrialError with file and line."""
    path = standard / FILE
    header, rows = load_sheet(path)
    named = [dict(zip(header, cells, strict=True)) for _, cells in rows]
    read = [
        CrfMeaning(
            row["kind"], row["domain"], row["target"], row["rule"], row["source"], tuple(row["names"].split()),
            tuple(words for words in row["labels"].split(";") if words),
        )
        for row in named
    ]  # fmt: skip
    return Meanings(
        forms=tuple(one for one in read if not one.target and not one.rule),
        fields=tuple(one for one in read if one.target or one.rule),
    )


def spoken(text: str) -> str:
    """A label as words: small letters and digits, one blank between; what stands in brackets goes last."""
    outside = re.sub(r"\(.*?\)", " ", text)
    return " ".join(re.findall(r"[a-z0-9]+", f"{outside} {' '.join(re.findall(r'[(](.*?)[)]', text))}".casefold()))


def words_score(label: str, phrases: Iterable[str], strict: bool = False) -> float:
    """How well a label (as spoken) meets the best of the phrases; the longer the phrase, the better.

    Strict: a phrase of one word is met by a label of up to two, for `date` is in the labels of most dates.
    """
    return max((_phrase(label, phrase, strict) for phrase in phrases), default=0.0)


def _phrase(label: str, phrase: str, strict: bool) -> float:
    bonus = WORD * phrase.count(" ")
    if label == phrase:
        return EXACT + bonus
    if strict and " " not in phrase and label.count(" ") > 1:
        return 0.0
    if label.startswith(f"{phrase} "):
        return BEGINS + bonus
    if label.endswith(f" {phrase}"):
        return ENDS + bonus
    return HOLDS + bonus if f" {phrase} " in f" {label} " else 0.0


def _form_score(one: CrfMeaning, form: str, label: str) -> float:
    named = EXACT + 1 if form.upper() in one.names else 0.0
    return max(named, words_score(_outside(label), one.labels), words_score(spoken(form), one.labels))


def _outside(label: str) -> str:
    """The words of a form's label without what stands in brackets."""
    return spoken(re.sub(r"\(.*?\)", " ", label)) or spoken(label)


def field_score(field: DictionaryField, one: CrfMeaning, starts: tuple[str, ...]) -> float:
    """How well a field meets a row: by its name without the beginnings of its form, and by the words of its label."""
    name = field.name.replace("_", "")
    rests = {name, *(name.removeprefix(start) for start in starts if start)}
    by_name = EXACT if rests & set(one.names) else 0.0
    bare = spoken(re.sub(r"\(.*?\)", " ", field.label))
    by_words = max(words_score(bare, one.labels, True), words_score(spoken(field.label), one.labels, True) - 0.5)
    parts = spoken(re.sub(r"([a-z])([A-Z])", r"\1 \2", field.column or field.name).replace("_", " "))
    without = parts.split(" ", 1)[1] if " " in parts else parts
    several = " " in parts
    by_parts = max(words_score(parts, one.labels, several), words_score(without, one.labels, True) - 0.2) * several
    ranked = sorted((by_name, max(by_words, by_parts)))
    return ranked[1] + 0.5 * ranked[0]
