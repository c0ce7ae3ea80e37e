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
        found = [(f"`{signature(one)}`", _first(one)) for one in functions(path)]
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
            yield from ((f"`{signature(part)}`", _first(part)) for part in one.body
                        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"))  # fmt: skip


def rules(path: Path) -> list[tuple[str, str]]:
    """The rules that a file of tests holds: each as a sentence, with the test as it is written, its table above it."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    tests = [one for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    return [(sentence(one), written(path, one)) for one in tests]


def sentence(one: Function) -> str:
    """The name of a test as the rule that it holds."""
    return one.name.removeprefix("test_").replace("_", " ").capitalize() + "."


def written(path: Path, one: Function) -> str:
    """A function as it stands in its file, with what is written above it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    first = min([one.lineno, *(above.lineno for above in one.decorator_list)])
    return "\n".join(lines[first - 1 : one.end_lineno])


def signature(one: Function) -> str:
    """The name of a function and of what it takes; of a class its name."""
    if isinstance(one, ast.ClassDef):
        return one.name
    given = [arg.arg for arg in (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs) if arg.arg != "self"]
    return f"{one.name}({', '.join(given)})"


def _first(one: Function | ast.Module) -> str:
    """The docstring up to its first blank line, in one line."""
    return " ".join((ast.get_docstring(one) or "").split("\n\n")[0].split())
