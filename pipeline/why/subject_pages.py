"""What the pages of subjects show of what depends on a decision, a dataset or a form (profile.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline.engine.runner import Build
from pipeline.ground.clauses import read
from pipeline.study.profile import CLAUSES, PARTS, PROFILE
from pipeline.study.yaml_text import Content


def shown_on_pages(build: Build, source: str, names: Collection[str]) -> list[str]:
    """The labels of lanes, charts and tables that show a dataset among these nodes, or ask for the decision.

    All of them where the source is profile.yaml itself; none of a study without pages of subjects.
    """
    if PROFILE not in build.specs.inputs or build.specs.study.pooled:
        return []
    datasets = {build.graph[name].dataset for name in names if name in build.graph}
    entries = (entry for part in PARTS for entry in build.specs.inputs[PROFILE].said[part].values())
    shown = [entry["label"] for entry in entries
             if source == PROFILE or entry["of"] in datasets or source in _decisions(entry)]  # fmt: skip
    return list(dict.fromkeys(shown))


def _decisions(entry: Content) -> Iterator[str]:
    """The decisions that the clauses of an entry name, in lower case."""
    for word in [word for word in CLAUSES if entry.get(word)]:
        yield from (name.lower() for name in read(entry[word]).decisions)
