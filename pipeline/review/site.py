"""All files of the review site of a build, by their path in `review/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files as resources

import numpy as np

from pipeline.engine.runner import Build
from pipeline.engine.store import Json
from pipeline.ground.machine import give_back
from pipeline.publish.findings_made import Looked
from pipeline.publish.pages import all_results, run_identity
from pipeline.publish.review_step import TOLD, Folders
from pipeline.publish.summary import summarize
from pipeline.review import start
from pipeline.review.behind import NO_SOURCES, Behind, Sources, all_behind
from pipeline.review.kept_files import LIST, KeptFiles, key_of
from pipeline.review.library import Library, library
from pipeline.review.output_parts import files_of
from pipeline.review.outputs import OutputsAsking, behind_output, joined
from pipeline.review.outputs import key_of as key_of_output
from pipeline.review.page_told import page_told
from pipeline.review.picture import picture
from pipeline.review.script import Facts, file_of, plain, script
from pipeline.review.shown import ADAM, SDTM, SUBJECT, Shown
from pipeline.review.subjects import subjects
from pipeline.review.tables import Slices, by_column, chunks
from pipeline.why.ledger import numbered

PAGE, INDEX = "page", "index.html"
BASE, PRINT = "review.css", "print.css"  # what other styles build on; what on paper wins
GROUND, LAST = ("core.js", "grid.js", "walk.js", "panel.js"), "app.js"  # what others stand on; what starts them
STUDY = f"{TOLD}/study.json"  # of the study, all but the list of its outputs
Numbers = dict[str, int]


def data(build: Build, looked: Looked, named: Folders) -> Iterator[tuple[str, bytes]]:
    """Every file of the site that its outputs' pages say nothing of, and (TOLD) what these are joined with: by path.

    It also tells of the folders that were named. A file is made when it is asked for, and records are read dataset by
    dataset: nothing is held that was told.
    """
    known, asked = library(build), OutputsAsking(build)
    build.release(0)
    give_back()
    people = start.people(build, known)
    back, kept = all_behind(build, known, {one["id"]: at for at, one in enumerate(people)}), KeptFiles(build.cache)
    told = list[Facts]()
    for one in known.shown:
        yield from _dataset(build, one, known, asked, back, kept, told)
    for dataset in asked.others([one.name for one in known.shown if one.layer == ADAM]):
        yield from _behind(build, dataset, asked, back, kept)
    yield LIST, kept.listed()
    study: Facts = {
        **start.study(build, looked), "subjects": by_column(people), "datasets": told, "outputs": [],
        "decisions": start.decisions(build), "news": int(named.since is not None),
    }  # fmt: skip
    yield STUDY, plain(study).encode("ascii")
    beside: dict[str, Json] = {"lineage": picture(build), **start.findings(build, looked)}
    beside |= _of_folders(build, looked, named)
    yield from ((file_of(name), script(name, said)) for name, said in beside.items())
    del known, back, asked
    build.release(0)
    for address, shown in subjects(build, looked):
        yield file_of(f"subject/{address}"), script(f"subject/{address}", shown)
    yield from page(str(study["study"])).items()


def outputs(build: Build, looked: Looked, told: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    """The files of the outputs, and of the study which lists them; `told` reads what `data` has made for them."""
    found = []
    for name in [name for name in build.specs.outputs if name in build.entries]:
        listed, shown = page_told(build, name, looked.status)
        found.append(listed)
        yield from files_of(f"output/{name}", shown, joined(name, told)).items()
        build.release(0)
    study = {**json.loads(told(STUDY)), "run": run_identity(build), "outputs": found}
    yield file_of("study"), script("study", study)


def _of_folders(build: Build, looked: Looked, named: Folders) -> dict[str, Json]:
    """What is new since an earlier build; what other choices of decisions move (empty where no folder is named)."""
    from pipeline.review.moved import moved
    from pipeline.review.news import news

    printed = {one["label"]: one["value"] for one in summarize(build, looked)["headline"]} if named.sensitivity else {}
    told: dict[str, Json] = {"moved": moved(named.sensitivity, build.specs, printed) if named.sensitivity else {}}
    return told | ({"news": news(build, looked, all_results(build), named.since)} if named.since else {})


def _behind(
    build: Build, dataset: str, asked: OutputsAsking, back: Behind, kept: KeptFiles
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """What stands behind the results on a dataset, and what stands for subjects in it; then its records are let go."""
    for name in asked.outputs(dataset):
        make = partial(behind_output, build, asked, name, dataset, back)
        yield from kept.of(f"output/{name}/{dataset}", key_of_output(build, asked, name, dataset, back), make)
    back.release(dataset)


def _dataset(
    build: Build, one: Shown, known: Library, asked: OutputsAsking, back: Behind, kept: KeptFiles, metadata: list[Facts]
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """The files of a dataset's records, each with the records or lines it comes from; its metadata are added.

    Before them, of ADaM, what stands behind the results on it.
    """
    starts, said = [], None
    if one.layer == ADAM:
        said = _in_order(back.sources(one.name), one.rows)
        yield from _behind(build, one.name, asked, back, kept)
    elif one.layer == SDTM:
        said = _in_order(_lines(known, one.name), one.rows)
    told = said or _in_order(NO_SOURCES, one.rows)
    for name, content in kept.of(one.path, key_of(one, told), partial(_made, one, told)):
        yield name, content
        starts.append(int(name.rpartition("/")[2].removesuffix(".js")))
    yield file_of(f"whose/{one.path}"), script(f"whose/{one.path}", _whose(one, back.people))
    metadata.append({
        "name": one.name, "layer": one.layer, "label": one.label, "path": one.path, "records": one.published,
        "variables": [{word: text for word, text in about.items() if text} for about in one.variables],
        "starts": starts, **one.more,
    })  # fmt: skip


def _made(one: Shown, told: Sources) -> Iterator[tuple[str, bytes]]:
    made = chunks(one.path, Slices(one.read(None)), one.rows, partial(_part, told))
    return ((file_of(f"{one.path}/{start}"), content) for start, content in made)


def _whose(one: Shown, numbers: Numbers) -> list[int]:
    """The number of the subject of each run of records, and the length of the run; none where records name none."""
    if not one.has_subjects or not one.rows:
        return []
    people = np.concatenate([numbered(piece[SUBJECT], numbers).astype("int32") for piece in one.read([SUBJECT])])
    starts = np.concatenate([[0], np.flatnonzero(np.diff(people)) + 1])
    lengths = np.diff(np.concatenate([starts, [len(people)]]))
    found: list[int] = np.column_stack([people[starts], lengths]).ravel().tolist()
    return found


def _lines(known: Library, name: str) -> Sources:
    """The lines of delivered files behind the records of a dataset of SDTM."""
    told = [(places, np.full(len(places), file, dtype="int16"), at) for file, places, at in known.lines.get(name, ())]
    rows, to, at = (np.concatenate(one) for one in zip(NO_SOURCES, *told, strict=True))
    return rows, to, at


def _in_order(found: Sources, rows: int) -> Sources:
    """Of each record how many records (or lines) it comes from; the datasets of these and their places, in order."""
    at, to, places = found
    order = np.lexsort([places, to, at])
    at, to, places = at[order], to[order], places[order]
    new = np.ones(len(at), dtype=bool)
    new[1:] = (np.diff(at) != 0) | (np.diff(to) != 0) | (np.diff(places) != 0)
    counts = np.bincount(at[new], minlength=rows)
    return np.concatenate([[0], np.cumsum(counts)]), to[new], places[new]


def _part(told: Sources, begin: int, end: int) -> Facts:
    """The sources of some records: how many each has, and all of them one after the other."""
    offsets, to, at = told
    chosen = slice(int(offsets[begin]), int(offsets[end]))
    return {"n": np.diff(offsets[begin : end + 1]).tolist(), "to": to[chosen].tolist(), "at": at[chosen].tolist()}


def page(study: str) -> dict[str, bytes]:
    """The page itself, and the scripts and styles it names."""
    from jinja2 import Environment

    assets = _assets()
    names = [name for name in assets if name.endswith(".js") and name not in (*GROUND, LAST)]
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(assets.pop(INDEX).decode("utf-8"))
    styles = sorted((n for n in assets if n.endswith(".css")), key=lambda n: (n != BASE, n == PRINT))
    html = template.render(study=study, scripts=[*GROUND, *names, LAST], styles=styles)
    return {INDEX: html.encode("utf-8"), **{f"app/{name}": content for name, content in assets.items()}}


def _assets() -> dict[str, bytes]:
    """What stands in `page/`, by name."""
    found = [
        one for one in resources(__package__).joinpath(PAGE).iterdir() if one.name.endswith((".js", ".css", ".html"))
    ]
    return {one.name: one.read_bytes() for one in sorted(found, key=lambda one: one.name)}
