"""What a change moved: the products of the example studies as an earlier commit makes them, and as this tree does.

    .venv/bin/python tests/support/compare.py COMMIT [STUDY ...]

Both are built from the same extracts, each with its own code and specs, and compared as `trial compare` does; accepted
differences count too. The exit code is 1 when anything moved. What a reworking of the house must not move is thereby
seen, and what a mend moves can be read.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.against.accepted import Register
from pipeline.against.comparison import compare_sides
from pipeline.against.report import lines
from pipeline.against.sides import side
from pipeline.study.specs import load_specs, studies

ROOT = Path(__file__).resolve().parents[2]


def build(root: Path, study: str, out: Path) -> None:
    """Build one study with the code and specs of `root`, and the extracts of this tree."""
    extract = sorted(path for path in (ROOT / "data" / study).iterdir() if path.name[:1].isdigit())
    named = ["--extract", str(extract[-1])] if extract else []
    words = ["build", "--quiet", "--root", str(root), "--study", study, "--out", str(out), *named]
    code = "import sys; sys.argv[0] = 'trial'; from pipeline.cli import main; main()"
    made = subprocess.run([sys.executable, "-c", code, *words], cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    if made.returncode:
        sys.exit(f"{study} could not be built in {root}")


def products(before: Path, after: Path, study: str) -> tuple[int, list[str]]:
    """How much differs between two folders of products of one study, and what: as `trial compare` tells it."""
    compared = compare_sides(side(before), side(after), load_specs(ROOT, study), Register())
    return compared.open, list(lines(compared))


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
                count, told = products(*outs, study)
                moved += count
                print(f"{study}: {count} differences", *told, sep="\n  ")
        finally:
            subprocess.run([*git, "remove", "--force", str(earlier)], check=True)
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
