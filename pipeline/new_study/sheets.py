"""The mapping sheets of a new study, from what its forms mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.new_study.dictionary import DictionaryField
from pipeline.new_study.meanings import load_meanings
from pipeline.new_study.proposals import RANGES, propose
from pipeline.new_study.proposed import CrfForm, ProposedRow, ProposedTest, Vocabulary, spelt
from pipeline.new_study.system import Carried
from pipeline.study import shapes
from pipeline.study.csv_text import load_sheet
from pipeline.study.datasets import dataset_spec

HEADER = ("form", "block", "target", "rule", "source", "where")
TERM_HEADER = ("codelist", "extensible", "collected", "submission", "code", "label")

OF_OTHERS = "RDOMAIN"  # of a domain that points to records of others, whose sheets tell it (CO)
COLLECTED = "Collected"  # what no variable of a domain is that is made of other domains (SE)


def standard_known(standard: Path) -> Vocabulary:
    """What the standard's specs know of domains, their tests and codelists. Raises TrialError with file and line."""
    paths = sorted((standard / "sdtm").glob("??.yaml"))
    every = {path.stem: dataset_spec(shapes.load(path, shapes.DATASET)) for path in paths}
    domains = {name: spec for name, spec in every.items() if any(v.origin == COLLECTED for v in spec.variables)
               and OF_OTHERS not in spec.by_name}  # fmt: skip
    codes = _codes(standard)
    lists = {name: frozenset(row["submission"] for row in rows) for name, rows in codes.items()}
    tests = {
        spec.dataset: {
            row["submission"]: row["label"]
            for row in codes.get(_codelist(spec.by_name.get(f"{spec.dataset}TESTCD")), ())
        }
        for spec in domains.values()
    }
    spellings = {
        name: {row["collected"] or row["submission"]: row["submission"] for row in rows} for name, rows in codes.items()
    }
    closed = frozenset(name for name, rows in codes.items() if rows[0]["extensible"] == "N")
    return Vocabulary(load_meanings(standard), domains, tests, lists, closed, spellings=spellings)


def _codes(standard: Path) -> dict[str, list[dict[str, str]]]:
    header, rows = load_sheet(standard / "terminology" / "codelists.csv")
    codes: dict[str, list[dict[str, str]]] = {}
    for _, cells in rows:
        row = dict(zip(header, cells, strict=True))
        codes.setdefault(row["codelist"], []).append(row)
    return codes


def _codelist(variable: Variable | None) -> str:
    return variable.codelist if variable else ""


def roster(forms: Mapping[str, Sequence[DictionaryField]], known: Vocabulary) -> str:
    """The form with one record per subject: demographics, else the first."""
    kinds = {form: known.meanings.kind_of(form, own[0].form_label, own) for form, own in forms.items()}
    return next((form for form, kind in kinds.items() if kind and kind.domain == "DM"), next(iter(forms), ""))


def mapping_sheets(
    forms: Mapping[str, Sequence[DictionaryField]], system: Carried, known: Vocabulary
) -> dict[str, str]:
    """The mapping sheets and tables of tests by file, and the study's codelists.csv with units nobody knew."""
    rows: dict[str, list[ProposedRow]] = {}
    tests: dict[str, list[ProposedTest]] = {}
    for form, own in forms.items():
        told = CrfForm(own, system.subject(own), system.carried, system.visit, form in system.of_nobody)
        proposal = propose(told, known)
        for domain, made in proposal.rows.items():
            rows.setdefault(domain, []).extend(made)
        for domain, measured in proposal.tests.items():
            units = known.spellings.get(_codelist(known.domains[domain].by_name.get(f"{domain.upper()}STRESU")), {})
            tests.setdefault(domain, []).extend(one._replace(unit=spelt(one.unit, units)) for one in measured)
    fields = {(f.form, f.unit_field) for own in forms.values() for f in own}
    constant = {domain: [one for one in own if (one.form, one.unit) not in fields] for domain, own in tests.items()}
    terms = [term for domain, measured in constant.items() for term in _new_units(known, domain, measured)]
    terms += [term for domain, made in rows.items() for term in _new_names(known, domain, made)]
    collected = {(f.form, f.name): f.codelist for own in forms.values() for f in own}
    terms += _translated(known, collected, rows, tests)
    sheets = {f"mapping/{domain}.csv": csv_text([HEADER, *made]) for domain, made in rows.items() if made}
    tables = {f"mapping/{d}_tests.csv": csv_text([ProposedTest._fields, *own]) for d, own in tests.items() if own}
    return sheets | tables | {"codelists.csv": csv_text([TERM_HEADER, *dict.fromkeys(terms)])}


def _new_units(known: Vocabulary, domain: str, tests: Iterable[ProposedTest]) -> list[tuple[str, ...]]:
    """Rows of codelists.csv for units of the dictionary that the terminology does not have."""
    variable = known.domains[domain].by_name.get(f"{domain.upper()}STRESU")
    name = _codelist(variable)
    units = [test.unit for test in tests if test.unit and test.unit not in known.lists.get(name, frozenset())]
    return [(name, "Y", "", unit, "", "") for unit in units] if name else []


def _spec(known: Vocabulary, domain: str) -> DatasetSpec:
    """The spec of a domain; reference ranges hold variables of LB."""
    return known.domains["lb" if domain == RANGES else domain]


def _new_names(known: Vocabulary, domain: str, rows: Iterable[ProposedRow]) -> list[tuple[str, ...]]:
    """Rows of codelists.csv for treatments that are named after their form."""
    target = f"{domain.upper()}TRT"
    name = _codelist(_spec(known, domain).by_name.get(target))
    said = [row.source for row in rows if row.target == target and row.rule == "hardcode"]
    return [(name, "Y", "", one, "", "") for one in said if name and one not in known.lists.get(name, frozenset())]


def _translated(
    known: Vocabulary,
    collected: Mapping[tuple[str, str], str],
    rows: Mapping[str, Iterable[ProposedRow]],
    tests: Mapping[str, Iterable[ProposedTest]],
) -> Iterator[tuple[str, ...]]:
    """Rows of codelists.csv for labels that the terminology does not have, but has by what they mean in English."""
    asked = [(one.list, one.form, one.field) for own in tests.values() for one in own if one.list]
    for domain, made in rows.items():
        by_name = _spec(known, domain).by_name
        asked += [(_codelist(by_name.get(row.target)), row.form, row.source) for row in made if row.rule == "assign_ct"]
        looked = [(row, row.source.split()) for row in made if row.rule == "lookup"]
        asked += [(words[1], row.form, words[0]) for row, words in looked]
    for codelist, form, name in asked:
        spelt = {said.casefold(): meant for said, meant in known.spellings.get(codelist, {}).items()}
        for label, english in known.english.get(collected.get((form, name), ""), {}).items():
            if english.casefold() in spelt and label.casefold() not in spelt:
                yield (codelist, "N" if codelist in known.closed else "Y", label, spelt[english.casefold()], "", "")


def csv_text(rows: Iterable[Any]) -> str:
    """A table as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
