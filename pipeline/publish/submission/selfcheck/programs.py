"""What the run says of itself: products are those of the build, packed programs and specs those it was made by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from pipeline.engine.store import is_sealed, sha256
from pipeline.ground.source import PACKAGES
from pipeline.publish.submission.layout import PROGRAM_PACK, RESULTS, RUN, SPECS_PACK
from pipeline.publish.submission.packs import unpacked
from pipeline.publish.submission.selfcheck.laid import Defect, Laid

HEADER = re.compile(r"^# Program +(\S+)$.*?^# Study +(.+?)$", re.M | re.S)
PUBLISHED = "data/published/"


def look(laid: Laid) -> Iterator[Defect]:
    """What is wrong with programs, and with what is of the run."""
    yield from _run(laid)
    yield from _products(laid)
    yield from _headers(laid)
    yield from _packs(laid)


def _run(laid: Laid) -> Iterator[Defect]:
    path = f"{laid.layout.misc}/{RUN}"
    if not laid.run or not is_sealed(laid.run):
        yield Defect(path, "is not as the build wrote it (its seal does not hold).")
    for word in ("study", "run", "build", "cutoff"):
        run, package = str(laid.run.get(word, "")), str(laid.told.get(word, ""))
        if run != package:
            yield Defect(path, f"says {word} {run}, the package {package}.")


def _products(laid: Laid) -> Iterator[Defect]:
    """Outputs and tables are byte by byte the products of the run; every output of the run is there."""
    at, made = laid.layout, laid.run.get("files", {})
    pages = {name: f"{at.outputs}/{name.partition('/')[2]}" for name in made if re.fullmatch(r"tlf/[^/]+\.pdf", name)}
    tables = {name: f"{at.misc}/{name}" for name in made if re.fullmatch(r"[^/]+\.csv", name)}
    for product, path in {**pages, **tables, "results/results.csv": f"{at.misc}/{RESULTS}"}.items():
        content = laid.content(path)
        if not content:
            yield Defect(path, "is a product of the run and is not there.")
        elif sha256(content) != made.get(product):
            yield Defect(path, "is not the one that the run made.")
    for name in laid.below(at.outputs, ".pdf"):
        if f"tlf/{name}" not in made:
            yield Defect(f"{at.outputs}/{name}", "is no product of the run.")


def _headers(laid: Laid) -> Iterator[Defect]:
    """Each analysis dataset and each output has its program, and each program says what it is."""
    at = laid.layout
    outputs = {name.removesuffix(".pdf") for name in laid.below(at.outputs, ".pdf")} - {"all", "contents"}
    made = outputs | {name.removesuffix(".xpt") for name in laid.below(at.adam, ".xpt")}
    there = {name.removesuffix(".txt") for name in laid.below(at.programs, ".txt")}
    packs = {name.removesuffix(".txt") for name in (PROGRAM_PACK, SPECS_PACK)}
    for name in sorted(made - there):
        yield Defect(f"{at.programs}/{name}.txt", "is the program of something in the package, and is not there.")
    for name in sorted(there - made - packs):
        yield Defect(f"{at.programs}/{name}.txt", "is the program of nothing in the package.")
    for name in sorted(there & made):
        found = HEADER.search(laid.content(f"{at.programs}/{name}.txt").decode("utf-8", errors="replace"))
        if not found or found[1] != f"{name}.txt" or found[2] != laid.told.get("study"):
            yield Defect(f"{at.programs}/{name}.txt", "has no header that says it is this program of this study.")


def _packs(laid: Laid) -> Iterator[Defect]:
    code, specs = (_unpacked(laid, name) for name in (PROGRAM_PACK, SPECS_PACK))
    due_code, due_specs = laid.run.get("code", {}), laid.run.get("specs", {})
    for name, files, due in ((PROGRAM_PACK, code, due_code), (SPECS_PACK, specs, due_specs)):
        path = f"{laid.layout.programs}/{name}"
        if files is None:
            yield Defect(path, "cannot be unpacked.")
            continue
        held = hashes(files) if name == SPECS_PACK else {package: package_hash(files, package) for package in PACKAGES}
        for lost in sorted(key for key in {*held, *due} if held.get(key) != due.get(key)):
            yield Defect(path, f"{lost} is not the one that the run was made by.")


def _unpacked(laid: Laid, name: str) -> dict[str, str] | None:
    try:
        return dict(unpacked(laid.content(f"{laid.layout.programs}/{name}").decode("utf-8")))
    except ValueError:
        return None


def hashes(files: Mapping[str, str]) -> dict[str, str]:
    """The hashes of packed specs, as a run notes them."""
    return {path: sha256(text.encode("utf-8")) for path, text in files.items() if not path.startswith(PUBLISHED)}


def package_hash(files: Mapping[str, str], package: str) -> str:
    """The hash of a packed package of the program, as a run notes it (`pipeline.ground.source.package_hash`)."""
    digest = hashlib.sha256()
    modules = [path for path in files if path.startswith(f"{package}/") and path.endswith(".py")]
    for path in sorted(modules, key=lambda path: path.split("/")):
        digest.update(path.encode() + b"\0" + files[path].encode("utf-8") + b"\0")
    return digest.hexdigest()
