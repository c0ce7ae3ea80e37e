"""Lint before anything is made: errors of the specs stop a command, warnings are one line.

What lint said is kept beside the products under the digest of all specs and of the project's code, so that an
unchanged study is not looked at twice; what it said of all that is no output also under the digest of those files
alone, so that a changed title is looked at in half the time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.lint.kept import Kept, says_outputs_alone
from pipeline.lint.places import ERROR, WARNING, Problem
from pipeline.study.specs import Specs

FILE, SHOWN = "lint.json", 20
DOUBT = "in the cache was not as it was written"
Problems: TypeAlias = "list[Problem] | None"


def check_specs(root: Path, study: str, cache: Path, specs: Specs | None = None) -> str:
    """What is to be told: the number of warnings, and a memory of lint that was altered ('' for nothing of both).

    `specs` are those of the study, where they are loaded already. Raises TrialError when the specs have errors: all are
    named.
    """
    problems, doubt = _problems(root, study, cache / FILE, specs)
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


def _problems(root: Path, study: str, kept: Path, specs: Specs | None) -> tuple[list[Problem], str]:
    """What lint says of these specs, as kept when neither specs nor code have changed since; and what is to be told."""
    keys = _digests(root, study)
    (known, beside), whole = _read(kept, keys)
    if known is None:
        from pipeline.lint.report import lint

        said = Kept(beside)
        known = lint(root, study, said, specs)[0]
        _keep(kept, keys, (known, said.now))
    return known, "" if whole else f"  {FILE} {DOUBT}; the specs were looked at anew."


def _digests(root: Path, study: str) -> tuple[str, str]:
    """SHA-256 over every spec file by path, and the code: a changed word or rule is looked at anew.

    First of all files, then of those that say no outputs.
    """
    whole, beside = hashlib.sha256(), hashlib.sha256()
    for folder in (root / "specs" / "standard", root / "specs" / study, root / "data" / "published"):
        for path in sorted(folder.rglob("*")):
            content = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"no file"
            told = str(path.relative_to(root)).encode("utf-8", "surrogateescape") + b"\0" + content
            whole.update(told)
            if not says_outputs_alone(path):
                beside.update(told)
    code = "".join(source.package_hash(package) for package in source.PACKAGES).encode()
    whole.update(code)
    beside.update(code)
    return whole.hexdigest(), beside.hexdigest()


def _seal(keys: Sequence[str], told: object) -> str:
    return hashlib.sha256(json.dumps([list(keys), told], sort_keys=True).encode()).hexdigest()


def _read(path: Path, keys: tuple[str, str]) -> tuple[tuple[Problems, Problems], bool]:
    """What was kept under each of these digests, None when there is nothing of it; and False for an altered file."""
    if not path.exists():
        return (None, None), True
    try:
        kept = json.loads(path.read_bytes())
        if kept["seal"] != _seal(kept["keys"], kept["problems"]):
            return (None, None), False
        known, beside = ([Problem(**one) for one in told] if key == now and told is not None else None
                         for key, told, now in zip(kept["keys"], kept["problems"], keys, strict=True))  # fmt: skip
        return (known, beside), True
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return (None, None), False


def _keep(path: Path, keys: tuple[str, str], problems: tuple[Problems, Problems]) -> None:
    """Written whole or not at all; a place that cannot be written only costs the next run its time."""
    told = [None if one is None else [asdict(problem) for problem in one] for one in problems]
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"keys": keys, "problems": told, "seal": _seal(keys, told)}), encoding="utf-8")
        fresh.replace(path)
