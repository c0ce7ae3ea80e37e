"""What the first page tells, and what all pages know: study, data, sets, headline results, findings, decisions."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.engine.headline import shown, values_of
from pipeline.engine.node import DATA
from pipeline.engine.runner import Build
from pipeline.engine.store import Json
from pipeline.ground.severity import SEVERITIES
from pipeline.publish.findings_made import Looked
from pipeline.publish.pages import dictionaries, stage
from pipeline.publish.summary import WHY, summarize
from pipeline.review.library import Library
from pipeline.review.script import Facts, addresses
from pipeline.review.tables import by_column
from pipeline.study.catalogue import name_of
from pipeline.study.declared import ADSL
from pipeline.why.lineage import decisions_behind, decisions_read

SHOWN_OF_SUBJECT = ("SUBJID", "SITEID", "AGE", "SEX", "ARM", "ACTARM")
LIMITS = (("lower", "upper"), ("rate_lower", "rate_upper"))
CHOSEN_BY, IN_PART = ("severity", "check", "form", "record", "subject", "field"), 2000  # of findings; messages
ESTIMATES = ("estimate", "pct", "survival", "incidence", "rate", "median", "value")


def people(build: Build, library: Library) -> list[dict[str, str]]:
    """The subjects of the study in their order: those of ADSL, then others whom SDTM knows."""
    adsl = build.frame(ADSL) if ADSL in build.entries else None
    found: dict[str, dict[str, str]] = {}
    if adsl is not None:
        told = [name for name in SHOWN_OF_SUBJECT if name in adsl]
        texts = {name: _as_text(adsl[name]).tolist() for name in told}
        for at, (subject, address) in enumerate(addresses(adsl).items()):
            found[str(subject)] = {"id": str(subject), "at": str(address)} | {n: str(texts[n][at]) for n in told}
    for one in library.shown:
        for name in one.subjects:
            found.setdefault(name, {"id": name, "at": ""})
    return list(found.values())


def _as_text(values: pd.Series) -> pd.Series:
    """The values as text, a whole number without a point; nothing for a missing one."""
    told = values.map("{:.15g}".format, na_action="ignore") if pd.api.types.is_numeric_dtype(values) else values
    return told.astype("str").where(values.notna(), "")


def study(build: Build, looked: Looked) -> Facts:
    """Study, extract, data cut, sets and headline results."""
    told, delivery, summary = build.specs.study, build.delivery, summarize(build, looked)
    sets: list[Facts] = [{"label": one["label"], "flag": one["flag"], "n": one["n"]} for one in summary["sets"]]
    left_out: list[Facts] = [
        {"check": one["check"], "form": one["form"], "records": one["records"],
         "why": WHY.get(one["check"], one["check"])} for one in looked.left_out
    ]  # fmt: skip
    return {
        "study": told.study, "title": told.title or told.name, "sponsor": told.sponsor,
        "stage": stage(told, looked.status.whole), "status": looked.status.whole, "extract": delivery.name,
        "extracted": delivery.manifest.extracted, "cut": build.cut_named,
        "dictionaries": dictionaries(told, delivery.manifest.dictionaries), "criteria": dict(told.criteria),
        "severities": [one for one in SEVERITIES if one != "info"], "counts": looked.counts, "further": looked.further,
        "left_out": left_out, "sets": sets, "headline": _headline(build), "failed": dict(build.failed),
        "audits": summary["audits"], "pooled": bool(told.pooled),
        "flow": next((o.shell.output for n, o in build.specs.outputs.items()
                      if o.shell.family == "flow" and n in build.entries), ""),
    }  # fmt: skip


def _headline(build: Build) -> list[Facts]:
    """Each headline result as printed, with its estimate and limits where it has them."""
    found: list[Facts] = []
    for entry in build.specs.study.headline:
        name = name_of(entry.output)
        if name not in build.entries:
            continue
        frame = build.frame(name)
        values = values_of(entry, frame)
        limits = next((pair for pair in LIMITS if all(_known(values, one) for one in pair)), ())
        estimate = next((values[one] for one in ESTIMATES if limits and _known(values, one)), None)
        drawn = [estimate, *(values[one] for one in limits)] if estimate is not None else []
        row = frame[(frame["ROW"] == entry.row) & (frame["COLUMN"] == entry.column)]
        row = row[row["SET"] == entry.set] if entry.set else row
        address = [str(row["SET"].iloc[0]), entry.row, entry.column] if len(row) else []
        found.append({"label": entry.label, "output": entry.output, "text": shown(entry, values),
                      "drawn": drawn, "at": address})  # fmt: skip
    return found


def _known(values: Mapping[str, float], name: str) -> bool:
    return name in values and values[name] == values[name]


def findings(build: Build, looked: Looked) -> dict[str, Json]:
    """All findings, most severe first, by what they are chosen by, and their messages in parts; by the file's name."""
    content = build.cache.read("findings", looked.entry, "findings.csv").decode("utf-8")
    return findings_told([*csv.DictReader(io.StringIO(content, newline=""))])


def findings_told(found: Sequence[Mapping[str, str]]) -> dict[str, Json]:
    """The same of findings as findings.csv tells them, by subject: those of one are read together."""
    found = sorted(found, key=lambda one: one["subject"] or "")
    chosen = by_column([{name: one[name] or "" for name in CHOSEN_BY} for one in found])
    messages = [one["message"] or "" for one in found]
    parts = {f"findings/{at}": messages[at * IN_PART : (at + 1) * IN_PART] for at in range(-(-len(found) // IN_PART))}
    return {"findings": {**chosen, "size": IN_PART}, **parts}


def decisions(build: Build) -> list[Facts]:
    """Each open point of the plan with the choice in force, and the outputs that rest on it."""
    near, further = dict[str, list[str]](), dict[str, int]()
    for name, output in build.specs.outputs.items():
        if name not in build.entries:
            continue
        read = [decisions_read(build, name, one) for one in build.read(name, DATA, ["DATASET"])["DATASET"].unique()]
        own = dict.fromkeys(one for told in read for one in told)
        for one in own:
            near.setdefault(one, []).append(output.shell.output)
        for one in decisions_behind(build, [name]):
            further[one] = further.get(one, 0) + (one not in own)
    return [
        {"id": one.id, "question": one.question, "choice": one.told, "default": str(one.default), "why": one.why,
         "choices": list(one.choices), "source": one.source, "set_in": one.set_in,
         "outputs": near.get(one.id, []), "further": further.get(one.id, 0)}
        for one in build.specs.decisions.values()
    ]  # fmt: skip

