"""What the code says of itself, without importing it: signatures of recipes and the source each one rests on."""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

PACKAGES = ("sdtm", "adam", "tlf", "pipeline")
IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(?P<base>[\w.]+)[ \t]+)?import[ \t]+(?P<names>\([^)]*\)|[^\n]*)", re.M)
TRACED = re.compile(r'^ *File "(.+)", line (\d+)', re.M)
HEAD = re.compile(r"^def \w+\(.*?\)(?: -> [^\n]*)?:(?=\s*(?:#[^\n]*)?\n)", re.M | re.S)
CODE = Path(__file__).resolve().parents[2]
PACKED = CODE / "pipeline" / "given"  # in an installed program: what stands beside the code in the repository
GIVEN = PACKED if PACKED.is_dir() else CODE  # specs/standard, the example study with its extracts, constraints.txt


@cache
def _bytes(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _signatures(path: Path) -> dict[str, ast.arguments]:
    """The parameters of each function of a module; the heads alone are parsed, for bodies are most of the work."""
    heads = "".join(f"{head} ...\n" for head in HEAD.findall(_bytes(path).decode("utf-8")))
    return {node.name: node.args for node in ast.parse(heads, str(path)).body if isinstance(node, ast.FunctionDef)}


def place_of(trace: str, below: str = "") -> str:
    """Where in this program a fault arose, by file and line (tlf/rows/nested.py line 84); '' where it is elsewhere.

    `below` is the file that waited for it: what a traceback tells of a worker comes before its own lines.
    """
    told = [(Path(path), line) for path, line in TRACED.findall(trace)]
    inside = [(path.relative_to(CODE), line) for path, line in told if path.is_relative_to(CODE) and str(path) != below]
    own = [f"{path.as_posix()} line {line}" for path, line in inside if path.parts[0] in PACKAGES]
    return own[-1] if own else ""


@cache
def module_path(module: str) -> Path | None:
    """The file of a project module, or None when there is none."""
    base = CODE.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.exists():
            return path
    return None


@cache
def modules(package: str) -> tuple[str, ...]:
    """The modules of a package and of the packages within it, sorted."""
    paths = (CODE / package).rglob("*.py")
    return tuple(sorted(".".join(p.relative_to(CODE).with_suffix("").parts).removesuffix(".__init__") for p in paths))


@cache
def functions(module: str) -> dict[str, tuple[str, ...]]:
    """The public functions of a project module with their parameter names."""
    path = module_path(module)
    if path is None:
        return {}
    return {
        name: tuple(a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs))
        for name, args in _signatures(path).items()
        if not name.startswith("_")
    }


@cache
def takes(module: str, function: str, named: str) -> bool:
    """True where a function of a project module takes any more datasets under this name: `**named`."""
    path = module_path(module)
    args = _signatures(path).get(function) if path else None
    return args is not None and args.kwarg is not None and args.kwarg.arg == named


@cache
def imports(module: str) -> frozenset[str]:
    """The project modules that a module imports itself (also inside functions), read from its import lines."""
    path = module_path(module)
    if path is None:
        return frozenset()
    found: set[str] = set()
    for line in IMPORT.finditer(_bytes(path).decode("utf-8")):
        names = re.findall(r"[\w.]+", re.sub(r"#.*|\bas\s+\w+", "", line["names"]))
        found |= {f"{line['base']}.{name}" for name in names} | {line["base"]} if line["base"] else set(names)
    return frozenset(m for m in found if m.split(".")[0] in PACKAGES and module_path(m) is not None)


@cache
def closure(module: str) -> tuple[str, ...]:
    """The module and all project modules it rests on, sorted."""
    todo, seen = [module], set()
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo.extend(imports(current))
    return tuple(sorted(seen))


@cache
def code_hash(module: str) -> str:
    """SHA-256 over the source of the module's closure: a changed verb changes every recipe that uses it."""
    digest = hashlib.sha256()
    for name in closure(module):
        path = module_path(name)
        if path is not None:
            digest.update(name.encode() + b"\0" + _bytes(path) + b"\0")
    return digest.hexdigest()


@cache
def package_hash(package: str) -> str:
    """SHA-256 over all source files of a package, by path."""
    digest = hashlib.sha256()
    for path in sorted((CODE / package).rglob("*.py")):
        digest.update(str(path.relative_to(CODE)).encode() + b"\0" + _bytes(path) + b"\0")
    return digest.hexdigest()
