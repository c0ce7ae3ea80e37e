"""Tables that any study shares (cut, endpoints, units, grading), each cell against the words that code knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pandas as pd

from adam.adtte import ORIGINS
from adam.derive.tte import EVENTS, RULES
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Grid, Problem, read_grid
from pipeline.study import shapes

NEEDED = ("decisions.yaml", "results.yaml", "cut.csv", "endpoints.csv", "units.csv", "terminology/codelists.csv")
PARAMETER = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "endpoints.csv": {
        "POPULATION": ("INFUSED", "RESPONDERS"), "ORIGIN": ("TTE_ORIGIN", *ORIGINS), "EVENTS": tuple(EVENTS),
        "RULES": tuple(RULES),
    },
    "ctcae_v5.csv": {
        "direction": ("L", "H"), "baseline": ("", "NORMAL", "ABNORMAL"), "worst": ("", "Y"),
        "compare": ("<", "<=", ">", ">="), "reference": ("", "ULN", "LLN", "BASE"), "grade": ("1", "2", "3", "4", "5"),
    },
    "cut.csv": {"action": ("out", "reopen", "blank", "reset")},
    "visits.csv": {"RESPFL": ("Y", "N", ""), "PREFL": ("Y", "N", "")},
    "codelists.csv": {"extensible": ("Y", "N")},
}  # fmt: skip
SEVERAL = ("EVENTS", "RULES")
ONCE = {"endpoints.csv": ("PARAMCD",), "units.csv": ("LBTESTCD", "LBORRESU")}


def check_tables(root: Path, folder: Path) -> Iterator[Problem]:
    """Problems of the shared tables and of a study's own of the same names."""
    standard = root / "specs" / "standard"
    for name in NEEDED:
        if not (standard / name).exists():
            what = f"{name} is missing; every study rests on it"
            yield Problem(str((standard / name).relative_to(root)), 1, 1, ERROR, what, "restore it")
    for home in (standard, folder):
        for path in sorted(home.rglob("*.csv")):
            grid = read_grid(path, str(path.relative_to(root)))
            if isinstance(grid, Grid) and not grid.lacks(*shapes.COLUMNS.get(path.name, ())):
                yield from _words(grid, path.name)
                yield from _once(grid, ONCE.get(path.name, ()))
                yield from (p for name, check in OF.items() if name == path.name for p in check(grid))


def _words(grid: Grid, name: str) -> Iterator[Problem]:
    """Cells that must be one of a few words (`SEVERAL`: some of them)."""
    for column, known in WORDS.get(name, {}).items() if set(WORDS.get(name, ())) <= set(grid.header) else ():
        for line, row in grid.rows:
            said = row[column].split() if column in SEVERAL else [row[column]]
            for word in [word for word in said or [""] if word not in known]:
                cure = did_you_mean(word, [one for one in known if one])
                yield grid.problem(line, column, ERROR, f"{column} cannot be '{word}'", cure)


def _once(grid: Grid, columns: tuple[str, ...]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in grid.rows if columns and set(columns) <= set(grid.header) else ():
        key = tuple(row[column] for column in columns)
        if key in seen:
            what = f"{' '.join(key)} stands on line {seen[key]} too"
            yield grid.problem(line, columns[0], ERROR, what, "keep one of them")
        seen.setdefault(key, line)


def _endpoints(grid: Grid) -> Iterator[Problem]:
    for line, row in grid.rows:
        if not PARAMETER.fullmatch(row.get("PARAMCD", "")):
            what = f"'{row.get('PARAMCD', '')}' is no parameter code"
            yield grid.problem(line, "PARAMCD", ERROR, what, "one to eight capitals and figures, a letter first")


def _units(grid: Grid) -> Iterator[Problem]:
    """Factors are above nothing; one test has one standard unit."""
    standard: dict[str, str] = {}
    for line, row in grid.rows:
        if shapes.NUMBER.fullmatch(row["FACTOR"]) and float(row["FACTOR"] or 1) <= 0:
            yield grid.problem(line, "FACTOR", ERROR, "FACTOR must be above 0", "standard = collected x FACTOR")
        test, unit = row.get("LBTESTCD", ""), row.get("LBSTRESU", "")
        if standard.setdefault(test, unit) != unit:
            what = f"the standard unit of {test} is {standard[test]} and {unit}"
            yield grid.problem(line, "LBSTRESU", ERROR, what, "a test has one standard unit")


def _visits(grid: Grid) -> Iterator[Problem]:
    """A visit has a number and a name of its own, and a folder of its own where it has one."""
    for line, row in grid.rows:
        if (row.get("VISITNUM") == "") != (row.get("VISIT") == ""):
            column = "VISIT" if row["VISITNUM"] else "VISITNUM"
            yield grid.problem(line, column, ERROR, f"{column} is empty", "every visit has a number and a name")
    for column in ("VISIT", "FOLDER"):
        named = Grid(grid.name, grid.header, [(n, row) for n, row in grid.rows if row.get(column)], grid.lines)
        yield from _once(named, (column,))


def check_tests(root: Path, folder: Path, ct: pd.DataFrame) -> Iterator[Problem]:
    """A unit of a test that no terminology knows is never used; a unit that the sheet of LB gives needs its factor."""
    known, pairs = set(ct.loc[ct["codelist"] == "LBTESTCD", "submission"]), set()
    for path in [home / "units.csv" for home in (root / "specs" / "standard", folder)]:
        grid = read_grid(path, str(path.relative_to(root))) if path.exists() else None
        if not isinstance(grid, Grid):
            continue
        for line, row in grid.rows:
            pairs.add((row["LBTESTCD"], row["LBORRESU"]))
            if row["LBTESTCD"] not in known:
                what = f"unknown test '{row['LBTESTCD']}'"
                yield grid.problem(line, "LBTESTCD", ERROR, what, did_you_mean(row["LBTESTCD"], known))
    path = folder / "mapping" / "lb.csv"
    sheet = read_grid(path, str(path.relative_to(root))) if path.exists() else None
    if isinstance(sheet, Grid) and {"form", "block", "target", "rule", "source"} <= set(sheet.header):
        yield from _without_factor(sheet, pairs)


def _without_factor(sheet: Grid, pairs: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """Constants of one block that name a test and a unit for which no factor is known: its results count nowhere."""
    given: dict[tuple[str, str], dict[str, str]] = {}
    for line, row in sheet.rows:
        if row["rule"] == "hardcode" and row["target"] in ("LBTESTCD", "LBORRESU"):
            said = given.setdefault((row["form"], row["block"]), {})
            said[row["target"]] = row["source"]
            test, unit = said.get("LBTESTCD", ""), said.get("LBORRESU", "")
            if test and unit and (test, unit) not in pairs:
                cure = did_you_mean(unit, [u for t, u in pairs if t == test and u])
                what = f"units.csv has no factor for {test} in {unit}: its results would count nowhere"
                yield sheet.problem(line, "source", ERROR, what, cure)


OF: dict[str, Callable[[Grid], Iterator[Problem]]] = {
    "endpoints.csv": _endpoints, "units.csv": _units, "visits.csv": _visits,
}  # fmt: skip
