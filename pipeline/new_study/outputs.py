"""catalogue.yaml of a new study: every output of the standard's list, ready, or open with what is not collected."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.new_study.settled import Refusal
from pipeline.study import shapes
from pipeline.study.catalogue import FILE, load_shells
from pipeline.study.yaml_text import Content

TOTAL = ["TOTAL"]
HEAD = (
    "# Outputs from the standard's shells (specs/standard/tlf), one entry each: number, shell, what it takes.",
    "# OPEN: those below are ready by what is collected: give them the study's numbers, columns and words.",
    "# A commented one is not, for the reason above it; take the # away once it is.",
)
NUMBER = re.compile(r"\(in ([^()]+)\)$")
MAPPING = "mapping/"
WIDE = 118  # characters of a line
ENTRY, OPENED = "- {output: ", "# open: "


def catalogue(standard: Path, collected: Mapping[str, frozenset[str]]) -> str:
    """The list with every shell of the standard; `collected` are the variables and tests of each domain."""
    entries = proposed(standard)
    told = [_entry(entry, ", ".join(dict.fromkeys(_lacking(entry.get("needs", []), collected)))) for entry in entries]
    listed = {entry["shell"] for entry in entries}
    for name, shell in load_shells(standard).items():
        if name not in listed:
            filled = {word: TOTAL if word == "columns" else "..." for word in shell.takes}
            told.append(_entry({"output": "T-...", "shell": name} | filled, "say its number and what it takes"))
    return _whole(told)


def endpoints(standard: Path, collected: Mapping[str, frozenset[str]]) -> list[str]:
    """The endpoints that outputs of the standard's list ask for which are ready (TTANCR, of neutrophils)."""
    ready = [entry for entry in proposed(standard) if not [*_lacking(entry.get("needs", []), collected)]]
    return [entry["endpoint"] for entry in ready if "endpoint" in entry]


def proposed(standard: Path) -> list[Content]:
    """The outputs that the standard proposes, as they are written; none where it has no list."""
    path = standard / FILE
    return (shapes.load(path, shapes.PROPOSED) or []) if path.exists() else []


def collected(sheets: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """What the mapping sheets of a new study fill: by domain its targets, and the tests of its table of tests."""
    found: dict[str, set[str]] = {}
    for path, text in sheets.items():
        rows = [row for row in csv.DictReader(io.StringIO(text)) if row.get("form")]
        if path.startswith(MAPPING) and rows:
            domain = path.removeprefix(MAPPING).removesuffix(".csv").removesuffix("_tests").upper()
            found.setdefault(domain, set()).update(row.get("target") or row.get("test") or "" for row in rows)
    return {domain: frozenset(told) for domain, told in found.items()}


def without_refused(text: str, folder: str, refused: Iterable[Refusal]) -> str:
    """The catalogue with every output open that lint refuses, with what was said of it."""
    entries, said = list(_entries(text)), dict[str, str]()
    for one in refused:
        number = NUMBER.search(one.what)
        at = [name for name, line, _ in entries if line <= one.line] if one.file == f"{folder}/{FILE}" else []
        name = number[1] if number else at[-1] if at else ""
        said.setdefault(name, NUMBER.sub("", one.what).strip())
    refused_ones = [name for name, _, _ in entries if name in said]
    if not refused_ones:
        return text
    lines = text.splitlines()
    for name, line, length in reversed(entries):
        if name in said:
            lines[line - 1 : line - 1 + length] = _opened(lines[line - 1 : line - 1 + length], said[name])
    rest = any(line.startswith(ENTRY) for line in lines)
    return "\n".join([*lines, *([] if rest else ["[]"])]) + "\n"


def _entries(text: str) -> Iterator[tuple[str, int, int]]:
    """Number, first line and count of lines of every entry that is ready."""
    lines = text.splitlines()
    for at, line in enumerate(lines, start=1):
        if line.startswith(ENTRY):
            more = next((n for n, below in enumerate(lines[at:]) if not below.startswith("   ")), len(lines) - at)
            yield line.removeprefix(ENTRY).partition(",")[0].rstrip("}"), at, 1 + more


def _lacking(needs: Sequence[str], collected: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What is needed and not there, in words; a test may also be told by the records themselves (LBTESTCD)."""
    for domain, _, part in (need.partition(".") for need in needs):
        if domain not in collected:
            yield f"nothing is collected for {domain}"
        elif part and not {part, f"{domain}TESTCD"} & collected[domain]:
            yield f"no field is {domain}.{part}"


def _entry(entry: Content, open_for: str) -> list[str]:
    """The lines of an entry; commented, below the reason, where it is open."""
    words = [f"{word}: {_flow(said)}" for word, said in entry.items() if word != "needs"]
    lines = ["- {" + words[0]]
    for word in words[1:]:
        fits = len(lines[-1]) + len(word) < WIDE
        lines = [*lines[:-1], f"{lines[-1]}, {word}"] if fits else [*lines[:-1], f"{lines[-1]},", f"   {word}"]
    lines[-1] += "}"
    return _opened(lines, open_for) if open_for else lines


def _opened(lines: Sequence[str], why: str) -> list[str]:
    return [f"{OPENED}{why}", *(f"# {line}" for line in lines)]


def _flow(said: Content) -> str:
    """A part of an entry as YAML in one line."""
    if isinstance(said, list):
        return "[" + ", ".join(map(_flow, said)) + "]"
    if isinstance(said, dict):
        return "{" + ", ".join(f"{word}: {_flow(part)}" for word, part in said.items()) + "}"
    return said if re.fullmatch(r"[A-Za-z0-9][\w ./^-]*", said) else "'" + said.replace("'", "''") + "'"


def _whole(entries: list[list[str]]) -> str:
    ready = [line for lines in entries if not lines[0].startswith("#") for line in lines]
    opened = [line for lines in entries if lines[0].startswith("#") for line in lines]
    return "\n".join([*HEAD, *ready, *opened, *([] if ready else ["[]"])]) + "\n"
