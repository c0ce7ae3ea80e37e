"""A newer dictionary brought into a folder that was worked on: what is new is added, nothing written is touched."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.new_study.sheets import csv_text
from pipeline.study import shapes
from pipeline.study.csv_text import load_sheet, load_text

# The cells that tell rows apart; of mapping sheets and tables of tests all.
KEYS = {"raw/_codelists.csv": (0, 1, 3), "codelists.csv": (0, 1, 2, 3), "visits.csv": (0, 1, 2)}
ALL = tuple(range(6))
TOLD = ("label", "type", "codelist", "unit")


def updated(folder: Path, files: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The files of a study that a newer dictionary changes, and words on what was added, differs or is gone.

    New forms, fields, values of codelists and visits are added with their proposed rows. Of a field that is there
    nothing is changed: what the dictionary now says otherwise is told. Raises TrialError for files that cannot be read.
    """
    changed: dict[str, str] = {}
    words: list[str] = []
    fresh: set[str] = set()
    for path, text in files.items():
        if path.startswith("raw/") and path.endswith(".yaml") and not path.startswith("raw/_"):
            fresh |= _contract(folder / path, path, text, changed, words)
    for path, text in files.items():
        if path in KEYS or path.startswith("mapping/"):
            _table(folder / path, path, text, fresh, changed, words)
    _collected(folder / "study.yaml", changed, words)
    gone = [path.name for path in sorted((folder / "raw").glob("[!_]*.yaml")) if f"raw/{path.name}" not in files]
    words += [f"  gone      the form of raw/{name} is in the dictionary no more; it was left as it is" for name in gone]
    return changed, words


def _contract(there: Path, path: str, text: str, changed: dict[str, str], words: list[str]) -> set[str]:
    """Add the new fields of a form to its contract, or the whole form; FORM.FIELD of what is new."""
    form, proposed = _fields(text)
    if not there.exists():
        changed[path] = text
        words.append(f"  new form  {form}: {len(proposed)} fields in {path}")
        return {f"{form}.{name}" for name in proposed}
    content = shapes.load(there, shapes.CONTRACT)
    held: Mapping[str, Mapping[str, str]] = content["fields"]
    new = [name for name in proposed if name not in held]
    if new:
        changed[path] = _with_fields(load_text(there), [proposed[name] for name in new])
        words.append(f"  new       {form}: {', '.join(new)} in {path}")
    gone = [name for name in held if name not in proposed]
    if gone:
        words.append(f"  gone      {form}: {', '.join(gone)}; left in {path}")
    words.extend(_differences(form, held, text))
    return {f"{form}.{name}" for name in new}


def _fields(text: str) -> tuple[str, dict[str, str]]:
    """The form of a proposed contract, and the line of each of its fields."""
    lines = text.splitlines()
    form = lines[0].removeprefix("form: ")
    own = lines[lines.index("fields:") + 1 :]
    return form, {line.strip().split(":", 1)[0]: line for line in own}


def _with_fields(text: str, lines: list[str]) -> str:
    """The contract with lines after its last field, before what follows the fields."""
    written = text.rstrip("\n").split("\n")
    start = next(number for number, line in enumerate(written) if re.match(r"fields:\s*(#.*)?$", line))
    end = start + 1
    while end < len(written) and (not written[end].strip() or written[end][0] in " \t#"):
        end += 1
    return "\n".join([*written[:end], *lines, *written[end:]]) + "\n"


def _differences(form: str, held: Mapping[str, Mapping[str, str]], text: str) -> Iterator[str]:
    """What the dictionary says otherwise of a field that is there."""
    import yaml

    proposed = yaml.load(text, yaml.BaseLoader)["fields"]
    for name in [name for name in proposed if name in held]:
        now, then = proposed[name], held[name] or {}
        for word in [word for word in TOLD if now.get(word, "") != then.get(word, "") and now.get(word)]:
            said = then.get(word, "") or "not said"
            yield f"  differs   {form}.{name}: {word} is {said}, the dictionary says {now[word]}"


def _collected(there: Path, changed: dict[str, str], words: list[str]) -> None:
    """A domain that now has a mapping sheet is no more among those that are not collected."""
    text = load_text(there)
    line = re.search(r"^not_collected: \[(.*)\]", text, re.M)
    named = [word.strip() for word in line[1].split(",")] if line else []
    now = [d for d in named if f"mapping/{d}.csv" in changed]
    if line and now:
        left = ", ".join(d for d in named if d not in now)
        changed["study.yaml"] = f"{text[: line.start(1)]}{left}{text[line.end(1) :]}"
        words.append(f"  collected {', '.join(now)}: taken out of not_collected in study.yaml")


def _table(
    there: Path, path: str, text: str, fresh: set[str], changed: dict[str, str], words: list[str]
) -> None:
    """Add the rows of a table that are new: values of codelists, visits, mapping rows of new fields alone."""
    header, *proposed = list(csv.reader(io.StringIO(text)))
    if not there.exists():
        new = [row for row in proposed if path in KEYS or _of_new(path, row, fresh)]
        held: list[list[str]] = []
    else:
        sheet = load_sheet(there)
        held = [cells for _, cells in sheet.rows]
        known = {_key(path, row) for row in held}
        header = max(list(sheet.header), header, key=lambda names: len(names))
        new = [row for row in proposed if _key(path, row) not in known]
        new = [row for row in new if path in KEYS or _of_new(path, row, fresh)]
    if new:
        changed[path] = csv_text([row + [""] * (len(header) - len(row)) for row in [header, *held, *new]])
        words.append(f"  rows      {len(new)} new in {path}")


def _key(path: str, row: list[str]) -> tuple[str, ...]:
    return tuple("".join(row[cell : cell + 1]) for cell in KEYS.get(path, ALL))


def _of_new(path: str, row: list[str], fresh: set[str]) -> bool:
    """True for a mapping row (or a test) that reads a new field of its form, or is of a form that is new."""
    if path.endswith("_tests.csv"):
        return f"{row[0]}.{row[1]}" in fresh
    if row[1] == "OPEN":
        return row[4] in fresh
    return any(f"{row[0]}.{name}" in fresh for name in re.findall(r"\w+", f"{row[4]} {row[5]}"))
