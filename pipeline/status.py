"""`trial status`: of each study what is built, and what of it is stale and why; nothing is made for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from pipeline.engine.runner import Build
from pipeline.ground import source
from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.machine import versions
from pipeline.ground.words import some_of
from pipeline.publish.build import Request, delivered_at, opened, place
from pipeline.publish.manifest import ProductManifest, published
from pipeline.study.specs import Specs, find_root, studies

NOT_BUILT, STALE, CURRENT, DAMAGED = "not built", "stale", "up to date", "damaged"
SHOWN = 8


@dataclass(frozen=True)
class StudyStatus:
    """Where a study stands: its products, why they are stale, and the datasets and outputs that a build would make."""

    study: str
    state: str
    out: str
    products: str = ""
    why: tuple[str, ...] = ()
    anew: tuple[str, ...] | None = None

    def lines(self) -> Iterator[str]:
        """As printed."""
        yield f"{self.study:<12}{self.state:<12}{self.products or self.out}"
        yield from (f"  why    {reason}" for reason in self.why)
        if self.anew is not None:
            anew = some_of(self.anew, SHOWN)
            yield f"  anew   {anew or 'no dataset and no output; what tells of them is written again'}"
        if self.state != CURRENT:
            yield f"  next   trial build --study {self.study}"


def run(request: Request) -> int:
    """Tell of the study asked for, else of all: 0 where all products are up to date, 1 where not. Raises TrialError."""
    root = find_root(Path(request.root) if request.root else None)
    names = [request.study] if request.study else studies(root)
    if not names:
        raise TrialError("No study has a folder yet.", str(root / "specs"), "make one: trial new-study NAME")
    told = [standing(replace(request, study=name)) for name in names]
    tell_facts(studies=[asdict(one) for one in told])
    for one in told:
        click.echo("\n".join(one.lines()))
    return EXIT_FINDINGS if any(one.state != CURRENT for one in told) else 0


def standing(request: Request) -> StudyStatus:
    """Where one study stands. Raises TrialError where its specs cannot be read."""
    from pipeline.publish.standing import damaged

    specs, out = place(request)
    manifest = published(out)
    if not manifest:
        return StudyStatus(request.study, NOT_BUILT, str(out))
    lost, count = damaged(out, manifest), len(manifest["files"])
    of = f"extract {manifest['extract']['name']}, data cut {manifest['cutoff_named']}"
    told = f"run {manifest['run']}, {of}, {count} files"
    altered = [f"altered or missing in {out}: {some_of(lost, SHOWN)}"] if lost else []
    why = [*altered, *_why(request, specs, manifest)]
    state = DAMAGED if lost else STALE if why else CURRENT
    anew = _anew(request) if why else None
    return StudyStatus(request.study, state, str(out), told, tuple(why), anew)


def _why(request: Request, specs: Specs, manifest: ProductManifest) -> Iterator[str]:
    """What the products rest on that is not as it was when they were made."""
    from pipeline.engine.spec_hashes import spec_hashes

    yield from _delivered(request, specs, manifest)
    yield from _changed("specs", manifest.get("specs", {}), spec_hashes(specs))
    yield from _changed("program", manifest.get("code", {}), {p: source.package_hash(p) for p in source.PACKAGES})
    yield from _changed("versions", manifest.get("versions", {}), versions())
    if left := manifest.get("stale"):
        yield f"left as they were by a build of few targets: {some_of(left, SHOWN)}"
    if failed := manifest.get("failed"):
        yield f"failed: {some_of(sorted(failed), SHOWN)}"


def _delivered(request: Request, specs: Specs, manifest: ProductManifest) -> Iterator[str]:
    """Whether the extract that a build would take now is the one of the products."""
    from pipeline.intake.delivery import open_delivery

    if specs.study.pooled:
        return
    try:
        delivery = open_delivery(delivered_at(request, specs).resolve())
    except TrialError as error:
        yield f"{error.what} {error.where}"
        return
    was = manifest["extract"]
    if delivery.name != was["name"]:
        yield f"extract: the products are of {was['name']}, a build would take {delivery.name}"
    else:
        yield from _changed("extract", was["files"], delivery.hashes)


def _changed(what: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """The names whose hash or version is another one, or that only one of the two has."""
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if names:
        yield f"{what}: {some_of(names, SHOWN)}"


def _anew(request: Request) -> tuple[str, ...] | None:
    """The datasets and outputs that the cache does not have as they would be made now; None where nobody can say.

    By the data cut that a build would take, or where the delivery states none by that of the products.
    """
    build = _opened(request)
    if build is None:
        return None
    known = build.with_what_is_known()
    lacking = [name for name in build.graph if name not in known.entries]
    shown = {name: one.shell.output for name, one in build.specs.outputs.items()}
    return tuple(shown.get(name, name) for name in lacking if name in shown or name in build.specs.datasets)


def _opened(request: Request) -> Build | None:
    try:
        return opened(request)
    except TrialError:
        return None
