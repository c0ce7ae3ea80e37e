"""Mutation testing: small faults put into the code one at a time; the tests must fail each time.

A mutant is one changed operator, constant or word in `sdtm/`, `adam/`, `tlf/stats/` or `tlf/shell.py`, drawn with a
seed. Each runs, until the first failure, the tests that name its module, then those of its package, in a forked
process whose import of that one module is changed; nothing is written. Survivors are printed with file, line and
change: each is a missing test, or an equivalent mutant to be named in `tests/support/equivalent_mutants.csv` with its
reason. A part may be one file: `mutants.py adam/sets.py --size 500 --near` tries all its mutants on its nearest tests.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import csv
import importlib.abc
import importlib.util
import io
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOAL = 0.90
LIMIT = 300  # seconds; a mutant that never ends is killed
PARTS = {
    "adam": ("tests/criteria", "tests/adam", "tests/stories"),
    "sdtm": ("tests/sdtm", "tests/adam", "tests/stories"),
    "tlf/stats": ("tests/tlf/stats", "tests/tlf/templates", "tests/published"),
    "tlf/shell.py": ("tests/shells", "tests/tlf"),
}
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitAnd: ast.BitOr,
            ast.BitOr: ast.BitAnd, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult}  # fmt: skip
WORDS = {"any": "all", "all": "any", "min": "max", "max": "min", "first": "last", "last": "first", "cummax": "cummin",
         "cummin": "cummax", "isna": "notna", "notna": "isna", "idxmax": "idxmin", "idxmin": "idxmax",
         "at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where, what stood there, what stands there now, and the whole changed source."""

    path: str
    line: int
    before: str
    after: str
    source: str

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def changed(node: ast.AST) -> list[ast.AST]:
    """What a node may be changed to; empty for one that is left alone."""
    new = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        new.ops[0] = COMPARED[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        new.op = COMPUTED[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        new = new.operand
    elif isinstance(node, ast.Attribute) and node.attr in WORDS:
        new.attr = WORDS[node.attr]
    elif isinstance(node, ast.Name) and node.id in WORDS:
        new.id = WORDS[node.id]
    elif isinstance(node, ast.Constant):
        return _constants(node.value)
    else:
        return []
    return [new]


def _constants(value: object) -> list[ast.AST]:
    if isinstance(value, bool):
        return [ast.Constant(not value)]
    if isinstance(value, int | float):
        return [ast.Constant(value + 1)]
    if isinstance(value, str):
        return [ast.Constant(WORDS.get(value, value + "X"))]
    return []


class _Replace(ast.NodeTransformer):
    def __init__(self, number: int, new: ast.AST):
        self.number, self.new, self.at = number, new, -1

    def visit(self, node: ast.AST) -> ast.AST:
        self.at += 1
        return self.new if self.at == self.number else self.generic_visit(node)


def _numbered(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes in the order in which _Replace meets them."""
    yield tree
    for _, value in ast.iter_fields(tree):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _numbered(child)


def _passive(tree: ast.AST) -> set[int]:
    """Ids of nodes that say nothing at run time: docstrings, annotations, messages of errors."""
    quiet: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.append(node)
        if isinstance(node, ast.FunctionDef):
            parts += [node.returns, *(a.annotation for a in (*node.args.args, *node.args.kwonlyargs))]
        if isinstance(node, ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.Assert):
            parts.append(node)
        quiet |= {id(inner) for part in parts if part is not None for inner in ast.walk(part)}
    return quiet


def mutants(path: Path) -> Iterator[Mutant]:
    """All mutants of one file."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    quiet = _passive(tree)
    for number, node in enumerate(_numbered(tree)):
        if id(node) in quiet:
            continue
        for new in changed(node):
            source = ast.unparse(ast.fix_missing_locations(_Replace(number, new).visit(ast.parse(text))))
            yield Mutant(str(path.relative_to(ROOT)), node.lineno, ast.unparse(node), ast.unparse(new), source)


def sample(parts: list[str], size: int, seed: int) -> list[Mutant]:
    """A sample of the mutants of some parts, as many of each; the same seed draws the same ones."""
    draw, chosen = random.Random(seed), []
    for part in parts:
        place = ROOT / part
        files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
        found = [mutant for file in files for mutant in mutants(file)]
        chosen += draw.sample(found, min(size, len(found)))
    return chosen


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives the changed source for one module, and nothing for the others."""

    def __init__(self, mutant: Mutant):
        self.mutant = mutant

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.mutant.module:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(ROOT / self.mutant.path))

    def get_source(self, fullname):
        return self.mutant.source


def survives(mutant: Mutant, groups: list[list[str]]) -> bool:
    """True when all groups of tests pass in spite of the mutant."""
    child = os.fork()
    if child == 0:
        os._exit(_run(mutant, groups))
    ended, started = 0, time.monotonic()
    while not ended:
        ended, status = os.waitpid(child, os.WNOHANG)
        if not ended and time.monotonic() - started > LIMIT:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.05)
    return os.waitstatus_to_exitcode(status) == 0


def _run(mutant: Mutant, groups: list[list[str]]) -> int:
    import pytest

    sys.meta_path.insert(0, _Changed(mutant))
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        told = ["-x", "-q", "--tb=no", "--assert=plain", "-p", "no:xdist", "-W", "ignore"]
        failed = (pytest.main([*told, *group]) for group in groups)
        return int(next((code for code in failed if code), 0))


def nearest(path: str) -> list[str]:
    """Test files that name the module of a file, or are named as it; the shortest, which say one rule, first."""
    module = path.removesuffix(".py").replace("/", ".")
    package, _, name = module.rpartition(".")
    says = re.compile(rf"\b{re.escape(module)}\b|from {re.escape(package)} import .*\b{name}\b")
    files = [*(ROOT / "tests").rglob(f"test_{name}*.py")]
    files += [f for f in (ROOT / "tests").rglob("test_*.py") if says.search(f.read_text(encoding="utf-8"))]
    return [str(f.relative_to(ROOT)) for f in sorted(set(files), key=lambda file: (file.stat().st_size, str(file)))]


def farther(path: str) -> list[str]:
    """The other tests of the part that a file belongs to, without those that build a whole study."""
    tests = next(tests for part, tests in PARTS.items() if path.startswith(part))
    files = {str(f.relative_to(ROOT)) for test in tests for f in (ROOT / test).rglob("test_*.py")}
    return ["-m", "not slow", *sorted(files - set(nearest(path)))]


def equivalent() -> dict[tuple[str, str, str], str]:
    """Mutants known to change nothing, with the reason: by file, text before and text after."""
    path = Path(__file__).with_name("equivalent_mutants.csv")
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))) if path.exists() else []
    return {(row["file"], row["before"], row["after"]): row["reason"] for row in rows}


def main() -> int:
    """Draw, run, print; 0 when at least GOAL of the mutants of every part are killed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}, or a file (default: all)")
    size = os.environ.get("TRIAL_SIZE") or "25"
    asked.add_argument("--size", type=int, default=size, help="mutants of each part (default 25)")
    asked.add_argument("--seed", type=int, default=os.environ.get("TRIAL_SEED") or "1")
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    asked.add_argument("--near", action="store_true", help="only the tests that name the module: quick, and stricter")
    words = asked.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
    import hypothesis  # noqa: F401  heavy libraries once, before forking
    import pandas  # noqa: F401
    import pytest  # noqa: F401
    import scipy.stats  # noqa: F401

    known, good = equivalent(), True
    for part in words.parts:
        drawn = [m for m in sample([part], words.size, words.seed) if (m.path, m.before, m.after) not in known]
        paths, far = {m.path for m in drawn}, not words.near
        groups = {path: [[file] for file in nearest(path)] + [farther(path)] * far for path in paths}
        if not survives(Mutant("", 0, "", "", ""), list({str(g): g for path in paths for g in groups[path]}.values())):
            print(f"{part:<14}has tests that fail without any fault, or last too long: nothing is known")
            good = False
            continue
        with ThreadPoolExecutor(words.jobs) as crew:
            alive = list(crew.map(lambda mutant, groups=groups: survives(mutant, groups[mutant.path]), drawn))
        killed = len(drawn) - sum(alive)
        good &= killed >= GOAL * len(drawn)
        print(f"{part:<14}{killed} of {len(drawn)} killed ({100 * killed / max(1, len(drawn)):.0f} %)", flush=True)
        for mutant, lives in zip(drawn, alive, strict=True):
            if lives:
                print(f"  survived  {mutant.path}:{mutant.line}  {mutant.before}  ->  {mutant.after}", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
