"""What a change moved: the products of the example studies as an earlier commit makes them, and as this tree does.

    .venv/bin/python tests/support/compare.py COMMIT [STUDY ...]

Both are built from the same extracts, each with its own code and specs. Told are, by product: columns that came or
went, records that came or went by key, values that changed by column, lines of pages, findings. The exit code is 1
when anything moved. What a reworking of the house must not move is thereby seen, and what a mend moves can be read.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.study.specs import load_specs, studies

ROOT = Path(__file__).resolve().parents[2]
RUN = re.compile(r"Run: \w+")
RESULT = ["OUTPUT", "ROWID", "GROUP", "STATISTIC"]
SHOWN = 10


def build(root: Path, study: str, out: Path) -> None:
    """Build one study with the code and specs of `root`, and the extracts of this tree."""
    extract = sorted(path for path in (ROOT / "data" / study).iterdir() if path.name[:1].isdigit())
    named = ["--extract", str(extract[-1])] if extract else []
    words = ["build", "--quiet", "--root", str(root), "--study", study, "--out", str(out), *named]
    code = "import sys; sys.argv[0] = 'trial'; from pipeline.cli import main; main()"
    made = subprocess.run([sys.executable, "-c", code, *words], cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    if made.returncode:
        sys.exit(f"{study} could not be built in {root}")


def keyed(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The table with its key as index; records that share a key are numbered."""
    place = pd.Series(["/".join(map(str, row)) for row in table[keys].to_numpy()], index=table.index, dtype="str")
    return table.set_axis(pd.Index(place + " #" + place.groupby(place).cumcount().astype("str")))


def frames(before: pd.DataFrame, after: pd.DataFrame, keys: list[str]) -> Iterator[str]:
    """What differs between two tables, a line each: columns, records by key, values by column."""
    yield from (f"column {name} came" for name in after if name not in before)
    yield from (f"column {name} went" for name in before if name not in after)
    common = [name for name in after if name in before]
    old, new = (keyed(table, [k for k in keys if k in common] or common) for table in (before, after))
    for word, gone in (("came", new.index.difference(old.index)), ("went", old.index.difference(new.index))):
        yield from (f"record {key} {word}" for key in gone[:SHOWN])
        if len(gone) > SHOWN:
            yield f"... and {len(gone) - SHOWN} more records {word}"
    both = new.index.intersection(old.index)
    for name in common:
        was, now = old.loc[both, name], new.loc[both, name]
        moved = ~(was.astype("str").eq(now.astype("str")) | was.isna() & now.isna())
        if moved.any():
            key = moved.index[moved.to_numpy()][0]
            yield f"{name}: {int(moved.sum())} values moved, first {key}: {was[key]!r} -> {now[key]!r}"


def products(before: Path, after: Path, study: str) -> Iterator[str]:
    """What differs between two folders of products of one study, a line each."""
    datasets = {name: list(spec.keys) for name, spec in load_specs(ROOT, study).datasets.items()}
    names = {str(path.relative_to(out)) for out in (before, after) for path in out.rglob("*") if path.is_file()}
    for name in sorted(n for n in names if n.endswith((".parquet", ".txt")) or n == "findings.csv"):
        old, new = before / name, after / name
        if not old.exists() or not new.exists():
            yield f"{name}: {'came' if new.exists() else 'went'}"
        elif name.endswith(".txt"):
            texts = [RUN.sub("", path.read_text(encoding="utf-8")).splitlines() for path in (old, new)]
            told = list(difflib.unified_diff(*texts, lineterm="", n=0))[2:]
            yield from (f"{name}: {line}" for line in told if line[:1] in "+-")
        else:
            read = pd.read_csv if name.endswith(".csv") else pd.read_parquet
            keys = RESULT if "results" in name else datasets.get(new.stem, [])
            yield from (f"{name}: {line}" for line in frames(read(old), read(new), keys))


def main() -> int:
    """Compare; print what moved."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("commit")
    asked.add_argument("studies", nargs="*", default=studies(ROOT))
    given = asked.parse_args()
    moved = 0
    with tempfile.TemporaryDirectory() as folder:
        earlier = Path(folder) / "earlier"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(earlier), given.commit], check=True)
        try:
            for study in given.studies:
                outs = [Path(folder) / side / study for side in ("before", "after")]
                for root, out in zip((earlier, ROOT), outs, strict=True):
                    build(root, study, out)
                told = list(products(*outs, study))
                moved += len(told)
                print(f"{study}: {len(told)} differences", *told, sep="\n  ")
        finally:
            subprocess.run([*git, "remove", "--force", str(earlier)], check=True)
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
