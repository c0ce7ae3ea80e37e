"""Forms of no subject, and the sheet that maps them: reference ranges are all that is made of such records."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lint.places import ERROR, Grid, Problem, read_grid
from pipeline.study.specs import Specs

RANGES = "reference_ranges"
TEST, LIMITS = "LBTESTCD", ("LBORNRLO", "LBORNRHI")


def check_ranges(specs: Specs) -> Iterator[Problem]:
    """Sheets that take a form of no subject for records of subjects; ranges that name no test, or no limit."""
    nobody = {form for form, contract in specs.contracts.items() if not contract.subject.column}
    for domain, path in specs.mappings.items():
        grid = read_grid(path, str(path.relative_to(specs.root)))
        if not isinstance(grid, Grid):
            continue
        rows = [(line, row) for line, row in grid.rows if row.get("form")]
        first = {str(row["form"]): line for line, row in reversed(rows)}
        for form, line in first.items():
            if domain != RANGES and form in nobody:
                what = f"{form} is of no subject: no records of {domain.upper()} can be made of it"
                yield grid.problem(line, "form", ERROR, what, f"map it in mapping/{RANGES}.csv, or say whose it is")
            targets = {row.get("target") for _, row in rows if row["form"] == form}
            if domain == RANGES and not (TEST in targets and targets & set(LIMITS)):
                lacking = TEST if TEST not in targets else " or ".join(LIMITS)
                what = f"the ranges of {form} have no {lacking}: no result would take a limit from them"
                yield grid.problem(line, "target", ERROR, what, f"add the row {form},,{lacking.split()[0]},RULE,FIELD,")
