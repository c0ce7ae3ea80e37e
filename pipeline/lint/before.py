"""Lint before anything is made: errors of the specs stop a command, warnings are one line.

What lint said is kept beside the products under the digest of all specs and of the project's code, so that an
unchanged study is not looked at twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.lint.places import ERROR, WARNING, Problem

FILE, SHOWN = "lint.json", 20


def check_specs(root: Path, study: str, cache: Path) -> str:
    """What is to be told: the number of warnings, and a memory of lint that was altered ('' for nothing of both).

    Raises TrialError when the specs have errors: all are named.
    """
    problems, doubt = _problems(root, study, cache / FILE)
    errors = [p for p in problems if p.kind == ERROR]
    if len(errors) == 1:
        (one,) = errors
        raise TrialError(f"{one.what[:1].upper()}{one.what[1:]}.", _place(one, root), one.cure)
    if errors:
        lines = [f"{_place(p, root)}: {p.what}{'; ' + p.cure if p.cure else ''}" for p in errors[:SHOWN]]
        more = [f"and {len(errors) - SHOWN} more"] if len(errors) > SHOWN else []
        what = f"The specs of {study} have {len(errors)} errors; nothing was made."
        raise TrialError(what, "\n         ".join([*lines, *more]), f"mend them; trial lint-specs {study} shows them")
    warnings = sum(p.kind == WARNING for p in problems)
    warned = f"  Specs: {warnings} warnings (trial lint-specs {study} shows them)" if warnings else ""
    return "\n".join(filter(None, [doubt, warned]))


def _place(problem: Problem, root: Path) -> str:
    return f"{root / problem.file}, line {problem.line}, column {problem.column}"


def _problems(root: Path, study: str, kept: Path) -> tuple[list[Problem], str]:
    """What lint says of these specs, as kept when neither specs nor code have changed since; and what is to be told."""
    key = _digest(root, study)
    known, whole = _read(kept, key)
    if known is None:
        from pipeline.lint.report import lint

        known = lint(root, study)[0]
        _keep(kept, key, known)
    return known, "" if whole else f"  {FILE} in the cache was not as it was written; the specs were looked at anew."


def _digest(root: Path, study: str) -> str:
    """SHA-256 over every spec file by path, and the code: a changed word or rule is looked at anew."""
    digest = hashlib.sha256()
    for folder in (root / "specs" / "standard", root / "specs" / study, root / "data" / "published"):
        for path in sorted(folder.rglob("*")):
            content = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"no file"
            digest.update(str(path.relative_to(root)).encode("utf-8", "surrogateescape") + b"\0" + content)
    digest.update("".join(source.package_hash(package) for package in source.PACKAGES).encode())
    return digest.hexdigest()


def _seal(key: str, problems: list[dict[str, object]]) -> str:
    return hashlib.sha256(json.dumps([key, problems], sort_keys=True).encode()).hexdigest()


def _read(path: Path, key: str) -> tuple[list[Problem] | None, bool]:
    """What was kept under this digest, None when there is nothing of it; and False for a file that was altered."""
    if not path.exists():
        return None, True
    try:
        kept = json.loads(path.read_bytes())
        if kept["seal"] != _seal(kept["key"], kept["problems"]):
            return None, False
        return [Problem(**problem) for problem in kept["problems"]] if kept["key"] == key else None, True
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None, False


def _keep(path: Path, key: str, problems: list[Problem]) -> None:
    """Written whole or not at all; a place that cannot be written only costs the next run its time."""
    told = [asdict(problem) for problem in problems]
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"key": key, "problems": told, "seal": _seal(key, told)}), encoding="utf-8")
        fresh.replace(path)
