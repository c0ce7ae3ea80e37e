"""The example study with few outputs, for tests that build it again and again."""

import shutil
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
STUDY, KEPT = "iomab_act", ("shell: toxicity",)


class Lean(NamedTuple):
    """A project folder with the example study alone, and its products."""

    root: Path
    out: Path

    @property
    def known(self) -> Path:
        """The cache of all that the study was made of: a build of the example may begin with a copy of it."""
        return self.out.with_name("known")


def lean_project(root: Path) -> None:
    """Lay out the project: the specs of the example with the kept entries of its catalogue, and its data by a link."""
    shutil.rmtree(root, ignore_errors=True)
    for name in ("standard", STUDY):
        shutil.copytree(ROOT / "specs" / name, root / "specs" / name)
    (root / "data").mkdir()
    for name in (STUDY, "published"):
        (root / "data" / name).symlink_to(ROOT / "data" / name)
    catalogue = root / "specs" / STUDY / "catalogue.yaml"
    entries = catalogue.read_text(encoding="utf-8").split("\n- ")
    kept = [entry for entry in entries[1:] if any(word in entry for word in KEPT)]
    catalogue.write_text("\n- ".join(["", *kept]).strip() + "\n", encoding="utf-8")
