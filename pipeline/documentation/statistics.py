"""Statistics: what each gives, how it is computed, which tests hold it, which values from outside they read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.documentation.sources import Function, functions, sentence, signature, written
from pipeline.manual.markdown import code, folded

STATISTICS, ORACLES = Path("tlf") / "stats", Path("tests") / "oracles"
TESTS = (Path("tests") / "tlf" / "stats", Path("tests") / "criteria", Path("tests") / "published")


@dataclass(frozen=True)
class Holding:
    """A test: its rule as a sentence, the words of its code, the files from outside that its module reads."""

    rule: str
    words: frozenset[str]
    oracles: tuple[str, ...]


def of_statistics(root: Path) -> Iterator[str]:
    """The functions of tlf/stats one below the other, by module."""
    for path in sorted((root / STATISTICS).glob("*.py")):
        found = [one for one in functions(path) if isinstance(one, ast.FunctionDef)]
        if found:
            yield f"## {path.stem.replace('_', ' ').capitalize()}"
            yield ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for one in found:
            yield from _of_one(root, path, one)


def _of_one(root: Path, path: Path, one: Function) -> Iterator[str]:
    yield f"### {one.name}"
    yield code(signature(one))
    yield ast.get_docstring(one) or ""
    yield folded("How it is computed", written(path, one))
    called = {one.name, *_tables_with(path, one.name)}
    tests = [test for test in holdings(root) if called & test.words]
    outside = sorted({name for test in tests for name in test.oracles})
    if tests:
        yield "Tests hold:\n\n" + "\n".join(f"- {rule}" for rule in dict.fromkeys(test.rule for test in tests))
    if outside:
        yield f"Values from outside that the files of these tests read: {', '.join(map(code, outside))}."


@cache
def holdings(root: Path) -> list[Holding]:
    """The tests of statistics."""
    known = sorted(one.name for one in (root / ORACLES).iterdir() if one.suffix in (".R", ".csv", ".jsonl"))
    paths = [path for folder in TESTS for path in sorted((root / folder).glob("test_*.py"))]
    return [one for path in paths for one in _of_file(path.read_text(encoding="utf-8"), known)]


def _of_file(text: str, known: Sequence[str]) -> Iterator[Holding]:
    """The tests of a file; what a function or a table of the file does for them, they do."""
    oracles = tuple(name for name in known if re.search(rf"\b{re.escape(name)}", text))
    words: dict[str, frozenset[str]] = {}
    body = ast.parse(text).body
    for one in body:
        named = [one.name] if isinstance(one, ast.FunctionDef) else [*_assigned(one)]
        words |= dict.fromkeys(named, frozenset(_names(one)))
    for one in body:
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
            told = words[one.name].union(*(words[name] for name in words[one.name] & words.keys()))
            yield Holding(sentence(one), told, oracles)


def _tables_with(path: Path, name: str) -> Iterator[str]:
    """The tables of a module in which a function stands, by which it is called too."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return (table for one in body for table in _assigned(one) if name in _names(one))


def _assigned(one: ast.stmt) -> Iterator[str]:
    targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
    return (name for target in targets for name in _names(target))


def _names(one: ast.AST) -> Iterator[str]:
    """The names of a piece of code, those of what it takes from a module too."""
    for part in ast.walk(one):
        if isinstance(part, ast.Name | ast.Attribute):
            yield part.id if isinstance(part, ast.Name) else part.attr
