"""`trial submission --rerun FOLDER`: build again from the SDTM and the specs of a package, and compare everything."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.against.columns import TOLERANCE
from pipeline.against.comparison import ADDRESS, OF_RESULTS, compare_sides, register_of
from pipeline.against.elsewhere import read_version
from pipeline.against.report import lines
from pipeline.against.sides import side
from pipeline.against.tables import compare
from pipeline.ground import source
from pipeline.ground.faults import EXIT_FINDINGS
from pipeline.publish.build import Request
from pipeline.publish.build import run as build
from pipeline.publish.submission.command import check
from pipeline.publish.submission.layout import RESULTS, SPECS_PACK
from pipeline.publish.submission.packs import unpacked
from pipeline.publish.submission.selfcheck.laid import Laid
from pipeline.study.specs import Specs, load_specs, studies

PARTED = ".json"  # of the two files of each dataset the one that holds all values as they are


def run(folder: Path, request: Request) -> tuple[int, list[str]]:
    """Build the package's study from its SDTM, compare ADaM and results; the exit code and what is told.

    What is built lies in OUT where one is named, else it is thrown away. Raises TrialError.
    """
    code, told = check(folder)
    if code:
        return code, [*told, "Not run again: the package is not whole."]
    laid = Laid(folder)
    with tempfile.TemporaryDirectory() as place:
        home, out = Path(place), Path(request.out or Path(place) / "out")
        root = unpack(laid, home / "project")
        sdtm = parted(laid, laid.layout.sdtm, home / "sdtm")
        name = studies(root)[0]
        made = build(Request(name, out=str(out), root=str(root), sdtm=str(sdtm), quiet=True,
                             cutoff=laid.run.get("cutoff", "")))  # fmt: skip
        found, differing = _compared(laid, out, load_specs(root, name, "sdtm"), home / "adam")
    return EXIT_FINDINGS if made or differing else 0, [*_code(laid), *found]


def unpack(laid: Laid, root: Path) -> Path:
    """Lay the specs of a package out as a project."""
    text = laid.content(f"{laid.layout.programs}/{SPECS_PACK}").decode("utf-8")
    for path, content in unpacked(text):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode("utf-8"))
    return root


def parted(laid: Laid, folder: str, target: Path) -> Path:
    """The datasets of a folder apart from all else that lies there."""
    target.mkdir(parents=True)
    for name in laid.below(folder, PARTED):
        shutil.copyfile(laid.folder / folder / name, target / name)
    return target


def _code(laid: Laid) -> Iterator[str]:
    """Where the program at hand is another than that of the package."""
    here = {name: source.package_hash(name) for name in source.PACKAGES}
    other = [name for name, told in laid.run.get("code", {}).items() if here.get(name) != told]
    if other:
        yield f"The program here is another version than that of the package: {', '.join(other)}."


def _compared(laid: Laid, out: Path, specs: Specs, adam: Path) -> tuple[list[str], int]:
    """What differs between the package and what was built again, in words, and how much of it nobody accepts."""
    register = register_of(specs, laid.run.get("cutoff", ""))
    sides = side(parted(laid, laid.layout.adam, adam)), side(out / "adam")
    compared = compare_sides(*sides, specs, register)
    was, now = read_version(laid.folder / laid.layout.misc / RESULTS), read_version(out / "results" / RESULTS)
    of_results = compare(OF_RESULTS, was, now, ADDRESS, TOLERANCE, register.judge(OF_RESULTS), "OUTPUT")
    counts = of_results.counts
    differing = int(counts["DIFFERENCES"].sum() - counts["ACCEPTED"].sum()) if len(counts) else 0
    told = [*lines(compared), f"Results: {max(of_results.records):,} compared, {differing:,} differ"]
    shown = of_results.found.head(5).to_dict("records") if differing else []
    return [*told, *(f"  {row}" for row in shown)], compared.open + differing
