"""What is new since an earlier build: its datasets, results and findings held against those made now."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from pipeline.against.comparison import OF_FINDINGS, OF_RESULTS, SidesCompared, compare_sides, register_of
from pipeline.against.sides import FINDINGS, RESULTS, Held, RestsOn, side
from pipeline.against.tables import ATTRIBUTE, CAME, VALUE, WENT, Dataset
from pipeline.engine.core import handed
from pipeline.engine.runner import Build
from pipeline.engine.store import Json
from pipeline.publish.findings_made import Looked
from pipeline.publish.manifest import Summary, published
from pipeline.publish.printed import FORMATTED
from pipeline.publish.products import datasets_of
from pipeline.publish.summary import summarize
from pipeline.publish.written import without_empty
from pipeline.review.script import Facts
from pipeline.study.decisions import Choice
from pipeline.study.declared import ADSL

FEW = 20  # variables told of a dataset


def news(build: Build, looked: Looked, results: pd.DataFrame, since: Path) -> Facts:
    """What the earlier build rests on, and what differs: by dataset, output, set, severity, headline result."""
    told, now = published(since), summarize(build, looked)
    register = register_of(build.specs, build.cutoff)
    compared = compare_sides(_old(since), _new(build, looked, results), build.specs, register)
    before = told["summary"]
    return {
        "extract": told["extract"]["name"], "cut": told["cutoff_named"], "run": told["run"],
        "stated": [list(one) for one in compared.stated], "differences": compared.open,
        "accepted": int(compared.counts["ACCEPTED"].sum()) if len(compared.counts) else 0,
        "headline": _apart(_headline(before), _headline(now)),
        "sets": _apart({one["label"]: str(one["n"]) for one in before["sets"]},
                       {one["label"]: str(one["n"]) for one in now["sets"]}),
        "findings": {**dict.fromkeys((CAME, WENT), 0), **_by_kind(compared, OF_FINDINGS)},
        "datasets": _datasets(compared), "outputs": _outputs(compared),
        "subjects": {word: _of_adsl(compared, what) for word, what in (("came", CAME), ("went", WENT))},
    }  # fmt: skip


def _old(since: Path) -> Held:
    """The earlier build, its results without the texts as printed, which the pages beside this one give those of it."""
    held = side(since)
    path = since / RESULTS
    return held if not held.has(RESULTS) else Held(
        held.path, held.files, held.stated, held.build, given={path: partial(_plain_results, held, path)}
    )  # fmt: skip


def _plain_results(held: Held, path: Path) -> Dataset:
    read = Held(held.path, {}).read(path)
    return Dataset(read.records.drop(columns=[name for name in read.records if name == FORMATTED]), read.attributes)


def _new(build: Build, looked: Looked, results: pd.DataFrame) -> Held:
    """This build, as its products will be."""
    layers, specs = datasets_of(build), build.specs
    places = {name: Path(layer) / f"{name}.parquet" for name, layer in layers.items()}
    given: dict[Path, Callable[[], Dataset]] = {
        places[name]: partial(_dataset, build, name) for name in layers
    }  # fmt: skip
    given |= {Path(RESULTS): lambda: Dataset(results), Path(FINDINGS): lambda: _findings(build, looked)}
    stated = RestsOn(specs.study.study, build.delivery.name, build.cutoff,
                     {one.id: _as_stated(one.value) for one in specs.decisions.values()})  # fmt: skip
    files = {name.upper(): ((place, ""),) for name, place in places.items()}
    return Held(Path(), files, stated, build=True, given=given)


def _as_stated(choice: Choice) -> str:
    """A choice as the manifest of a build states it, where a list of numbers stands in square brackets."""
    return str(list(choice) if isinstance(choice, tuple) else choice)


def _dataset(build: Build, name: str) -> Dataset:
    return Dataset(without_empty(build.frame(handed(name, build.graph)), build.specs.datasets[name]))


def _findings(build: Build, looked: Looked) -> Dataset:
    content = build.cache.read("findings", looked.entry, FINDINGS)
    told = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)
    return Dataset(told.rename(columns=str.upper), typed=False)


def _headline(summary: Summary) -> dict[str, str]:
    return {one["label"]: one["value"] for one in summary["headline"]}


def _apart(old: Mapping[str, str], new: Mapping[str, str]) -> list[list[str]]:
    """What is said otherwise now: its name, then, now."""
    names = dict.fromkeys([*new, *old])
    return [[name, old.get(name, ""), new.get(name, "")] for name in names if old.get(name) != new.get(name)]


def _by_kind(compared: SidesCompared, dataset: str) -> dict[str, int]:
    """How many differences of each kind a dataset has."""
    own = compared.counts[compared.counts["DATASET"] == dataset]
    return {str(what): int(n) for what, n in own.groupby("WHAT", sort=False)["DIFFERENCES"].sum().items()}


def _datasets(compared: SidesCompared) -> list[Json]:
    """Each dataset that differs: records then and now, how many came, went, differ otherwise, in which variables."""
    own = compared.counts[~compared.counts["DATASET"].isin([OF_RESULTS, OF_FINDINGS])]
    told: list[Json] = []
    for name, rows in own.groupby("DATASET", sort=True):
        kinds = _by_kind(compared, str(name))
        was, now = compared.compared.get(str(name), (0, 0))
        changed = rows[rows["WHAT"] == VALUE].sort_values("DIFFERENCES", ascending=False, kind="stable")
        other = sum(n for what, n in kinds.items() if what not in (CAME, WENT, VALUE, ATTRIBUTE))
        told.append({
            "name": str(name), "was": was, "now": now, "came": kinds.get(CAME, 0), "went": kinds.get(WENT, 0),
            "values": kinds.get(VALUE, 0), "attributes": kinds.get(ATTRIBUTE, 0), "other": other,
            "variables": _numbered(zip(changed["VARIABLE"].head(FEW), changed["DIFFERENCES"].head(FEW), strict=True)),
        })  # fmt: skip
    return told


def _numbered(pairs: Iterable[tuple[object, object]]) -> list[list[Json]]:
    return [[str(name), int(str(n))] for name, n in pairs]


def _outputs(compared: SidesCompared) -> list[list[Json]]:
    """The outputs whose results differ, each with how many do, as far as they are written out."""
    found = compared.found[compared.found["DATASET"] == OF_RESULTS]
    each = found[["SUBJECT", "RECORD"]].drop_duplicates()
    return _numbered(Counter(str(one) for one in each["SUBJECT"] if one).items())


def _of_adsl(compared: SidesCompared, what: str) -> list[str]:
    """The subjects that came to ADSL, or went."""
    found = compared.found
    own = found[(found["DATASET"] == ADSL.upper()) & (found["WHAT"] == what)]
    return [str(one) for one in own["SUBJECT"]]
