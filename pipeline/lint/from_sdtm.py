"""The sheets and words of a study that starts from SDTM: what can be told of them before anything is delivered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from pipeline.engine.from_sdtm import domains
from pipeline.ground.metadata import Variable
from pipeline.ground.words import did_you_mean
from pipeline.intake.sdtm import SUBJECTS
from pipeline.lint import mapping, values
from pipeline.lint.places import ERROR, Document, Grid, Problem, read_grid
from pipeline.study.specs import Specs
from sdtm.mapping.sheet import Known

VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]{1,7}\b")
RAW_WORDS = ("subjects", "entered", "consent", "death", "anchor", "anchor_day")


def check_laid_over(specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the sheets that are laid over the SDTM: unknown domains, targets, rules and terms.

    What a contractor's data set has beyond the standard is known only when it is there: its names are taken as written.
    """
    for domain, path in specs.mappings.items():
        read = read_grid(path, str(path.relative_to(specs.root)))
        if not isinstance(read, Grid):
            yield read
        elif domain not in domains(specs):
            near = did_you_mean(domain, domains(specs))
            yield read.problem(1, "form", ERROR, f"there is no domain {domain.upper()}", near)
        else:
            yield from _of_sheet(read, domain, specs, ct)


def _of_sheet(grid: Grid, domain: str, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    spec = specs.datasets[domain]
    further = {f"SUPP.{name}": Variable(name) for name in ct.loc[ct["codelist"].str[:4] == "SUPP", "submission"]}
    known = Known(_fields(grid, specs), spec.by_name | further, frozenset(ct["codelist"]))
    yield from mapping.check_sheet(grid, known)
    if not grid.lacks(*mapping.COLUMNS):
        yield from mapping.check_numbers(grid, spec, ct)
        yield from mapping.check_constants(grid, values.of_dataset(spec.variables, ct))


def _fields(grid: Grid, specs: Specs) -> dict[str, list[str]]:
    """The variables of each data set: those of its spec, and what the sheet names of it."""
    by_dataset = {specs.datasets[name].dataset: list(specs.datasets[name].names) for name in domains(specs)}
    for _, row in grid.rows:
        words = VARIABLE.findall(f"{row.get('source', '')} {row.get('where', '')}")
        own = by_dataset.setdefault(row.get("form", ""), [])
        own += [word for word in words if word not in own]
    return by_dataset


def check_words(document: Document, specs: Specs) -> Iterator[Problem]:
    """Words of study.yaml that name raw forms, and domains that cannot be left uncollected."""
    for word in RAW_WORDS:
        if word in document.content:
            what = f"{word} names a raw form, and the study starts from SDTM"
            yield document.problem((word,), ERROR, what, "take it out")
    others = [name for name in domains(specs) if name != SUBJECTS.lower()]
    for number, name in enumerate(document.content.get("not_collected", [])):
        if name.lower() not in others:
            what = f"the domain {name.upper()} cannot be left uncollected"
            yield document.problem(("not_collected", number), ERROR, what, did_you_mean(name.lower(), others))
