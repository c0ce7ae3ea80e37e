"""The manifest of a delivery: what the sender promises of its files, believed only after it was looked at."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from pipeline.ground.faults import TrialError
from pipeline.readers.written import WORDS, unknown_words, written_as

NAME = "manifest.json"
CURE = "ask data management for the delivery's manifest again"
MAX_BYTES = 50_000_000
TEXTS = ("study", "crf_version", "data_cutoff", "extracted")


def read_manifest(content: bytes, path: Path) -> dict[str, Any]:
    """The manifest's content, checked. Raises TrialError for what no sender would promise."""
    try:
        if len(content) > MAX_BYTES:
            raise ValueError(f"it has {len(content):,} bytes")
        manifest = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise TrialError("The delivery's manifest cannot be read: it is not UTF-8.", str(path), CURE) from error
    except RecursionError as error:
        what = "The delivery's manifest cannot be read: it is nested far deeper than a manifest is."
        raise TrialError(what, str(path), CURE) from error
    except ValueError as error:
        raise TrialError(f"The delivery's manifest cannot be read: {error}.", str(path), CURE) from error
    if not isinstance(manifest, dict):
        raise TrialError("The delivery's manifest is not a JSON object.", str(path), CURE)
    _check(manifest, str(path))
    return manifest


def promised(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the manifest promises of each file, by name (without its folder, where one file alone has the name)."""
    files = {entry["file"]: entry for entry in manifest.get("files", [])}
    names = Counter(map(_bare, files))
    return {_bare(file) if names[_bare(file)] == 1 else file: entry for file, entry in files.items()}


def _bare(file: str) -> str:
    return re.split(r"[/\\]", file)[-1] or file


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _check(manifest: dict[str, Any], where: str) -> None:
    for word in TEXTS:
        if word in manifest and not isinstance(manifest[word], str | int | float):
            raise TrialError(f"The manifest's `{word}` is {_kind(manifest[word])}, not a text.", where, CURE)
    if "extracted" in manifest and not is_moment(str(manifest["extracted"])):
        what = f"The manifest's `extracted` is '{str(manifest['extracted'])[:40]}', which is no date."
        raise TrialError(what, where, "write it as 2026-07-06 or 2026-07-06T06:00:00Z")
    files = manifest.get("files", [])
    if not isinstance(files, list):
        raise TrialError(f"The manifest's `files` is {_kind(files)}, not a list.", where, CURE)
    seen: set[str] = set()
    for number, entry in enumerate(files, start=1):
        _check_file(entry, seen, f"{where}, files {number}")
    said = manifest.get("written", {})
    written_as((said, where))
    if isinstance(said, dict):
        unknown_words(said, where)


def _check_file(entry: Any, seen: set[str], where: str) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"]:
        raise TrialError("A file of the manifest has no name.", where, "write {file: ..., rows: ..., sha256: ...}")
    if entry["file"] in seen:
        raise TrialError(f"The manifest promises {entry['file']!r} twice.", where, CURE)
    if len(str(entry.get("rows", ""))) > 12 or isinstance(entry.get("rows"), dict | list):
        raise TrialError(f"The manifest's rows of {entry['file']!r} are no number of records.", where, CURE)
    written_as((entry.get("written", {}), where), (flat(entry), where))
    unknown_words(entry.get("written") or {}, where)
    seen.add(entry["file"])


def flat(entry: dict[str, Any]) -> dict[str, Any]:
    """The words of `written` that stand beside other words."""
    return {word: entry[word] for word in WORDS if word in entry}


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
