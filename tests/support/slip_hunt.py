"""Slips of the pen put into the specs one at a time: each is told, or is harmless; none crashes the linter.

    .venv/bin/python tests/support/slip_hunt.py STUDY [SIZE] [SEED]

Every slip is one word of one spec file of the study with two letters swapped or one left away, a line taken away, or
two cells of a CSV line swapped. Told are the slips that `trial lint-specs` does not tell, for somebody to read: a word
that people alone read may be anything, every other one must not. The exit code is 1 when the linter crashed.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.ground.faults import FaultError
from pipeline.lint.places import ERROR, WARNING
from pipeline.lint.report import lint

ROOT = Path(__file__).resolve().parents[2]
FOR_PEOPLE = re.compile(
    r"^\s*(- )?(#|question|why|label|title|message|note|says|derivation|comment|description|footnotes?|text|source|name"
    r"|sponsor|indication|design|structure|country|stub|x_label|y_label|heading)\b"
)
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")


class Slip(NamedTuple):
    """One slip: its file, line, what it is, and the text of the file with it."""

    path: Path
    line: int
    what: str
    text: str


def slips(path: Path, draw: random.Random) -> Iterator[Slip]:
    """Endless slips of one file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    asked = [n for n, line in enumerate(lines) if line.strip() and not FOR_PEOPLE.match(line)]
    while asked:
        number = draw.choice(asked)
        made = draw.choice((_typo, _typo, _typo, _without, _swapped))(lines[number], path.suffix, draw)
        if made is not None and made[1] != lines[number]:
            what, line = made
            whole = [*lines[:number], *([line] if line is not None else []), *lines[number + 1 :]]
            yield Slip(path, number + 1, what, "\n".join(whole) + "\n")


def _typo(line: str, suffix: str, draw: random.Random) -> tuple[str, str] | None:
    words = list(WORD.finditer(line))
    if not words:
        return None
    word = draw.choice(words)
    at = draw.randrange(1, len(word[0]) - 1)
    text = word[0]
    wrong = text[:at] + text[at + 1] + text[at] + text[at + 2 :] if draw.random() < 0.5 else text[:at] + text[at + 1 :]
    return f"{text} -> {wrong}", line[: word.start()] + wrong + line[word.end() :]


def _without(line: str, suffix: str, draw: random.Random) -> tuple[str, None] | None:
    return f"without: {line.strip()[:90]}", None


def _swapped(line: str, suffix: str, draw: random.Random) -> tuple[str, str] | None:
    cells = line.split(",")
    if suffix != ".csv" or len(cells) < 2 or '"' in line:
        return None
    at = draw.randrange(len(cells) - 1)
    cells[at], cells[at + 1] = cells[at + 1], cells[at]
    return f"swapped: {cells[at]} | {cells[at + 1]}", ",".join(cells)


def told(root: Path, study: str) -> str:
    """The first error that the linter tells; '' for none, CRASH for what is not a message."""
    try:
        errors = [problem for problem in lint(root, study)[0] if problem.kind in (ERROR, WARNING)]
        return errors[0].text() if errors else ""
    except FaultError as error:
        return f"RAISED {error.what} {error.where}"
    except Exception as error:
        return f"CRASH {type(error).__name__}: {error}"


def main() -> int:
    """Put in slips, and tell what was not told of them."""
    study, size, seed = sys.argv[1], int((sys.argv[2:3] or ["100"])[0]), int((sys.argv[3:4] or ["1"])[0])
    draw, counts = random.Random(seed), {"told": 0, "silent": 0, "crash": 0}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "specs", root / "specs")
        (root / "data").mkdir()
        shutil.copytree(ROOT / "data" / "published", root / "data" / "published")
        paths = [p for p in sorted((root / "specs" / study).rglob("*.*")) if p.suffix in (".yaml", ".csv")]
        weights = [p.stat().st_size ** 0.5 for p in paths]
        for _ in range(size):
            path = draw.choices(paths, weights)[0]
            right = path.read_text(encoding="utf-8")
            slip = next(slips(path, draw))
            path.write_text(slip.text, encoding="utf-8")
            said = told(root, study)
            path.write_text(right, encoding="utf-8")
            kind = "crash" if said.startswith(("CRASH", "RAISED")) else "told" if said else "silent"
            counts[kind] += 1
            if kind != "told":
                print(f"{kind:<7}{path.relative_to(root)}:{slip.line}  {slip.what}  {said}", flush=True)
            elif len(sys.argv) > 4:
                print(f"told   {path.relative_to(root)}:{slip.line}  {slip.what}  | {said}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return int(counts["crash"] > 0)


if __name__ == "__main__":
    sys.exit(main())
