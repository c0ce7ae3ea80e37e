"""not_submitted.csv: fields that go to no domain, each with its reason; one that is mapped does not belong there."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Grid, Problem, read_grid
from pipeline.study.specs import Specs

TABLE, EVERY = "not_submitted", "*"


def excused_fields(specs: Specs) -> set[tuple[str, str]]:
    """The (form, field) pairs that the tables name, `*` for any."""
    return {(row["FORM"], row["FIELD"]) for grid in _tables(specs) for _, row in grid.rows}


def check_not_submitted(specs: Specs) -> Iterator[Problem]:
    """Rows of the study's table whose form or field is not there or is mapped; in any table, rows without a reason."""
    mapped = mapped_fields(specs)
    for grid in _tables(specs):
        own = grid.name == str((specs.folder / f"{TABLE}.csv").relative_to(specs.root))
        for line, row in grid.rows:
            if not row["REASON"].strip():
                yield grid.problem(line, "REASON", ERROR, "a field is not submitted for a reason", "say it")
            if own:
                yield from _place(grid, line, (row["FORM"], row["FIELD"]), specs)
                yield from _mapped(grid, line, (row["FORM"], row["FIELD"]), mapped)


def _place(grid: Grid, line: int, place: tuple[str, str], specs: Specs) -> Iterator[Problem]:
    form, field = place
    contracts = [*specs.contracts.values()] if form == EVERY else [c for c in (specs.contracts.get(form),) if c]
    own = [] if form == EVERY else [name for contract in contracts for name in contract.fields]
    fields = {*own, *(name for contract in contracts for name in contract.carried)}
    if not contracts and "." not in form:
        cure = did_you_mean(form, specs.contracts) + "; a file that no contract knows goes by its name: NOTES.csv"
        yield grid.problem(line, "FORM", ERROR, f"there is no form {form}", cure)
    elif contracts and field != EVERY and field not in fields:
        what = f"{form} has no field {field}" if form != EVERY else f"no column {field} stands in every form"
        yield grid.problem(line, "FIELD", ERROR, what, did_you_mean(field, fields))


def _mapped(grid: Grid, line: int, place: tuple[str, str], mapped: dict[tuple[str, str], str]) -> Iterator[Problem]:
    form, field = place
    where = [of for (one, name), of in mapped.items() if one == form and field in (name, EVERY)]
    if where:
        what = f"{form} {field}".replace(f" {EVERY}", "") + " is mapped"
        yield grid.problem(line, "FIELD", ERROR, f"{what} ({where[0]})", "take it out of one of the two")


def mapped_fields(specs: Specs) -> dict[tuple[str, str], str]:
    """The (form, field) pairs that become values of a domain, with the sheet that says so.

    A field that only chooses records, or is asked by a condition, is none.
    """
    found: dict[tuple[str, str], str] = {}
    for path in (*specs.mappings.values(), *specs.tests.values()):
        grid = read_grid(path, str(path.relative_to(specs.root)))
        if not isinstance(grid, Grid):
            continue
        for _, row in grid.rows:
            words = row.get("source", "").split() if row.get("target") else [row.get("field", ""), row.get("unit", "")]
            for word in words:
                found.setdefault((row.get("form", ""), word.removesuffix("_STD")), grid.name)
    return found


def _tables(specs: Specs) -> list[Grid]:
    paths = specs.table_files(TABLE) if TABLE in specs.tables else []
    read = [read_grid(path, str(path.relative_to(specs.root))) for path in paths]
    return [grid for grid in read if isinstance(grid, Grid) and not grid.lacks("FORM", "FIELD", "REASON")]
