"""`trial export define`: a define.xml for SDTM and one for ADaM with their stylesheet, held against schema and data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from pipeline.engine.runner import Build
from pipeline.engine.store import bytes_of
from pipeline.ground.faults import DefectError, TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.publish.export.annotated.annotations import Place, of_transfers, pages_of
from pipeline.publish.export.annotated.pages import AnnotatedForms, annotated_forms, field_pages, pdf
from pipeline.publish.export.dataset import Exported, by_layer
from pipeline.publish.export.define.check import differences
from pipeline.publish.export.define.codelists import Terminology, codelists
from pipeline.publish.export.define.document import STYLESHEET, document
from pipeline.publish.export.define.facts import Facts, Paper
from pipeline.publish.export.define.results import displays
from pipeline.publish.export.define.variables import Alongside, groups
from pipeline.publish.export.files import Files, Wanted, carried
from pipeline.publish.export.transport import Transportable, lengths
from pipeline.publish.pages import versions_said
from pipeline.study.csv_text import load_table
from pipeline.study.specs import TERMINOLOGY

PACKAGE = "defineutils"
SCHEMA = "validate/schema/cdisc-arm-1.0/arm1-0-0.xsd"
STANDARDS = {"sdtm": ("SDTMIG", "sdtmig", "SDTM"), "adam": ("ADaMIG", "adamig", "SDTM")}
DIFFERENCES = "differences.csv"


@dataclass(frozen=True)
class LyingAround:
    """What lies around the datasets where they are submitted: guides by layer; page and program by output's number."""

    guides: Mapping[str, Paper] = field(default_factory=dict)
    pages: Mapping[str, Paper] = field(default_factory=dict)
    programs: Mapping[str, Paper] = field(default_factory=dict)


def define_files(
    build: Build, wanted: Wanted, around: LyingAround = LyingAround(), held: Transportable | None = None
) -> Files:
    """The files: a define for each layer, its stylesheet, and where the data differ from what it says.

    `held` are the datasets as transport files carry them, where that is known.

    Raises DefectError for a define that the schema refuses.
    """
    held = held or carried(wanted)
    forms = annotated_forms(build)
    crf = crf_of(build, forms)
    if crf.pages:
        yield "sdtm/acrf.pdf", [pdf(forms)]
    for layer, parts, told in layers(build, wanted, held, crf):
        content = document(with_papers(told, around))
        check_schema(content, f"{layer}/define.xml")
        yield f"{layer}/define.xml", [content]
        yield f"{layer}/{STYLESHEET}", [stylesheet()]
        yield f"{layer}/{DIFFERENCES}", [bytes_of(csv_text(differences(content, parts, counted_in(wanted.encoding))))]


def layers(build: Build, wanted: Wanted, held: Transportable, crf: Crf) -> Iterator[tuple[str, list[Exported], Facts]]:
    """The layers, each with its datasets as transport files hold them and what its define says."""
    datasets = list(held.datasets.values())
    refused = [held.datasets[name] for name in held.refused]
    sizes = lengths(refused, "utf-8") | lengths([one for one in datasets if one not in refused], wanted.encoding)
    for layer, parts in by_layer(datasets):
        yield layer, parts, facts_of(build, wanted, layer, parts, sizes, crf)


def counted_in(encoding: str) -> str:
    """The encoding in which lengths are counted: what is beyond ASCII is not written, and stands in UTF-8 elsewhere."""
    return "utf-8" if encoding == "ascii" else encoding


@dataclass(frozen=True)
class Crf:
    """Where variables come from: their pages of the annotated CRF, and those that vendors transfer."""

    pages: Mapping[Place, tuple[int, ...]]
    transfers: Collection[Place]


def crf_of(build: Build, forms: AnnotatedForms) -> Crf:
    """What the define says of the annotated CRF."""
    sent = [name for name, contract in build.specs.contracts.items() if contract.vendor]
    return Crf(pages_of(forms.annotated, field_pages(forms)), of_transfers(forms.annotated, sent))


def facts_of(
    build: Build, wanted: Wanted, layer: str, datasets: list[Exported], sizes: Mapping[Place, int], crf: Crf
) -> Facts:
    """What the define of one layer says."""
    study, origin = build.specs.study, wanted.origin
    lists, places = codelists(datasets, terminology(build))
    there = {one.spec.name: frozenset(one.spec.names) for one in datasets}
    alongside = Alongside(sizes, places, crf.pages, crf.transfers)
    name, version, publishing = STANDARDS[layer]
    return Facts(
        study.study, study.title, layer, (name, study.standards.get(version, "")),
        (publishing, study.standards.get("sdtmct", "")), f"{origin.stamp:%Y-%m-%dT%H:%M:%S}", origin.originator,
        (origin.program, origin.version), groups(datasets, alongside), tuple(lists),
        bool(crf.pages) and layer == "sdtm", tuple(displays(build.specs, there)) if layer == "adam" else (),
        analysis=study.standards.get("adamct", "") if layer == "adam" else "",
    )  # fmt: skip


def with_papers(facts: Facts, around: LyingAround) -> Facts:
    """The facts with the documents that lie around the datasets."""
    shown = tuple(replace(one, page=around.pages.get(one.name), program=around.programs.get(one.name))
                  for one in facts.displays)  # fmt: skip
    return replace(facts, displays=shown, guides=tuple(p for layer, p in around.guides.items() if layer == facts.layer))


def terminology(build: Build) -> Terminology:
    """The terms of the study, the published lists of its package, and the versions of its dictionaries."""
    said = versions_said(build.specs.study, build.delivery.manifest.dictionaries)
    return Terminology(build.table(TERMINOLOGY), _lists(build, "sdtmct"), said, _lists(build, "adamct"))


def _lists(build: Build, package: str) -> dict[str, str]:
    """NCI codes of the lists of a package of CDISC terms (sdtmct, adamct) in the version that the study names."""
    version = build.specs.study.standards.get(package, "")
    told = build.specs.root / "specs" / "standard" / "terminology" / f"{package}-{version}.csv"
    return load_table(told).set_index("codelist")["code"].to_dict() if told.is_file() else {}


def check_schema(content: bytes, name: str) -> None:
    """Raises DefectError for a define that is not as the schema of Define-XML 2.1 with ARM 1.0 says."""
    schema = _schema()
    if not schema.validate(etree.fromstring(content)):
        first = schema.error_log[0]
        raise DefectError(f"The define is not valid: {first.message}", f"{name}, line {first.line}",
                          "tell those who maintain the program")  # fmt: skip


def stylesheet() -> bytes:
    """The official stylesheet, by which a browser shows a define."""
    return _packaged(f"definehtml/{STYLESHEET}").read_bytes()


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_packaged(SCHEMA))))


def _packaged(name: str) -> Path:
    found = find_spec(PACKAGE)  # not imported: it would load a validator of its own
    if found is None or not found.submodule_search_locations:
        raise TrialError(f"The package {PACKAGE}, which has the schema and the stylesheet, is not installed.", PACKAGE,
                         "install the project again: make tlf, or pip install -c constraints.txt -e .")  # fmt: skip
    return Path(found.submodule_search_locations[0]) / name


def differing(folder: Path) -> Iterator[str]:
    """In how much the data differ from the defines that were written."""
    for path in sorted(folder.glob(f"*/{DIFFERENCES}")):
        count = len(load_table(path))
        said = f"data and define differ ({count}): {path}" if count else "the data are as defined"
        yield f"{path.parent.name}: {said}"
