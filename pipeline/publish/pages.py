"""Results laid out as pages: RTF, HTML and plain text for every output, PNG, SVG and PDF for figures.

A page is known again by its version: by what it rests on, and not by the run that made it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from pipeline.engine.graph import rests_on
from pipeline.engine.node import DATA
from pipeline.engine.pool import lacked
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of, spec_hashes
from pipeline.engine.store import digest_of, json_bytes, sha256
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.ground.metadata import StudySettings
from pipeline.ground.words import choice_text
from pipeline.publish import laid_out
from pipeline.publish.laid_out import Body, Wording, code
from pipeline.publish.manifest import PageTold
from pipeline.publish.open_findings import CLEAN, Open
from pipeline.study.abbreviations import abbreviations
from pipeline.study.readable import readable
from pipeline.study.specs import Specs
from tlf.model import Page
from tlf.shells import Shell

DRAFT, FINAL = "Draft", "Final"
Noting: TypeAlias = "Callable[[Build, str, Open, Any, Any], None]"  # name, status, the page and its body
CODED = {"meddra": "MedDRA", "whodrug": "WHODrug"}


def stage(study: StudySettings, status: str) -> str:
    """Final where study.yaml (or --final) says so and the data were looked at and found clean; else Draft."""
    return FINAL if study.status == "final" and status == CLEAN else DRAFT


def page_foot(build: Build, stage: str) -> str:
    """What a page that is no output says of itself: study, stage, extract, data cut, run."""
    told = (build.specs.study.study, stage, f"Extract {build.delivery.name}", f"Data cut {build.cut_named}",
            f"Run {run_identity(build)}")  # fmt: skip
    return "   ".join(filter(None, told))


def run_identity(build: Build) -> str:
    """Eight digits that two runs share only when they read the same extract, specs, code and data cut."""
    if not build.identity:
        delivery = [build.delivery.name, build.delivery.hashes, build.delivery.manifest.digest]
        code = [source.package_hash(package) for package in source.PACKAGES]
        parts = [delivery, spec_hashes(build.specs), code, build.cutoff, build.cut_named]
        build.identity = sha256(json_bytes(parts))[:8]
    return build.identity


def dictionaries(study: StudySettings, delivered: Mapping[str, str]) -> str:
    """The versions of what terms and grades are coded with.

    study.yaml (`dictionaries:`, `criteria:`) wins over the delivery's manifest; a version nobody states is said to be
    not stated.
    """
    said = versions_said(study, delivered)
    coded = [f"{label} {said[name]}" if said.get(name) else f"{label}: not stated" for name, label in CODED.items()]
    return ", ".join([*coded, *filter(None, [study.criteria.get("toxicity", "")])])


def versions_said(study: StudySettings, delivered: Mapping[str, str]) -> dict[str, str]:
    """The versions of dictionaries by name in lower case, as study.yaml says them, else the delivery's manifest."""
    return {**{name.casefold(): version for name, version in delivered.items()}, **study.dictionaries}


def pages_node(name: str) -> str:
    """The name under which an output's pages are kept."""
    return f"pages:{name}"


def pages_digest(build: Build, name: str, status: Open) -> str:
    """What the pages of an output depend on, as one SHA-256: what its version tells, and the libraries that lay out."""
    return digest_of([_rests(build, name, status), versions()])


def version_of(build: Build, name: str, status: Open) -> str:
    """Eight digits that two pages of an output share only when they say the same and the same program laid them out.

    They rest on its results, its shell, the words around it (extract and data cut among them) and the code of its
    pages: other specs, decisions and cells of the extract that come to the same results leave them as they are.
    """
    return _rests(build, name, status)[:8]


def _rests(build: Build, name: str, status: Open) -> str:
    """The hash of all that an output is laid out of; asked for again and again, and told once."""
    of = (build.specs, build.delivery, build.cut_named, status, build.content(name))
    if name not in build.laid_of or build.laid_of[name][0] != of:
        build.laid_of[name] = of, _rests_now(build, name, status)
    return build.laid_of[name][1]


def _rests_now(build: Build, name: str, status: Open) -> str:
    said = said_of(build, name, status)
    words = _hash_of_words(said.names, said.known)
    family = said.shell.family
    if family not in build.laying:
        build.laying[family] = code(family)
    return digest_of([build.content(name), hash_of(said.shell, said.page), words, build.laying[family]])


def pages_told(
    build: Build, status: Open, before: Mapping[str, PageTold], left: Collection[str]
) -> dict[str, PageTold]:  # fmt: skip
    """The number and version of each output as the manifest names them: of the pages that the build has, and of those

    that are left of the products before.
    """
    made = [name for name in build.specs.outputs if pages_node(name) in build.entries]
    told: dict[str, PageTold] = {n: one for n, one in before.items() if n in left}
    return told | {n: PageTold(number=build.specs.outputs[n].shell.output, version=version_of(build, n, status))
                   for n in made}  # fmt: skip


@cache
def _hash_of_words(*words: tuple[tuple[str, ...], ...]) -> str:
    """The hash of what words mean, which are the same for all outputs of a study."""
    return hash_of(words)


def said_of(build: Build, name: str, status: Open) -> Wording:
    """What is said around the results of an output as the build has them; the version is put in when it is made."""
    shell, specs = build.specs.outputs[name].shell, build.specs
    page = replace(page_of(shell, build, status.whole), status=told_of(build, name, status.of(build, name)))
    return Wording(shell, page, tuple(readable(specs).items()), abbreviations(specs))


def told_of(build: Build, name: str, status: str) -> str:
    """What an output says of the data behind it: also what it is made without, that the SDTM or a study lacks."""
    lost = rests_on(build.graph, name, build.specs.lacking)
    told = [f"Made without {', '.join(lost)}, which the SDTM lacks."] if lost else []
    told += lacked(build, name) if build.specs.study.pooled else []
    return " ".join([status, *told])


def known_pages(build: Build, name: str, status: Open) -> bool:
    """True when the cache has the pages of an output as they would be rendered now."""
    entry = build.cache.entry(pages_node(name), pages_digest(build, name, status))
    if entry is not None:
        build.entries[pages_node(name)] = entry
    return entry is not None


def make_pages(build: Build, name: str, status: Open, beside: Noting | None = None) -> bool:
    """Render one output unless the cache has these very pages; True when rendered now, and noted `beside`."""
    if known_pages(build, name, status):
        return False
    node = pages_node(name)
    digest = pages_digest(build, name, status)
    build.release(0)  # pages are made of results alone
    with build.specs.outputs[name].telling():
        page, body, files = laid_out.laid_out(name, wording_of(build, name, status), build.frame(name, DATA))
    build.entries[node] = build.cache.write(node, digest, files)
    del files  # of a long listing they are large, and what stands beside it is, too
    if beside:
        beside(build, name, status, page, body)
    build.made.append(node)
    build.release(0)
    return True


def wording_of(build: Build, name: str, status: Open) -> Wording:
    """What is said around the results of an output, with its version."""
    said = said_of(build, name, status)
    return replace(said, page=replace(said.page, version=version_of(build, name, status)))


def body_of(build: Build, name: str) -> Body:
    """The table or figure of an output, made of its results alone; values in capitals read as words."""
    return laid_out.body_of(said_of(build, name, Open("")), build.frame(name, DATA))


def page_around(build: Build, name: str, body: Body, status: Open) -> Page:
    """The page of an output, with what it is made without, and the abbreviations that stand on it spelt out."""
    return laid_out.page_around(wording_of(build, name, status), body, build.frame(name))


def page_of(shell: Shell, build: Build, status: str) -> Any:
    """The titles, population, footnotes and provenance around an output's body."""
    study = build.specs.study
    return replace(
        page_of_specs(shell, build.specs), cutoff=build.cut_named, status=status, stage=stage(study, status),
        extract=build.delivery.name,
        dictionaries=dictionaries(study, build.delivery.manifest.dictionaries),
    )  # fmt: skip


def page_of_specs(shell: Shell, specs: Specs) -> Any:
    """What the specs alone say around an output's body."""
    from tlf.decided import footnotes, worded
    from tlf.model import Page

    values = {d.id.lower(): d.value for d in specs.decisions.values()}
    words = worded(shell, values)
    return Page(
        number=shell.output,
        titles=shell.title,
        population=shell.population.label,
        footnotes=footnotes(shell.footnotes, words),
        sources=tuple(name.upper() for name in shell.datasets),
        program=specs.outputs_path(shell.output),
        study=specs.study.study,
        sponsor=specs.study.sponsor,
        decisions=tuple(f"{name}={choice_text(values[name.lower()])}" for name in shell.decisions),
        paper=specs.study.paper,
    )


def all_results(build: Build) -> Any:
    """The rows of every output, one after the other."""
    import pandas as pd

    names = [n for n in build.specs.outputs if n in build.entries]
    return pd.concat([build.frame(n) for n in names], ignore_index=True) if names else pd.DataFrame()
