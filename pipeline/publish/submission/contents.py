"""The files of a package, piece by piece: datasets, defines, programs, outputs, what the run says of itself, guides."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from pipeline.engine.runner import Build
from pipeline.engine.store import bytes_of
from pipeline.ground.faults import TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.publish.document import place as in_document
from pipeline.publish.export.annotated.pages import annotated_forms, table
from pipeline.publish.export.command import PROGRAM, wanted_of
from pipeline.publish.export.define.command import DIFFERENCES, LyingAround, define_files
from pipeline.publish.export.define.facts import Paper
from pipeline.publish.export.files import LISTING, TO_TRANSLATE, Files, Wanted, carried, json_files, transport_files
from pipeline.publish.export.transport import Transportable
from pipeline.publish.guides import adrg, csdrg
from pipeline.publish.guides.keywords import keywords
from pipeline.publish.guides.model import Guide, Section, pdf
from pipeline.publish.guides.told import SECOND, GuideFacts, Program, accepted_of, audits_of
from pipeline.publish.guides.written import WrittenTexts, written_texts
from pipeline.publish.manifest import MANIFEST, ProductManifest
from pipeline.publish.submission.bundle import FileNamed, Maker, bundle_bytes, named
from pipeline.publish.submission.layout import (
    BUNDLE,
    HELD_OTHERWISE,
    PROGRAM_PACK,
    RESULTS,
    RUN,
    SPECS_PACK,
    VERIFIED,
    Layout,
)
from pipeline.publish.submission.programs import program_pack, program_text, programs_of, specs_pack
from pipeline.study.specs import Specs
from pipeline.verify.command import verify
from pipeline.verify.report import summary

VERIFIED_COLUMNS = ("CHAPTER", "ENDPOINT", "ADAM", "COMPARED", "AGREED", "DIFFERED", "ACCEPTED", "SAID")
AUDITS = ("conformance.csv", "data_cut.csv", "coverage.csv", "findings.csv")


@dataclass(frozen=True)
class Package:
    """What a package is made of: a build with its products in `out`, and its datasets as files hold them."""

    build: Build
    out: Path
    run: ProductManifest
    wanted: Wanted
    held: Transportable
    texts: WrittenTexts
    programs: tuple[Program, ...]
    second: pd.DataFrame

    @property
    def layout(self) -> Layout:
        """Where its files lie."""
        return Layout(self.build.specs.study.study)

    @property
    def outputs(self) -> list[str]:
        """The outputs that lie in `out` as PDF, by name."""
        return [name for name in self.build.specs.outputs if (self.out / "tlf" / f"{name}.pdf").is_file()]


def package_of(build: Build, out: Path, run: ProductManifest, encoding: str) -> Package:
    """What the package of a build is made of. Raises TrialError where a dataset cannot be a transport file."""
    wanted = wanted_of(build, (), encoding)
    held = carried(wanted)
    _all_carried(held)
    made = sorted((name for name in build.specs.outputs if (out / "tlf" / f"{name}.pdf").is_file()),
                  key=lambda name: in_document(build.specs.outputs[name].shell.output))  # fmt: skip
    programs = programs_of(build.specs, build.graph, wanted.datasets, made)
    texts = written_texts(build.specs.folder, build.specs.root)
    return Package(build, out, run, wanted, held, texts, programs, second_derivation(build.specs, out))


def second_derivation(specs: Specs, out: Path) -> pd.DataFrame:
    """The endpoints derived a second time from the SDTM of the products; where they cannot be, why."""
    try:
        return summary(verify(specs, out))
    except TrialError as error:
        return pd.DataFrame([{"ENDPOINT": "none", "SAID": error.what}], columns=list(VERIFIED_COLUMNS)).fillna("")


def _all_carried(held: Transportable) -> None:
    lost = held.listing[held.listing["WRITTEN"].isna()]
    if len(lost):
        first = lost.iloc[0]
        names = ", ".join(dict.fromkeys(lost["DATASET"]))
        what = f"A transport file has no signs for {len(lost):,} values of {names}; no package is made."
        at = f"{first['DATASET']}.{first['VARIABLE']}, subject {first['USUBJID']}, {first['RECORD']}"
        cure = "say them in English (translations.csv; trial export xpt lists them), or say --encoding"
        raise TrialError(what, f"{at}: '{first['VALUE']}'", cure)


def package_files(package: Package) -> Files:
    """All files of the package, each with its path from the root; its manifest last, which names all others."""
    noted: dict[str, FileNamed] = {}
    yield from _noted(files_of(package), noted)
    yield from _noted(guides(package, noted), noted)
    maker = Maker(PROGRAM, version(PROGRAM), package.wanted.encoding, package.texts.missing)
    yield BUNDLE, [bundle_bytes(noted, package.run, maker)]


def _noted(files: Files, noted: dict[str, FileNamed]) -> Files:
    """The files, each noted with its hash and size as it goes by."""
    for name, pieces in files:
        content = b"".join(pieces)
        noted[name] = named(content)
        yield name, [content]


def files_of(package: Package) -> Files:
    """All files but the guides and the manifest, each with its path from the package's root."""
    yield from _datasets(package)
    yield from _defines(package)
    layout, specs = package.layout, package.build.specs
    for program in package.programs:
        yield f"{layout.programs}/{program.file}", [program_text(program, specs).encode("utf-8")]
    yield f"{layout.programs}/{PROGRAM_PACK}", [program_pack().encode("utf-8")]
    yield f"{layout.programs}/{SPECS_PACK}", [specs_pack(specs).encode("utf-8")]
    for name in [*package.outputs, "all", "contents"]:
        if (package.out / "tlf" / f"{name}.pdf").is_file():
            yield f"{layout.outputs}/{name}.pdf", [(package.out / "tlf" / f"{name}.pdf").read_bytes()]
    for name in AUDITS:
        if (package.out / name).is_file():
            yield f"{layout.misc}/{name}", [(package.out / name).read_bytes()]
    yield f"{layout.misc}/{VERIFIED}", [bytes_of(csv_text(package.second))]
    yield f"{layout.misc}/{RESULTS}", [(package.out / "results" / "results.csv").read_bytes()]
    yield f"{layout.misc}/{RUN}", [(package.out / MANIFEST).read_bytes()]


def _datasets(package: Package) -> Files:
    layout = package.layout
    for path, pieces in transport_files(package.wanted, package.held):
        if path == LISTING:
            yield f"{layout.misc}/{HELD_OTHERWISE}", pieces
        elif path != TO_TRANSLATE:
            layer, _, name = path.partition("/")
            yield f"{layout.of_layer(layer)}/{name}", pieces
    for path, pieces in json_files(package.wanted, "json"):
        layer, _, name = path.partition("/")
        yield f"{layout.of_layer(layer)}/{name}", pieces


def _defines(package: Package) -> Files:
    """The defines with what they name, and where the data are not as they say."""
    layout = package.layout
    for path, pieces in define_files(package.build, package.wanted, around(package), package.held):
        layer, _, name = path.partition("/")
        if name != DIFFERENCES:
            yield f"{layout.of_layer(layer)}/{name}", pieces
        else:
            yield f"{layout.misc}/{layer}_{DIFFERENCES}", pieces
    forms = annotated_forms(package.build)
    if forms.forms:
        yield f"{layout.misc}/acrf.csv", [bytes_of(csv_text(table(forms)))]


def around(package: Package) -> LyingAround:
    """The guides, outputs and programs as the defines reach them."""
    guides = {one.LAYER: Paper(f"LF.{one.FILE.split('.')[0]}", one.FILE, one.TITLE) for one in (csdrg, adrg)}
    told = [program for program in package.programs if program.output]
    pages = {one.output: Paper(f"LF.{one.output}", f"../../../misc/tlf/{one.file.removesuffix('.txt')}.pdf",
                               f"{one.output} {one.makes}") for one in told}  # fmt: skip
    texts = {one.output: Paper(f"LF.PG.{one.output}", f"../programs/{one.file}", f"Program of {one.output}")
             for one in told}  # fmt: skip
    return LyingAround(guides, pages, texts)


def guides(package: Package, files: Collection[str]) -> Files:
    """Both guides; `files` are all other files of the package."""
    layout = package.layout
    own = {f"{layout.of_layer(one.LAYER)}/{one.FILE}": one for one in (csdrg, adrg)}
    tree = tuple(sorted([*files, *own, BUNDLE]))
    audits, accepted = audits_of(package.out), accepted_of(package.build.specs)
    told = GuideFacts(
        package.build.specs, package.build.graph, package.run, package.held.datasets, package.texts,
        audits | {SECOND: package.second.astype("str")}, accepted, package.programs, package.held.listing, tree,
        f"{layout.sdtm}/acrf.pdf" in files,
    )  # fmt: skip
    for path, one in own.items():
        yield path, [pdf(guide(told, one.TITLE, tuple(one.sections(told))))]


def guide(told: GuideFacts, title: str, sections: tuple[Section, ...]) -> Guide:
    """A guide with what the self-check holds it to: the tree that it prints, and the versions."""
    study, run = told.specs.study, told.manifest
    foot = f"Data cut {run.get('cutoff_named') or 'none'}   Run {run.get('run', '')}"
    said = keywords(told.tree, run.get("versions", {}))
    return Guide(title, study.study, foot, study.paper, said, sections)


def values_told(listing: pd.DataFrame) -> Iterator[str]:
    """In words, how many values transport files hold otherwise."""
    if len(listing):
        yield f"{len(listing):,} values are written otherwise than they are in XPT: misc/{HELD_OTHERWISE}"
