"""Tables that any study shares (cut, units, grading), each cell against the words that code knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.ground.words import did_you_mean
from pipeline.lint.conformance import check_rules
from pipeline.lint.places import ERROR, Grid, Problem, read_grid
from pipeline.lint.units import check_row_of_units
from pipeline.study import shapes

NEEDED = ("decisions.yaml", "results.yaml", "cut.csv", "units.csv", "terminology/codelists.csv")
SIGNS = ("<", "<=", ">", ">=")
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "ctcae.csv": {
        "direction": ("L", "H"), "baseline": ("", "NORMAL", "ABNORMAL", "LOW"), "worst": ("", "Y"),
        "compare": SIGNS, "reference": ("", "ULN", "LLN", "BASE"), "grade": ("1", "2", "3", "4", "5"),
    },
    "icaht.csv": {
        "ends": ("", "Y"), "how": ("run", "sum", "count", "never", "nadir", "recovery"), "compare": SIGNS,
        "grade": ("", "0", "1", "2", "3", "4"),
    },
    "hematotox.csv": {"compare": SIGNS},
    "iechs.csv": {"needed": ("", "Y"), "direction": ("L", "H"), "baseline": ("", "NORMAL", "ABNORMAL"),
                  "compare": SIGNS, "reference": ("", "ULN", "LLN", "BASE")},
    "cut.csv": {"action": ("out", "reopen", "blank", "reset")},
    "visits.csv": {"RESPFL": ("Y", "N", ""), "PREFL": ("Y", "N", "")},
    "codelists.csv": {"extensible": ("Y", "N")}, "sdtmct.csv": {"extensible": ("Y", "N")},
    "sdtmig.csv": {"type": ("text", "number"), "core": ("Req", "Exp", "Perm", "")},
    "eligibility.csv": {"IECAT": ("INCLUSION", "EXCLUSION")},
    "links.csv": {"partner": ("", "optional")},
}  # fmt: skip
ONCE = {
    "units.csv": ("domain", "test", "from"), "eligibility.csv": ("IETESTCD", "TIVERS"),
    "not_submitted.csv": ("FORM", "FIELD"), "abbreviations.csv": ("abbreviation", "within"),
    "translations.csv": ("TEXT",),
}  # fmt: skip


def check_tables(root: Path, folder: Path) -> Iterator[Problem]:
    """Problems of the shared tables and of a study's own of the same names."""
    standard = root / "specs" / "standard"
    for name in NEEDED:
        if not (standard / name).exists():
            what = f"{name} is missing; every study rests on it"
            yield Problem(str((standard / name).relative_to(root)), 1, 1, ERROR, what, "restore it")
    for home in (standard, folder):
        for path in sorted(home.rglob("*.csv")):
            kind, grid = shapes.table_kind(path.name), read_grid(path, str(path.relative_to(root)))
            if isinstance(grid, Grid) and not grid.lacks(*shapes.COLUMNS.get(kind, ())):
                yield from _words(grid, kind)
                yield from _once(grid, ONCE.get(path.name, ()))
                yield from (p for name, check in OF.items() if name == path.name for p in check(grid))


def _words(grid: Grid, name: str) -> Iterator[Problem]:
    """Cells that must be one of a few words."""
    for column, known in WORDS.get(name, {}).items() if set(WORDS.get(name, ())) <= set(grid.header) else ():
        for line, row in grid.rows:
            if row[column] not in known:
                cure = did_you_mean(row[column], [one for one in known if one])
                yield grid.problem(line, column, ERROR, f"{column} cannot be '{row[column]}'", cure)


def _once(grid: Grid, columns: tuple[str, ...]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in grid.rows if columns and set(columns) <= set(grid.header) else ():
        key = tuple(row[column] for column in columns)
        if key in seen:
            what = f"{' '.join(key)} stands on line {seen[key]} too"
            yield grid.problem(line, columns[0], ERROR, what, "keep one of them")
        seen.setdefault(key, line)


def _visits(grid: Grid) -> Iterator[Problem]:
    """A visit has a number and a name of its own, and a folder of its own where it has one."""
    for line, row in grid.rows:
        if (row.get("VISITNUM") == "") != (row.get("VISIT") == ""):
            column = "VISIT" if row["VISITNUM"] else "VISITNUM"
            yield grid.problem(line, column, ERROR, f"{column} is empty", "every visit has a number and a name")
    for column in ("VISIT", "FOLDER"):
        named = Grid(grid.name, grid.header, [(n, row) for n, row in grid.rows if row.get(column)], grid.lines)
        yield from _once(named, (column,))


def _translations(grid: Grid) -> Iterator[Problem]:
    """A translation is what a transport file can hold."""
    for line, row in grid.rows:
        if not row["ENGLISH"].strip() or not row["ENGLISH"].isascii():
            what = f"'{row['TEXT']}' has no translation in signs of ASCII"
            yield grid.problem(line, "ENGLISH", ERROR, what, "write the English words, or strike the line")


OF: dict[str, Callable[[Grid], Iterator[Problem]]] = {
    "units.csv": check_row_of_units, "visits.csv": _visits, "translations.csv": _translations,
    "conformance.csv": check_rules,
}  # fmt: skip
