"""links.csv: forms and fields that are there, keys that fit, conditions and domains that can be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.engine.mapping_sheets import domain_forms
from pipeline.ground import clauses
from pipeline.ground.grammar import Name
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, WARNING, Grid, Problem
from pipeline.study.contracts import NUMBERS, Field
from pipeline.study.specs import Specs
from sdtm.mapping.links import BY_DATE, CHOICES

ENDS = (("form", "keys", "where"), ("to_form", "to_keys", "to_where"))
Columns = Mapping[str, Mapping[str, Field]]


def with_linked(columns: Columns, grids: list[Grid]) -> dict[str, dict[str, Field]]:
    """The columns that sources and conditions of each form may name: its own, and `FORM.FIELD` of linked forms."""
    found = {form: dict(own) for form, own in columns.items()}
    for row in (row for grid in grids for _, row in grid.rows):
        for form, other in ((row["form"], row["to_form"]), (row["to_form"], row["form"])):
            if form in found and other in columns:
                found[form] |= {f"{other}.{name}": entry for name, entry in columns[other].items()}
    return found


def check_links(grids: list[Grid], columns: Columns, lists: values.Lists, specs: Specs) -> Iterator[Problem]:
    """Problems of every link."""
    seen: dict[str, int] = {}
    for grid in grids:
        for line, row in grid.rows:
            before = seen.setdefault(row["link"], line)
            if not row["link"] or before != line:
                what = f"the link {row['link']} stands on line {before} too" if row["link"] else "the link has no name"
                yield grid.problem(line, "link", ERROR, what, "give each link its own name")
            yield from _ends(grid, line, row, columns, lists)
            yield from _several(grid, line, row, columns)
            yield from _domains(grid, line, row, specs)


def _ends(grid: Grid, line: int, row: Mapping[str, str], columns: Columns, lists: values.Lists) -> Iterator[Problem]:
    for form, keys, where in ENDS:
        if row[form] not in columns:
            yield grid.problem(line, form, ERROR, f"unknown form '{row[form]}'", did_you_mean(row[form], columns))
            continue
        own = columns[row[form]]
        for key in [key for key in row[keys].split() if key not in own]:
            yield grid.problem(line, keys, ERROR, f"{row[form]} has no field {key}", did_you_mean(key, own))
        for what, cure in values.slips(row[where], values.as_collected(own, lists), {}, f"the form {row[form]}"):
            yield grid.problem(line, where, ERROR, what, cure)
        yield from _numbers(grid, line, where, row[where], own)
    many, to = len(row["keys"].split()), len(row["to_keys"].split())
    if many != to or not many:
        what = f"{many} fields point to {to}"
        yield grid.problem(line, "keys", ERROR, what, "name as many on both sides, in the same order")
    if row["form"] == row["to_form"] and not (row["where"] and row["to_where"]):
        what = f"{row['form']} points to itself, and nothing tells its two kinds of records apart"
        yield grid.problem(line, "where", ERROR, what, "say where and to_where")


def _several(grid: Grid, line: int, row: Mapping[str, str], columns: Columns) -> Iterator[Problem]:
    """Which of several linked records counts: a word and a field of the form that points."""
    said, own = row.get("several", "").split(), columns.get(row["form"], {})
    if said and (len(said) != 2 or said[0] not in CHOICES):
        cure = f"write one of {', '.join(CHOICES)} and a field of {row['form']}: highest GRADE"
        yield grid.problem(line, "several", ERROR, f"'{row['several']}' does not say which of several counts", cure)
    elif said and own and said[1] not in own:
        what = f"{row['form']} has no field {said[1]}"
        yield grid.problem(line, "several", ERROR, what, did_you_mean(said[1], own))
    elif said and said[1] in own and (said[0] in BY_DATE) != (own[said[1]].type == "date"):
        kind = "a date" if said[0] in BY_DATE else "a number"
        yield grid.problem(line, "several", ERROR, f"'{said[0]}' asks for {kind}, which {said[1]} is not",
                           f"first and last take a date, highest and lowest a number or a code; {said[1]} is "
                           f"{own[said[1]].type}")  # fmt: skip


def _numbers(grid: Grid, line: int, column: str, where: str, own: Mapping[str, Field]) -> Iterator[Problem]:
    """Numbers held against text; two fields of numbers, which links would compare as text."""
    if not clauses.named_in(where):
        return
    for slip, never in values.written_as(where, own):
        yield grid.problem(line, column, ERROR if never else WARNING, *slip)
    for one in clauses.read(where).comparisons:
        if isinstance(one.right, Name) and {own[n].type for n in (one.left.id, one.right.id) if n in own} & {*NUMBERS}:
            what = f"{one.left.id} and {one.right.id} are numbers, which a link compares with a number only"
            yield grid.problem(line, column, ERROR, what, "compare them in the `where` of the mapping sheet")


def _domains(grid: Grid, line: int, row: Mapping[str, str], specs: Specs) -> Iterator[Problem]:
    domains = row["domains"].split()
    if len(domains) not in (0, 2):
        cure = "the domain of form, then that of to_form: CM AE; or nothing"
        yield grid.problem(line, "domains", ERROR, f"'{row['domains']}' names {len(domains)} domains, not two", cure)
        return
    for domain, form in zip(domains, (row["form"], row["to_form"]), strict=False):
        made = [name.upper() for name in specs.mappings if form in domain_forms(specs, name)]
        if domain not in made:
            what = f"{form} makes no records of {domain}"
            yield grid.problem(line, "domains", ERROR, what, did_you_mean(domain, made))
