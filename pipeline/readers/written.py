"""How the files of a delivery are written: encoding, separator, decimal sign, date form, language, as declared.

A declaration stands in the delivery's manifest (`written: {...}`, or the same words beside a file) or in the study's
`raw/_system.yaml`; what the manifest says of a file wins over what it says of the delivery, that over the study's.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.ground.date_forms import order_of
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean

WORDS = ("encoding", "delimiter", "decimal", "dates", "language")
SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "point": "."}


@dataclass(frozen=True)
class Written:
    """How a file is written; '' where nobody said.

    `dates` is the order of the parts (DMY, MDY, YMD), `language` the one of an ODM file's decodes (en, zh).
    """

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""
    language: str = ""


def written_as(*declared: tuple[Any, str]) -> Written:
    """One declaration from several (each with where it stands), the first that says a word wins. Raises TrialError."""
    return Written(**words_said(*declared))


def words_said(*declared: tuple[Any, str]) -> dict[str, str]:
    """The words of `written_as` that somebody said. Raises TrialError."""
    words: dict[str, str] = {}
    for said, where in declared:
        if said and not isinstance(said, dict):
            raise TrialError("How files are written is told word by word.", where, "write {encoding: utf-8, ...}")
        for word in WORDS:
            if (said or {}).get(word) and word not in words:
                words[word] = _checked(word, (said or {})[word], where)
    return words


def unknown_words(said: Iterable[str], where: str) -> None:
    """Refuse a word that `written` does not know. Raises TrialError."""
    for word in said:
        if word not in WORDS:
            raise TrialError(f"'{word}' is no word of how files are written.", where, did_you_mean(word, WORDS))


def _checked(word: str, value: Any, where: str) -> str:
    text = value if isinstance(value, str) else str(value)
    if word == "encoding":
        return _encoding(text, where)
    if word == "dates":
        return _date_order(text, where)
    if word == "language":
        return text.strip()
    sign = SIGNS.get(text.lower(), text)
    if word == "decimal" and sign not in ",.":
        raise TrialError(f"The decimal sign cannot be '{text}'.", where, 'say "," or "."')
    if len(sign) != 1 or sign in '"\r\n\0':
        raise TrialError(f"The separator '{text}' is not one sign.", where, 'say "," or ";" or "tab" or "|"')
    return sign


def _encoding(text: str, where: str) -> str:
    try:
        return codecs.lookup(text).name.replace("cp125", "windows-125").removesuffix("-sig")
    except (LookupError, ValueError) as error:
        cure = "say utf-8, utf-16, windows-1252, windows-1251, gb18030 ..."
        raise TrialError(f"The encoding '{text}' is not known.", where, cure) from error


def _date_order(text: str, where: str) -> str:
    """DMY of "DD.MM.YYYY", YMD of "ISO"; '' for forms with a month in letters, which everybody reads alike."""
    form = text.strip().upper()
    if "MMM" in form or "MON" in form:
        return ""
    order = "YMD" if form.startswith("ISO") else order_of(form)
    if not order:
        raise TrialError(f"The date form '{text}' is not known.", where, "say DD.MM.YYYY, MM/DD/YYYY or YYYY-MM-DD")
    return order
