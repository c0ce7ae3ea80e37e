"""Datasets of a pool: those of its studies, stacked, with the variables and parameters that the standard's specs say.

What a study lacks is missing for its subjects, and told; what only a study has stays with the study, and is told too.
Values were held to their lists when the study was built, and are not judged again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.engine.node import DATA, FINDINGS, POOLED, Node
from pipeline.engine.store import read_parquet
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.intake.pool import Pool
from pipeline.study.decisions import Decision
from pipeline.study.pool import DATASETS
from pipeline.study.specs import TERMINOLOGY, Specs

if TYPE_CHECKING:
    import pandas as pd

SUBJECT, STUDIES = "USUBJID", "the studies"
ADSL, EVENTS = DATASETS[:2]
NAME = re.compile(r"[A-Z][A-Z0-9]{1,7}")
VARIABLE, PARAMETER, LEFT = "POOL-VARIABLE", "POOL-PARAMETER", "POOL-LEFT"


def file_of(study: str, dataset: str) -> str:
    """Where the products of a study have a dataset."""
    return f"{study}/adam/{dataset}.parquet"


def of_pool(specs: Specs, pool: Pool) -> Specs:
    """The specs of a pool: its datasets alone, and the decisions by which its studies made them.

    What outputs compute with (limits of intervals, small numbers) is decided for the pool, as the standard does.
    """
    own = {word for output in specs.outputs.values() for word in output.shell.needed}
    decided = {name: one if name in own else _decided(one, pool) for name, one in specs.decisions.items()}
    return replace(specs, datasets={name: specs.datasets[name] for name in DATASETS}, decisions=decided)


def _decided(decision: Decision, pool: Pool) -> Decision:
    """A decision as the studies take it: theirs where it is one, else the choice of each in words."""
    told = {one.study: one.decisions.get(decision.id, decision.value) for one in pool.builds}
    values = list(told.values())
    if all(value == values[0] for value in values):
        return replace(decision, value=values[0])
    said = {study: replace(decision, value=value).told for study, value in told.items()}
    return replace(decision, value="; ".join(f"{value} ({study})" for study, value in said.items()), set_in=STUDIES)


def pool_nodes(specs: Specs) -> list[Node]:
    """A node for each dataset of a pool."""
    return [Node(name, POOLED, (), ("study",), __name__, name, (), specs.datasets[name].files) for name in DATASETS]


def made_of(build: Any, node: Node) -> dict[str, pd.DataFrame]:
    """One dataset of the pool, of the spec's types and order, and what is told of it. Raises TrialError."""
    from pipeline.engine.schema import conform
    from pipeline.ground.queries import gather

    pool, spec = build.delivery, build.specs.datasets[node.name]
    files = {one.study: pool.folder / file_of(one.folder, node.name) for one in pool.builds}
    parts = {study: read_parquet(file.read_bytes()) for study, file in files.items()}
    whole, found = stacked(parts, spec)
    whole, _ = conform(whole, spec, build.table(TERMINOLOGY))
    beside = {ADSL: _decided_apart(build.specs), EVENTS: _coded_apart(pool)}.get(node.name)
    return {DATA: whole, FINDINGS: gather([found, beside])}


def _decided_apart(specs: Specs) -> pd.DataFrame:
    """A finding for each decision that the studies of a pool take differently."""
    from pipeline.ground.queries import finding, gather

    apart = [one for one in specs.decisions.values() if one.set_in == STUDIES]
    return gather(finding("POOL-DECISION", "info", f"Decided differently: {one.question} {one.value}.", field=one.id,
                          value=str(one.value)) for one in apart)  # fmt: skip


def _coded_apart(pool: Pool) -> pd.DataFrame:
    """A finding for each dictionary of which studies state different versions: their terms are not one list."""
    from pipeline.ground.queries import finding, gather

    found = []
    for name in sorted({name for one in pool.builds for name in one.dictionaries}):
        told = {one.study: one.dictionaries[name] for one in pool.builds if one.dictionaries.get(name)}
        if len(set(told.values())) > 1:
            said = ", ".join(f"{version} ({study})" for study, version in told.items())
            message = (
                f"The studies are coded by different versions of {name}: {said}. Terms that moved between them are "
                "counted apart; code the studies anew by one version, or say so beside the tables."
            )
            found.append(finding("POOL-DICTIONARY", "major", message, form="ADAE", field=name, value=said))
    return gather(found)


def stacked(parts: Mapping[str, pd.DataFrame], spec: DatasetSpec) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The datasets of studies (by identifier) as one, and what is told of them. Raises TrialError for a subject in two.

    One record per record of the studies, without parameters that only a study has.
    """
    import pandas as pd

    from pipeline.ground.queries import gather

    listed = list(spec.parameter_labels)
    kept = {study: part[part["PARAMCD"].isin(listed)] if listed else part for study, part in parts.items()}
    found = [one for study, part in parts.items() for one in _told(study, part, spec, listed)]
    whole = pd.concat([part.reindex(columns=list(spec.names)) for part in kept.values()], ignore_index=True)
    if listed and "PARAMN" in whole:
        whole = whole.assign(PARAMN=whole["PARAMCD"].map({code: n for n, code in enumerate(listed, start=1)}))
    studies = whole.groupby(SUBJECT)["STUDYID"].nunique()
    if (studies > 1).any():
        what = f"The subject {studies.index[studies > 1][0]} is in two studies of the pool."
        raise TrialError(what, spec.dataset, "pool studies whose subjects have keys of their own (USUBJID)")
    return whole, gather(found)


def _told(study: str, part: pd.DataFrame, spec: DatasetSpec, listed: list[str]) -> Iterator[pd.DataFrame]:
    """What a study lacks of a dataset, one finding per variable and parameter, and what it has beyond it."""
    from pipeline.ground.queries import finding

    for name in [name for name in spec.names if name not in part.columns]:
        message = f"{study} has no {spec.dataset}.{name}; it is missing for its subjects."
        yield finding(VARIABLE, "info", message, form=spec.dataset, field=name, value=study)
    there = list(part["PARAMCD"].unique()) if listed else []
    for code in [code for code in listed if code not in there]:
        message = f"{study} has no parameter {code} of {spec.dataset}; outputs of it say nothing of its subjects."
        yield finding(PARAMETER, "info", message, form=spec.dataset, field=code, value=study)
    beyond = sorted({*part.columns} - {*spec.names}) + sorted({*there} - {*listed})
    if beyond:
        message = f"The standard's {spec.dataset} has not what {study} adds; left with the study: {', '.join(beyond)}."
        yield finding(LEFT, "info", message, form=spec.dataset, value=study)


def lacked(build: Any, output: str) -> list[str]:
    """What an output of a pool names and one of its studies lacks, a sentence each."""
    asked = set(NAME.findall(repr(build.specs.outputs[output].shell)))
    needs = [need for need in build.graph[output].needs if need in build.entries or build.known(need)]
    told = [build.frame(need, FINDINGS) for need in needs]  # a worker that made none of them knows them from the cache
    rows = [row for found in told for row in found.to_dict("records") if row["check"] in (VARIABLE, PARAMETER)]
    return [f"{row['value']} has no {row['form']} {row['field']}." for row in rows if row["field"] in asked]
