"""What text variables of analysis datasets can hold, as far as specs and code say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache

import pandas as pd

from pipeline.ground import source
from pipeline.ground.grammar import Comparison
from pipeline.ground.metadata import DatasetSpec
from pipeline.lint.levels import with_study
from pipeline.lint.values import ClauseField, as_seen, dated, of_dataset
from pipeline.study.csv_text import load_table
from pipeline.study.declared import ADSL
from pipeline.study.specs import Specs

PREDECESSOR, DERIVED = "Predecessor", ("Derived", "Assigned")


@dataclass(frozen=True)
class KnownValues:
    """What one study's datasets can hold, looked up once: fields by dataset, and all that code and specs say."""

    specs: Specs
    ct: pd.DataFrame
    text: str
    found: dict[str, dict[str, ClauseField]] = dataclass_field(default_factory=dict)

    def fields(self, name: str) -> dict[str, ClauseField]:
        """The variables of a dataset and of its records as seen, with the values that lists and the study name."""
        if name not in self.found:
            spec = self.specs.datasets[name]
            made = [one for one in spec.variables if one.name not in spec.numbered]  # after outputs have read it
            fields = of_dataset(made, self.ct)
            own = _inherited(spec, self.specs, self.ct)
            told = {one: field for one, field in own.items() if fields[one].values is None}
            visits = {one: field for one, field in _visits(self.specs).items() if one in fields}
            seen = as_seen(fields, {}) if name != ADSL and dated(name, fields) else {}
            self.found[name] = with_study({**seen, **fields, **told, **visits}, self.specs.study)
        return self.found[name]

    def derived(self, name: str) -> set[str]:
        """The variables of a dataset whose values code and specs give, not the data."""
        return {variable.name for variable in self.specs.datasets[name].variables if variable.origin in DERIVED}

    def says(self, literal: str) -> bool:
        """True where somebody says the text, or each of the parts that a colon joins."""
        return all(_stands(part.casefold(), self.text) for part in literal.split(": "))


def _stands(word: str, text: str) -> bool:
    """True where a text has the word, and not only as a part of a longer one."""
    at = text.find(word)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(word) : at + len(word) + 1]
        if not any(sign.isalnum() or sign == "_" for sign in around):
            return True
        at = text.find(word, at + 1)
    return False


def known_of(specs: Specs, ct: pd.DataFrame) -> KnownValues:
    """What is known of a study's datasets."""
    return KnownValues(specs, ct, said(specs).casefold())


def _inherited(spec: DatasetSpec, specs: Specs, ct: pd.DataFrame) -> dict[str, ClauseField]:
    """A variable that is taken over from SDTM as it is holds what the list of its source has."""
    found = {}
    of_domain = cache(lambda domain: of_dataset(specs.datasets[domain].variables, ct))
    for variable in spec.variables:
        domain, _, name = variable.source.partition(".")
        if variable.origin == PREDECESSOR and domain.lower() in specs.datasets and name.isalnum():
            field = of_domain(domain.lower()).get(name)
            if field is not None and field.values is not None and variable.type == "text":
                found[variable.name] = field
    return found


def _visits(specs: Specs) -> dict[str, ClauseField]:
    """The visits that visits.csv plans: records of no other can be."""
    if "visits" not in specs.tables:
        return {}
    table = pd.concat([load_table(path) for path in specs.table_files("visits")])
    names = frozenset(table["VISIT"]) - {""}
    return {"VISIT": ClauseField("text", names, "visits.csv")} if names else {}


@cache
def _said_by_code() -> str:
    """The code of analysis datasets as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((source.CODE / "adam").rglob("*.py")))


def said(specs: Specs) -> str:
    """All that the code of analysis datasets, and spec files but outputs, say: every derived value is in that text."""
    homes = (specs.root / "specs" / "standard", specs.folder)
    paths = [path for home in homes for path in sorted(home.rglob("*.*")) if path.suffix in (".yaml", ".csv")]
    texts = [path.read_text(encoding="utf-8-sig") for path in paths if path.parent.name != "tlf"]
    return "\n".join([_said_by_code(), *texts])


def unsaid(comparison: Comparison, name: str, known: KnownValues) -> Iterator[str]:
    """The literals that a derived variable of a dataset is compared with, and that nobody says: it never is one."""
    variable, right = comparison.left.id, comparison.right
    field = known.fields(name).get(variable)
    if field is None or field.kind != "text" or field.values is not None or variable not in known.derived(name):
        return
    for literal in right if isinstance(right, tuple) else (right,):
        if isinstance(literal, str) and literal and not known.says(literal):
            yield literal
