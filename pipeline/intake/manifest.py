"""The manifest of a delivery: what the sender promises of its files, believed only after it was looked at."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from pipeline.ground.faults import TrialError
from pipeline.readers.written import WORDS, unknown_words, words_said

NAME = "manifest.json"
CURE = "ask data management for the delivery's manifest again"
MAX_BYTES = 50_000_000
TEXTS = ("study", "crf_version", "data_cutoff", "extracted")


@dataclass(frozen=True)
class Promise:
    """What the manifest says of one file: number of records, SHA-256 ('' where it does not), how it is written."""

    rows: str = ""
    sha256: str = ""
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What the sender says of a delivery; `digest` is the SHA-256 of what was said, '' where nothing was.

    `files` are the promised ones by name, without its folder where one file alone has the name.
    """

    study: str = ""
    crf_version: str = ""
    data_cutoff: str = ""
    extracted: str = ""
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Promise] = field(default_factory=dict)
    digest: str = ""

    @property
    def said(self) -> bool:
        """True when the sender said anything at all."""
        return self != NOTHING_SAID


NOTHING_SAID = Manifest()


def read_manifest(content: bytes, path: Path) -> Manifest:
    """What a manifest says. Raises TrialError for what no sender would promise."""
    try:
        if len(content) > MAX_BYTES:
            raise ValueError(f"it has {len(content):,} bytes")
        said = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise TrialError("The delivery's manifest cannot be read: it is not UTF-8.", str(path), CURE) from error
    except RecursionError as error:
        what = "The delivery's manifest cannot be read: it is nested far deeper than a manifest is."
        raise TrialError(what, str(path), CURE) from error
    except ValueError as error:
        raise TrialError(f"The delivery's manifest cannot be read: {error}.", str(path), CURE) from error
    if not isinstance(said, dict):
        raise TrialError("The delivery's manifest is not a JSON object.", str(path), CURE)
    return _manifest(said, content, str(path)) if said else NOTHING_SAID


def _manifest(said: Mapping[str, Any], content: bytes, where: str) -> Manifest:
    for word in TEXTS:
        if word in said and not isinstance(said[word], str | int | float):
            raise TrialError(f"The manifest's `{word}` is {_kind(said[word])}, not a text.", where, CURE)
    if "extracted" in said and not is_moment(str(said["extracted"])):
        what = f"The manifest's `extracted` is '{str(said['extracted'])[:40]}', which is no date."
        raise TrialError(what, where, "write it as 2026-07-06 or 2026-07-06T06:00:00Z")
    named = said.get("dictionaries")
    return Manifest(
        **{word: str(said.get(word, "")) for word in TEXTS},
        dictionaries={word: str(told) for word, told in named.items()} if isinstance(named, dict) else {},
        written=_written(said, where),
        files=_files(said.get("files", []), where),
        digest=hashlib.sha256(content).hexdigest(),
    )


def _files(said: Any, where: str) -> dict[str, Promise]:
    if not isinstance(said, list):
        raise TrialError(f"The manifest's `files` is {_kind(said)}, not a list.", where, CURE)
    files: dict[str, Promise] = {}
    for number, entry in enumerate(said, start=1):
        name, promise = _promise(entry, f"{where}, files {number}")
        if name in files:
            raise TrialError(f"The manifest promises {name!r} twice.", f"{where}, files {number}", CURE)
        files[name] = promise
    bare = Counter(map(_bare, files))
    return {_bare(name) if bare[_bare(name)] == 1 else name: promise for name, promise in files.items()}


def _promise(entry: Any, where: str) -> tuple[str, Promise]:
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"]:
        raise TrialError("A file of the manifest has no name.", where, "write {file: ..., rows: ..., sha256: ...}")
    rows = "" if entry.get("rows") is None else entry["rows"]
    if len(str(rows)) > 12 or isinstance(rows, dict | list):
        raise TrialError(f"The manifest's rows of {entry['file']!r} are no number of records.", where, CURE)
    return entry["file"], Promise(str(rows), str(entry.get("sha256", "")), _written(entry, where))


def _written(said: Mapping[str, Any], where: str) -> dict[str, str]:
    """The words of `written`, also those that stand beside other words."""
    words = words_said((said.get("written"), where), ({word: said[word] for word in WORDS if word in said}, where))
    unknown_words(said.get("written") or {}, where)
    return words


def _bare(file: str) -> str:
    return re.split(r"[/\\]", file)[-1] or file


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def is_moment(text: str) -> bool:
    """True for a date or date-time in ISO 8601, also with a zone or fraction."""
    try:
        datetime.fromisoformat(text)
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _kind(value: Any) -> str:
    return {type(None): "null", dict: "an object", list: "a list", bool: "true or false"}.get(type(value), f"'{value}'")
