"""`trial submission`: the products of a build as a package in OUT/submission, made whole or not at all, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import spec_hashes
from pipeline.ground import source
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.publish.build import Request, as_built, place
from pipeline.publish.export.whole import write_whole
from pipeline.publish.manifest import ProductManifest
from pipeline.publish.place import SUBMISSION, held, in_words, not_a_source
from pipeline.publish.standing import earlier_manifest
from pipeline.publish.submission.bundle import bundle_of
from pipeline.publish.submission.contents import package_files, package_of, values_told
from pipeline.publish.submission.selfcheck.look import Defect, defects


def run(request: Request, encoding: str = "ascii") -> tuple[int, list[str]]:
    """Make the package and check it; the exit code and what is told. Raises TrialError."""
    specs, out = place(request)
    if specs.study.pooled:
        what = "A pool of studies has no SDTM of its own: each of its studies is submitted."
        raise TrialError(what, specs.name, f"trial submission --study {next(iter(specs.study.pooled))}, and so on")
    with in_words(out):
        not_a_source(out, specs.root, None)
        with held(out, "trial submission"):
            build, folder = as_built(request, specs, out), out / SUBMISSION
            manifest = products_of(build, out)
            package = package_of(build, out, manifest, encoding)
            count = write_whole(folder, package_files(package))
        found = list(defects(folder))
        told = [f"{count} files in {folder}", *values_told(package.held.listing), *report(found)]
        return EXIT_FINDINGS if found else 0, [*told, *asked(package.texts.missing)]


def products_of(build: Build, out: Path) -> ProductManifest:
    """The manifest of the products that a package is made of.

    Raises TrialError for a study that is not built, not whole, or built from another extract, spec or program.
    """
    manifest, altered = earlier_manifest(out)
    first = f"build it first: trial build --study {build.specs.name}"
    if not manifest or not (out / "results" / "results.csv").is_file():
        lacks = "has no results" if manifest else "is not built"
        raise TrialError(f"Study {build.specs.study.study} {lacks}: there is nothing to submit.", str(out), first)
    if altered:
        raise TrialError(f"{altered[0]} is missing or was altered since it was published.", str(out), first)
    lost = [*manifest.get("failed", {}), *manifest.get("stale", [])]
    if lost:
        what = f"{len(lost)} products failed or are stale ({lost[0]}); a package holds a whole build."
        raise TrialError(what, str(out), f"build everything: trial build --study {build.specs.name}")
    other = [word for word, here, there in _rests_on(build, manifest) if here != there]
    if other:
        what = f"The products are of an earlier run: {', '.join(other)} changed since."
        raise TrialError(what, str(out), "build it anew: trial build (or say the same --extract and --cutoff)")
    return manifest


def _rests_on(build: Build, manifest: ProductManifest) -> Iterator[tuple[str, object, object]]:
    """What the build at hand rests on, beside what the products do."""
    extract = manifest.get("extract")
    yield "the extract", build.delivery.hashes, extract["files"] if extract else {}
    yield "the data cut", build.cutoff, manifest.get("cutoff")
    yield "the specs", spec_hashes(build.specs), manifest.get("specs")
    yield "the program", {name: source.package_hash(name) for name in source.PACKAGES}, manifest.get("code")


def check(folder: Path) -> tuple[int, list[str]]:
    """Hold a package against itself, wherever it lies; the exit code and what is told. Raises TrialError."""
    if not folder.is_dir():
        raise TrialError("There is no such folder.", str(folder), "name the folder of a package (OUT/submission)")
    found = list(defects(folder))
    told = bundle_of(folder)
    return EXIT_FINDINGS if found else 0, [*report(found), *asked(told.get("asked", []))]


def report(found: list[Defect]) -> list[str]:
    """The defects in words, one a line; that there is none."""
    if not found:
        return ["The package is whole: files, hashes, names, links, defines, datasets, guides and programs agree."]
    return [f"{one.file}: {one.what}  cure: {one.cure}" for one in found] + [f"{len(found)} defects"]


def asked(missing: tuple[str, ...] | list[str]) -> list[str]:
    """The texts that people must still write."""
    return [f"To be written: {file}" for file in missing]
