"""The mapping sheets of a study with their tables of tests: against contracts, domain specs and terminology."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline.gate.checks.catalogue import entries, needed, read_check, rules
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Variable
from pipeline.ground.words import did_you_mean
from pipeline.lint import impossible_conditions, long_form, mapping, units, values
from pipeline.lint.links import with_linked
from pipeline.lint.not_submitted import EVERY, excused_fields
from pipeline.lint.places import ERROR, WARNING, Document, Grid, Problem, read_grid
from pipeline.lint.versions import check_versions
from pipeline.study.contracts import Contract, Field
from pipeline.study.specs import Specs
from sdtm.mapping.sheet import Known
from sdtm.mapping.terms import terms

Columns = Mapping[str, Mapping[str, Field]]
WORD = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")


def check_sheets(
    specs: Specs, columns: Columns, entries: Mapping[str, Field], lists: values.Lists, ct: pd.DataFrame
) -> Iterator[Problem]:
    """Problems of every mapping sheet; `columns` are the columns of each form, `entries` those of FORM.FIELD."""
    linked = with_linked(columns, tables_named(specs, "links"))
    collected: dict[str, values.Fields] = {form: values.as_collected(own, lists) for form, own in linked.items()}
    known_of = cache(lambda codelist: terms(ct, codelist))
    extensible = frozenset(ct.loc[ct["extensible"] == "Y", "codelist"])
    further = {f"SUPP.{name}": Variable(name) for name in qualifiers(ct)}
    used, factors = used_fields(specs), [row for grid in tables_named(specs, "units") for _, row in grid.rows]
    for domain, path in specs.mappings.items():
        grid, tests = _grid(specs, path), _grid(specs, specs.tests.get(domain))
        assert grid is not None
        if domain not in specs.datasets:
            near = did_you_mean(domain, [n for n, s in specs.datasets.items() if s.layer == "sdtm"])
            yield grid.problem(1, "form", ERROR, f"there is no domain {domain.upper()}", near)
            continue
        spec = specs.datasets[domain]
        known = Known({f: list(c) for f, c in linked.items()}, spec.by_name | further, frozenset(ct["codelist"]))
        yield from mapping.check_sheet(grid, known)
        yield from long_form.check_tests(tests, domain, spec, known, ct) if tests else []
        if grid.lacks(*mapping.COLUMNS) or (tests and tests.lacks(*long_form.COLUMNS)):
            continue
        whole = [grid, *([long_form.written_out(tests, domain, known)] if tests else [])]
        yield from (slip for one in whole[1:] for slip in long_form.check_beside(grid, one))
        yield from mapping.check_lacking(whole, domain, spec, _made(specs, domain))
        yield from mapping.check_dates(whole, domain, spec, entries, used)
        for one in whole:
            yield from mapping.check_terms(one, entries, lists, spec, known_of, extensible)
            yield from check_versions(one, entries, lists, {v.name: v.codelist for v in spec.variables}, known_of)
            yield from mapping.check_numbers(one, spec, ct)
            yield from mapping.check_dating(one)
            yield from mapping.check_counted(one, specs.study.anchor)
            yield from mapping.check_chosen(one, ct)
            yield from mapping.check_conditions(one, collected, linked)
            yield from impossible_conditions.check_possible(one, linked, lists)
            yield from mapping.check_units(one, spec, ct, known_of)
            yield from mapping.check_constants(one, values.of_dataset(spec.variables, ct))
        turned = units.units_of(factors, domain.upper())
        yield from units.check_sheet(whole, domain, spec, turned, lists, entries, known_of)


def qualifiers(ct: pd.DataFrame) -> list[str]:
    """The names of supplemental qualifiers."""
    return list(ct.loc[ct["codelist"].str[:4] == "SUPP", "submission"])


def used_fields(specs: Specs) -> set[tuple[str, str]]:
    """The (form, field) pairs that a mapping sheet, a table of tests or study.yaml names."""
    sheets = [grid for path in specs.mappings.values() if (grid := _grid(specs, path))]
    rows = [row for grid in sheets for _, row in grid.rows if row.get("form")]
    words = [(row["form"], row.get("source", "").split(), WORD.findall(row.get("where", ""))) for row in rows]
    named = {(form, word) for form, source, where in words for word in (*source, *where)}
    tests = [grid for path in specs.tests.values() if (grid := _grid(specs, path))]
    named |= {(row.get("form", ""), row.get(cell, "")) for grid in tests for _, row in grid.rows
              for cell in ("field", "unit")}  # fmt: skip
    places = [place for word, told in specs.study.places.items() if word != "subjects" for place in told]
    named |= {tuple(word.split(".")) for _, word in named if word.count(".") == 1}
    links = [row for grid in tables_named(specs, "links") for _, row in grid.rows]
    named |= {(row[form], key) for row in links for form, keys in (("form", "keys"), ("to_form", "to_keys"))
              for key in row[keys].split()}  # fmt: skip
    return named | {(form, name) for form, _, name in (place.partition(".") for place in places)}


def asked_fields(specs: Specs) -> set[tuple[str, str]]:
    """The (form, field) pairs that only conditions of links, required fields and the study's own checks ask.

    What cannot be read is told where it is read for itself.
    """
    links = [row for grid in tables_named(specs, "links") for _, row in grid.rows]
    asked = {(row[form], word) for row in links for form, where in (("form", "where"), ("to_form", "to_where"))
             for word in WORD.findall(row[where])}  # fmt: skip
    asked |= {(form, word) for form, one in specs.contracts.items() for field in one.fields.values()
              for word in WORD.findall(field.required_where)}  # fmt: skip
    try:
        own = [read_check(entry, path, False) for path in sorted((specs.folder / "checks").glob("*.yaml"))
               for _, entry in entries(path)]  # fmt: skip
        return asked | {place for check in own if not check.domain and check.rule in {"", *rules()}
                        for place in needed(check, specs.contracts)}  # fmt: skip
    except TrialError:
        return asked


def unused_fields(contract: Contract, used: set[tuple[str, str]]) -> list[str]:
    """The fields of a form that nobody uses: no sheet, no table of tests, no link, no word of study.yaml."""
    names = [n for n in contract.fields if not {(contract.form, n), (contract.form, f"{n}_STD")} & used]
    return [name for name in names if name != contract.subject.column]


def check_mapped(specs: Specs, contracts: list[tuple[Document, Contract]]) -> Iterator[Problem]:
    """Fields of a form that are mapped to nothing and not listed in not_submitted.csv, so that a lost row is seen.

    What names or marks a record is used by its reader; an open point is told as that.
    """
    used = used_fields(specs) | asked_fields(specs)
    for document, contract in contracts:
        keys = {*contract.record, *contract.unique, contract.inactive.column if contract.inactive else ""}
        open_points = {field for form, field in _open(specs) if form == contract.form}
        excused = {name for form, name in excused_fields(specs) if form == contract.form}
        others = {*keys, *excused} | open_points
        if EVERY in excused:
            continue
        lost = [name for name in unused_fields(contract, used) if name not in others]
        if lost:
            are = "are" if len(lost) > 1 else "is"
            what = f"{len(lost)} of {len(contract.fields)} fields of {contract.form} {are} mapped to nothing: "
            cure = f"map them, or say why not in not_submitted.csv: {contract.form},{lost[0]},REASON"
            yield document.problem(("fields", lost[0]), WARNING, what + ", ".join(lost), cure)


def _open(specs: Specs) -> set[tuple[str, str]]:
    """The fields that stand as open points in mapping sheets (block OPEN)."""
    grids = [grid for path in specs.mappings.values() if (grid := _grid(specs, path))]
    words = [row["source"].split() for grid in grids for _, row in grid.rows if row.get("block") == mapping.MARK]
    return {(form, name) for word in words for one in word for form, _, name in [one.partition(".")] if name}


def check_essential(specs: Specs, contracts: list[tuple[Document, Contract]]) -> Iterator[Problem]:
    """A form without which no analysis is possible is used by somebody: else its records are lost in silence."""
    used = {form for form, _ in used_fields(specs)}
    for document, contract in contracts:
        if contract.essential and contract.form not in used:
            what = f"the form {contract.form} is essential, but no mapping sheet uses it"
            yield document.problem(("need",), ERROR, what, "map it, or say need: supportive")


def _grid(specs: Specs, path: Path | None) -> Grid | None:
    """A table that was read before, for its structure; None where there is none."""
    read = read_grid(path, str(path.relative_to(specs.root))) if path else None
    return read if isinstance(read, Grid) else None


def tables_named(specs: Specs, name: str) -> list[Grid]:
    """The standard's table of a name and the study's own, as far as they are there."""
    paths = specs.table_files(name) if name in specs.tables else []
    return [grid for path in paths if (grid := _grid(specs, path))]


def _made(specs: Specs, domain: str) -> set[str]:
    """Variables that the recipe of a domain, or the root of all reference dates, makes itself."""
    found = {"reference_dates"} & set(specs.datasets)
    made = {v for name in found for v in specs.datasets[name].names}
    return made | ({"AESEQ"} if domain == "ae" else set())
