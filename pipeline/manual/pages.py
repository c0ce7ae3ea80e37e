"""The pages of the manual: written by people, with parts that are made from the same tables that the linter reads.

A part stands between `<!-- made: words study -->` and `<!-- end -->`; what stands there is replaced, all else stays.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.manual.blocks import BLOCKS
from pipeline.manual.kinds import KINDS
from pipeline.manual.schema import schema_text

HOME = Path("docs") / "specs"
PART = re.compile(r"<!-- made: (?P<what>[^>]+?) -->\n.*?<!-- end -->", re.S)


def manual(root: Path) -> dict[Path, str]:
    """Every page and schema of the manual as it would be made, by its path from the root."""
    pages = {path.relative_to(root): page(root, path) for path in sorted((root / HOME).glob("*.md"))}
    return pages | schemas()


def schemas() -> dict[Path, str]:
    """The JSON schema of every kind of YAML file, by its path from the root."""
    return {HOME / "schema" / f"{kind.name}.json": schema_text(kind) for kind in KINDS}


def page(root: Path, path: Path) -> str:
    """A page with its parts made anew. Raises TrialError for a part that nobody makes."""
    return PART.sub(lambda found: _part(root, path, found["what"]), path.read_text(encoding="utf-8"))


def _part(root: Path, path: Path, what: str) -> str:
    name = next((name for name in BLOCKS if what == name or what.startswith(f"{name} ")), "")
    if not name:
        raise TrialError(f"Nobody makes '{what}'.", str(path), did_you_mean(what.split()[0], BLOCKS))
    return f"<!-- made: {what} -->\n\n{BLOCKS[name](root, what.removeprefix(name).strip())}\n\n<!-- end -->"


def write(root: Path) -> list[Path]:
    """Write what has changed; the paths."""
    changed = [(root / path, text) for path, text in manual(root).items()]
    written = [(path, text) for path, text in changed if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in written:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in written]
