"""What modules say of themselves, read without importing them: functions with their first sentences, tests as rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from pipeline.manual.markdown import code, table

Function = ast.FunctionDef | ast.ClassDef


def of_modules(root: Path, folder: str) -> Iterator[str]:
    """The public functions of the modules of a folder: signature, and what it gives as its docstring says."""
    for path in sorted((root / folder).rglob("*.py")):
        found = [(f"`{_signature(one)}`", _first(one)) for one in functions(path)]
        if found:
            module = ast.parse(path.read_text(encoding="utf-8"))
            yield f"### {code(path.relative_to(root).as_posix())}"
            yield _first(module)
            yield table(("Function", "What it gives"), found)


def functions(path: Path) -> list[Function]:
    """The public functions and classes at the top of a module."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [one for one in body if isinstance(one, Function) and not one.name.startswith("_")]


def methods(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """The public methods and properties of a class: signature, and what it gives."""
    for one in functions(path):
        if one.name == name and isinstance(one, ast.ClassDef):
            yield from ((f"`{_signature(part)}`", _first(part)) for part in one.body
                        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"))  # fmt: skip


def sentences(path: Path) -> list[str]:
    """The rules that a file of tests holds: the name of each test, as a sentence."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    names = [one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    return [name.removeprefix("test_").replace("_", " ").capitalize() + "." for name in names]


def oracles(root: Path) -> str:
    """The programs and tables from outside that statistics are held against."""
    found = sorted(path.name for path in (root / "tests" / "oracles").iterdir() if path.suffix in (".R", ".csv"))
    return ", ".join(code(name) for name in found)


def _signature(one: Function) -> str:
    if isinstance(one, ast.ClassDef):
        return one.name
    given = [arg.arg for arg in (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs) if arg.arg != "self"]
    return f"{one.name}({', '.join(given)})"


def _first(one: Function | ast.Module) -> str:
    """The docstring up to its first blank line, in one line."""
    return " ".join((ast.get_docstring(one) or "").split("\n\n")[0].split())
