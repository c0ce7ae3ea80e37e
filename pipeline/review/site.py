"""All files of the review site of a build, by their path in `review/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from importlib.resources import files as resources
from typing import Any

import numpy as np
import pandas as pd

from pipeline.engine.runner import Build
from pipeline.engine.store import Json
from pipeline.publish.findings_made import Looked
from pipeline.publish.pages import all_results, run_identity
from pipeline.publish.review_step import TOLD, Folders
from pipeline.publish.summary import summarize
from pipeline.review import start
from pipeline.review.behind import Behind, all_behind
from pipeline.review.cells import Selection
from pipeline.review.kept_files import LIST, KeptFiles, Sources
from pipeline.review.library import ADAM, SDTM, SUBJECT, Library, Shown, library
from pipeline.review.output_parts import files_of
from pipeline.review.outputs import asked_by_outputs, behind_outputs
from pipeline.review.page_told import page_told
from pipeline.review.picture import picture
from pipeline.review.script import Facts, file_of, plain, script
from pipeline.review.subjects import subjects
from pipeline.review.tables import chunks
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
    known, asked = library(build), asked_by_outputs(build)
    build.release(0)
    people = start.people(build, known)
    back = _behind(build, known, asked, {one["id"]: at for at, one in enumerate(people)})
    for name, behind in behind_outputs(build, asked, back):
        yield behind_of(name), plain(behind).encode("ascii")
    yield from ((file_of(f"stand/{at}"), script(f"stand/{at}", told)) for at, told in enumerate(back.stands))
    kept, datasets = KeptFiles(build.cache), []
    for number, one in enumerate(known.shown):
        datasets.append((yield from _dataset(one, _sources(one, number, known, back), back, kept)))
    yield LIST, kept.listed()
    study: Facts = {
        **start.study(build, looked), "subjects": people, "datasets": datasets, "outputs": [],
        "decisions": start.decisions(build), "news": int(named.since is not None),
    }  # fmt: skip
    yield STUDY, plain(study).encode("ascii")
    beside: dict[str, Json] = {"findings": start.findings(build, looked), "lineage": picture(build)}
    beside |= _of_folders(build, looked, named)
    yield from ((file_of(name), script(name, told)) for name, told in beside.items())
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
        yield from files_of(f"output/{name}", shown, told(behind_of(name)).decode("ascii")).items()
        build.release(0)
    study = {**json.loads(told(STUDY)), "run": run_identity(build), "outputs": found}
    yield file_of("study"), script("study", study)


def behind_of(name: str) -> str:
    """Where lies what stands behind an output until its page is made."""
    return f"{TOLD}/output/{name}.json"


def _of_folders(build: Build, looked: Looked, named: Folders) -> dict[str, Json]:
    """What is new since an earlier build; what other choices of decisions move (empty where no folder is named)."""
    from pipeline.review.moved import moved
    from pipeline.review.news import news

    printed = {one["label"]: one["value"] for one in summarize(build, looked)["headline"]} if named.sensitivity else {}
    told: dict[str, Json] = {"moved": moved(named.sensitivity, build.specs, printed) if named.sensitivity else {}}
    return told | ({"news": news(build, looked, all_results(build), named.since)} if named.since else {})


def _behind(build: Build, known: Library, asked: Mapping[str, list[Selection]], numbers: Numbers) -> Behind:
    """What stands behind the results, and behind every dataset of ADaM."""
    own = [one.name for one in known.shown if one.layer == ADAM]
    of_results = [one.dataset for of_output in asked.values() for one in of_output if one.dataset]
    clauses = {text for of_output in asked.values() for one in of_output for text in (one.where, one.population)}
    return all_behind(build, known, dict.fromkeys([*own, *of_results]), numbers, clauses)


def _dataset(one: Shown, told: Sources, back: Behind, kept: KeptFiles) -> Generator[tuple[str, bytes], None, Facts]:
    """The files of a dataset's records, each with the records or lines it comes from; in the end its metadata."""
    starts = []
    for start_, content in kept.files(one, told, partial(_made, one, told)):
        yield file_of(f"{one.path}/{start_}"), content
        starts.append(start_)
    people = numbered(one.read([SUBJECT])[SUBJECT], back.people) if one.has_subjects else None
    return {
        "name": one.name, "layer": one.layer, "label": one.label, "path": one.path, "records": one.published,
        "variables": [{word: text for word, text in said.items() if text} for said in one.variables],
        "starts": starts, "whose": [] if people is None else _whose(people), **one.more,
    }  # fmt: skip


def _made(one: Shown, told: Sources) -> Iterator[tuple[int, bytes]]:
    return chunks(one.path, one.read(None), partial(_part, told))


def _whose(people: Any) -> list[int]:
    """The number of the subject of each run of records, and the length of the run."""
    if not len(people):
        return []
    starts = np.concatenate([[0], np.flatnonzero(np.diff(people)) + 1])
    lengths = np.diff(np.concatenate([starts, [len(people)]]))
    found: list[int] = np.column_stack([people[starts], lengths]).ravel().tolist()
    return found


def _sources(one: Shown, number: int, known: Library, back: Behind) -> Sources:
    """Of each record how many records (or lines) it comes from; the datasets of these and their places, in order."""
    if one.layer == ADAM:
        found = back.sources(one.name)[["ROW", "TO", "AT"]]
    elif one.layer == SDTM:
        found = known.lines[known.lines["OF"] == number][["PLACE", "TO", "AT"]].rename(columns={"PLACE": "ROW"})
    else:
        found = pd.DataFrame({"ROW": [], "TO": [], "AT": []})
    found = found.astype("int64").drop_duplicates().sort_values(["ROW", "TO", "AT"], kind="stable")
    counts = np.bincount(found["ROW"], minlength=one.rows) if len(found) else np.zeros(one.rows, int)
    return np.concatenate([[0], np.cumsum(counts)]), found["TO"].to_numpy(), found["AT"].to_numpy()


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
