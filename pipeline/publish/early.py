"""A page of which the words alone were changed stands before anything else is looked at; then the build goes on.

What a build knew at its end is kept beside its products, with the signs (`unchanged.py`) of all that it read and made.
Where these are the same but for files that say one output each (`specs/STUDY/tlf/`), and such a file says another title
or other footnotes and nothing else, its page is made of the results that are known, and put in place. The manifest then
tells as stale what else says those words; the build that goes on mends it. In any doubt nothing is done here.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pickle
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pipeline.ground import source
from pipeline.ground.machine import STARTED, versions
from pipeline.publish.place import held
from pipeline.publish.swap import hidden
from pipeline.publish.unchanged import LOG, asked_where, hash_of_signs, signs

if TYPE_CHECKING:
    from pipeline.engine.runner import Build
    from pipeline.publish.findings_made import Looked
    from pipeline.study.specs import Output

SAID, KNOWN = "early.json", "early.pickle"
OTHERWISE = ("all", "review", "ars")  # products that say the words of every output
READERS = "pipeline.study."
PLAIN = {("pathlib", "PosixPath"), ("pathlib", "WindowsPath")}


class SignsOfFiles(NamedTuple):
    """The signs of all that is read beside the files of outputs, of these by name, and of what was made."""

    read: str
    outputs: dict[str, str]
    made: str


@dataclass
class Early:
    """What a build is asked, of which study of which project, and where its products lie; what it finds there."""

    asked: str
    root: Path
    study: str
    out: Path
    further: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        self.found = self.signs()

    @property
    def home(self) -> Path:
        """Where what was known lies."""
        return hidden(self.out, "cache")

    @property
    def outputs(self) -> Path:
        """The folder of the files that say one output each."""
        return self.root / "specs" / self.study / "tlf"

    def signs(self) -> SignsOfFiles:
        """The signs of now."""
        code = [source.CODE / package for package in source.PACKAGES]
        lines = signs([self.root / "specs", self.root / "data", *code, *self.further])
        read, outputs = hashlib.sha256(), {}
        for place, sign in lines:
            if place.parent == self.outputs:
                outputs[place.name] = sign
            elif place != self.outputs:
                read.update(f"{place}\0{sign}\n".encode("utf-8", "surrogateescape"))
        return SignsOfFiles(read.hexdigest(), outputs, hash_of_signs([self.out], (LOG,)))

    def keep(self, build: Build, looked: Looked) -> None:
        """Keep what a build knows at its end, unless what it read has changed since it began."""
        now = self.signs()
        if now[:2] != self.found[:2]:
            return
        known = replace(build, frames={}, made=[], seen={}, sheets={}, traces={}, laid_of={}, part=None)
        content = pickle.dumps((known, looked), protocol=5)
        told = {"asked": self.asked, "signs": now, "known": hashlib.sha256(content).hexdigest()}
        with contextlib.suppress(OSError):
            for name, one in ((KNOWN, content), (SAID, json.dumps(told).encode())):
                fresh = self.home / f"{name}.new"
                fresh.write_bytes(one)
                fresh.replace(self.home / name)

    def changed(self) -> tuple[list[str], str]:
        """The outputs whose own files have changed since, and the hash of what was known; none where more has."""
        try:
            told = json.loads((self.home / SAID).read_bytes())
            before, noted = SignsOfFiles(*told["signs"]), str(told["known"])
            same = (self.asked, self.found.read, self.found.made) == (told["asked"], before.read, before.made)
            if not same or {*self.found.outputs} != {*before.outputs}:
                return [], ""
            return [Path(file).stem for file, sign in self.found.outputs.items() if sign != before.outputs[file]], noted
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return [], ""

    def put(self, targets: Sequence[str], quiet: bool) -> None:
        """Put the pages in place of outputs (of these targets, where any is named) of which the words have changed."""
        names, noted = self.changed()
        asked = {word.strip().lower().replace("-", "_").replace(".", "_") for word in targets}
        names = [name for name in names if not asked or name in asked]
        if not names:
            return
        try:
            build, looked = _known(self.home / KNOWN, noted)
            build = replace(build, specs=replace(build.specs, outputs=build.specs.outputs | _said_anew(build, names)))
            made = _pages(build, names, looked)
        except Exception:  # whatever it is, the build that goes on says it, with its cure
            return
        with held(self.out, "trial build"):
            if hash_of_signs([self.out], (LOG,)) != self.found.made:
                return  # another run has put products in place meanwhile
            _in_place(self.out, build, looked, made)
        if not quiet:
            numbers = ", ".join(build.specs.outputs[name].shell.output for name in names)
            click.echo(f"  {numbers} new after {time.perf_counter() - STARTED:.1f} s; the build goes on.", err=True)


def early(**options: Any) -> Early | None:
    """What a build with these options is asked; None for one from SDTM made elsewhere, or one that may stop at
    findings, and where study or place is not there."""
    where = asked_where(**options)
    if where is None or options["sdtm"] or options["fail_on"]:
        return None
    root, study, out = where
    said = {name: value for name, value in os.environ.items() if name.startswith("TRIAL_")}
    further = (Path(options["extract"]).resolve(),) if options["extract"] else ()
    asked = [str(root), study, str(out), [str(path) for path in further], options["cutoff"], options["final"]]
    return Early(json.dumps([asked, said, versions()], sort_keys=True), root, study, out, further)


class _OfTheProject(pickle.Unpickler):
    """Reads values of the project's own kinds, paths, and the readers that specs are told by; runs nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        mine = module.partition(".")[0] in source.PACKAGES and name.isidentifier()  # a dot leads to what it imports
        found = super().find_class(module, name) if mine or (module, name) in PLAIN else None
        told = isinstance(found, type) or module.startswith(READERS)
        if (module, name) in PLAIN or (told and getattr(found, "__module__", "") == module):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of the project")


def _known(path: Path, noted: str) -> tuple[Build, Looked]:
    """What a build knew. Raises ValueError for a file that is not as it was written."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != noted:
        raise ValueError(f"{path} is not as it was written")
    known: tuple[Build, Looked] = _OfTheProject(io.BytesIO(content)).load()
    return known


def _said_anew(build: Build, names: list[str]) -> dict[str, Output]:
    """These outputs as their files say them now. Raises ValueError where more than words has changed."""
    from pipeline.engine.spec_hashes import text_of
    from pipeline.study import shapes
    from pipeline.study.catalogue import WrittenOutput
    from pipeline.study.named import resolved
    from pipeline.study.specs import Output
    from tlf.shells import read

    named, found = build.specs.named, dict[str, Output]()
    for name in names:
        before = build.specs.outputs[name]
        content = shapes.load(before.written.path, shapes.OUTPUT)
        written = WrittenOutput(content, before.written.path, before.written.files)
        shell = read(resolved(written.content, named, written.place))
        if written.name != name or text_of(shell.measured) != text_of(before.shell.measured):
            raise ValueError(f"{name} says more than other words")
        found[name] = Output(written, shell)
    return found


def _pages(build: Build, names: list[str], looked: Looked) -> dict[str, bytes]:
    """The files of the pages of these outputs, by path in OUT."""
    from pipeline.publish.pages import make_pages, pages_node
    from pipeline.publish.printed import KEPT_BACK

    found: dict[str, bytes] = {}
    for name in names:
        make_pages(build, name, looked.status)
        node = pages_node(name)
        entry = build.entries[node]
        files = [file for file in entry.files if not file.endswith(KEPT_BACK)]
        found |= {f"tlf/{file}": build.cache.read(node, entry, file) for file in files}
    return found


def _in_place(out: Path, build: Build, looked: Looked, made: Mapping[str, bytes]) -> None:
    """The pages in their places, and a manifest that tells what rests on the words that were."""
    from pipeline.engine.store import json_bytes, seal, sha256
    from pipeline.publish.manifest import MANIFEST, PageTold, published
    from pipeline.publish.pages import version_of
    from pipeline.publish.stale_products import thing
    from pipeline.publish.swap import put

    manifest = published(out)
    files = manifest["files"] | {name: sha256(content) for name, content in made.items()}
    names = {thing(name) for name in made}
    numbers = {name: build.specs.outputs[name].shell.output for name in names}
    pages = {name: PageTold(number=number, version=version_of(build, name, looked.status))
             for name, number in numbers.items()}  # fmt: skip
    stale = {*manifest["stale"], *({thing(name) for name in files} & {*OTHERWISE})} - names
    told = manifest | {"files": files, "pages": manifest["pages"] | pages, "stale": sorted(stale), "build": ""}
    put({**made, MANIFEST: json_bytes(told | {"seal": seal(told)})}, out)
