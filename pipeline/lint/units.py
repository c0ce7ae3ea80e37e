"""units.csv and what the mapping sheets say of units: each that a sheet can bring is turned, or is the standard one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.mapping import Terms
from pipeline.lint.places import ERROR, Grid, Problem
from pipeline.study import shapes
from pipeline.study.contracts import Field
from sdtm.mapping.sheet import EVERY
from sdtm.mapping.terms import looked_up
from sdtm.units import TREATMENT

PER_WEIGHT = "/kg"


class UnitRows(NamedTuple):
    """What units.csv says of a domain: the standard unit by test and collected unit, and the tests it names."""

    to: Mapping[tuple[str, str], str]
    tests: frozenset[str]

    def turned(self, test: str, unit: str) -> str:
        """The standard unit of a result in this unit; '' where there is no row."""
        return self.to.get((test, unit), self.to.get(("", unit), ""))

    def standard(self, test: str) -> str:
        """The standard unit of a test; '' where units.csv knows nothing of it."""
        return next((to for (of, _), to in self.to.items() if of == test), "")


def units_of(rows: Collection[Mapping[str, str]], domain: str) -> UnitRows:
    """The rows of units.csv for one domain."""
    own = [row for row in rows if row["domain"] == domain]
    to = {(row["test"], row["from"]): row["to"] for row in own}
    return UnitRows(to, frozenset(row["test"] for row in own if row["test"]))


def check_row_of_units(grid: Grid) -> Iterator[Problem]:
    """What a table says by itself: factors above 0, one standard unit of a test, amounts per weight apart."""
    standard: dict[tuple[str, str], str] = {}
    for line, row in grid.rows:
        test, unit = (row["domain"], row["test"]), row["to"]
        if row["test"] and standard.setdefault(test, unit) != unit:
            what = f"the standard unit of {row['test']} is {standard[test]} and {unit}"
            yield grid.problem(line, "to", ERROR, what, "a test has one standard unit")
        if shapes.NUMBER.fullmatch(row["factor"]) and float(row["factor"] or 1) <= 0:
            yield grid.problem(line, "factor", ERROR, "factor must be above 0", "to = from x factor + offset")
        if row["from"] == row["to"] and (row["factor"] or "1", row["offset"] or "0") != ("1", "0"):
            what = f"{row['from'] or 'no unit'} is turned to itself by another factor than 1"
            yield grid.problem(line, "factor", ERROR, what, "a unit is turned to itself by 1")
        if row["from"] and (PER_WEIGHT in row["from"]) != (PER_WEIGHT in row["to"]):
            what = f"{row['from']} cannot be turned to {row['to']}: one is per weight, the other is not"
            yield grid.problem(line, "to", ERROR, what, "keep amounts per kg apart; a dose per kg is derived in ADaM")


def check_table(grids: list[Grid], specs: Mapping[str, DatasetSpec], ct: pd.DataFrame,
                treatments: Collection[str]) -> Iterator[Problem]:  # fmt: skip
    """Domains, tests and units that nobody knows; a test with two standard units, in the standard's or the study's."""
    standard: dict[tuple[str, str], str] = {}
    lists = submissions(ct)
    for grid in grids:
        for line, row in grid.rows:
            spec = specs.get(row["domain"].lower())
            of = units_variable(row["domain"], spec) if spec else ""
            if not of or not spec:
                known = [n.upper() for n, s in specs.items() if units_variable(n.upper(), s)]
                what = f"{row['domain']} is no domain with results or doses"
                yield grid.problem(line, "domain", ERROR, what, did_you_mean(row["domain"], known))
                continue
            yield from _named(grid, line, row, spec, lists, treatments)
            key = (row["domain"], row["test"])
            if row["test"] and standard.setdefault(key, row["to"]) != row["to"]:
                what = f"the standard unit of {row['test']} is {standard[key]} and {row['to']}"
                yield grid.problem(line, "to", ERROR, what, "a test has one standard unit")


def units_variable(domain: str, spec: DatasetSpec) -> str:
    """The variable of a domain that holds the unit of its results or doses."""
    named = [f"{domain}ORRESU", *([f"{domain}DOSU"] if domain in TREATMENT else [])]
    return next((name for name in named if name in spec.names), "")


def _named(grid: Grid, line: int, row: Mapping[str, str], spec: DatasetSpec, lists: Mapping[str, Collection[str]],
           treatments: Collection[str]) -> Iterator[Problem]:  # fmt: skip
    domain = row["domain"]
    known = treatments if domain == "EX" else _terms(lists, spec, f"{domain}TESTCD")
    if row["test"] and known and row["test"] not in known:
        yield grid.problem(line, "test", ERROR, f"unknown test '{row['test']}'", did_you_mean(row["test"], known))
    for column in ("from", "to"):
        units = _terms(lists, spec, units_variable(domain, spec))
        if row[column] and units and row[column] not in units:
            what = f"'{row[column]}' is no submission value of {units_variable(domain, spec)}"
            yield grid.problem(line, column, ERROR, what, did_you_mean(row[column], units))
    if not row["from"] and not row["test"]:
        yield grid.problem(line, "from", ERROR, "the row names neither a test nor a unit", "name one of them")


def submissions(ct: pd.DataFrame) -> dict[str, set[str]]:
    """The submission values of each codelist."""
    found: dict[str, set[str]] = {}
    for codelist, value in zip(ct["codelist"].tolist(), ct["submission"].tolist(), strict=True):
        found.setdefault(codelist, set()).add(value)
    return found


def _terms(lists: Mapping[str, Collection[str]], spec: DatasetSpec, variable: str) -> Collection[str]:
    codelist = spec.by_name[variable].codelist if variable in spec.by_name else ""
    return lists.get(codelist, ()) if codelist else ()


def check_sheet(whole: list[Grid], domain: str, spec: DatasetSpec, units: UnitRows, lists: values.Lists,
                entries: Mapping[str, Field], known_of: Terms) -> Iterator[Problem]:  # fmt: skip
    """Blocks of a sheet whose unit is not the standard one and has no row in units.csv: a constant, or a listed one."""
    domain = domain.upper()
    unit = units_variable(domain, spec)
    if not unit:
        return
    rows = [(grid, line, row) for grid in whole for line, row in grid.rows if row["form"]]
    first: dict[str, str] = {}
    for form, block in dict.fromkeys((row["form"], row["block"]) for _, _, row in rows):
        if block == EVERY and any(r["form"] == form and r["block"] != EVERY for _, _, r in rows):
            continue
        own = [one for one in rows if one[2]["form"] == form and one[2]["block"] in (block, EVERY)]
        yield from _block(own, domain, unit, units, _collected(own, unit, spec, lists, entries, known_of))
        yield from _promised(own, domain, unit, spec.by_name[unit].codelist, entries, known_of)
        yield from _apart(own, domain, unit, units, first)


Rows = list[tuple[Grid, int, dict[str, str]]]


def _collected(own: Rows, unit: str, spec: DatasetSpec, lists: values.Lists, entries: Mapping[str, Field],
               known_of: Terms) -> dict[int, list[str]]:  # fmt: skip
    """By row of the unit: the submission units it can bring, as far as the specs tell (a constant, a listed field)."""
    codelist = spec.by_name[unit].codelist
    known = known_of(codelist) if codelist else {}
    found = {}
    for number, (_, _, row) in enumerate(own):
        if row["target"] != unit:
            continue
        entry = entries.get(f"{row['form']}.{row['source'].split()[0]}") if row["source"].split() else None
        if row["rule"] == "hardcode":
            found[number] = [row["source"]]
        elif entry and entry.codelist in lists:
            codes, said = (pd.Series(one, dtype="str") for one in zip(*lists[entry.codelist], strict=True))
            meant = looked_up(codes, known, codelist).fillna(looked_up(said, known, codelist))
            found[number] = list(meant.fillna(said).drop_duplicates())
    return found


def _promised(own: Rows, domain: str, unit: str, codelist: str, entries: Mapping[str, Field],
              known_of: Terms) -> Iterator[Problem]:  # fmt: skip
    """A unit that a sheet says itself and that is not the one the raw contract says its field is collected in."""
    said = {row["target"]: one for one in own for row in (one[2],) if row["rule"] == "hardcode" and not row["where"]}
    collected = unit in {row["target"] for *_, row in own}
    constant = said.get(unit) or (None if collected else said.get(f"{domain}STRESU"))
    results = [row for *_, row in own if row["target"] in (f"{domain}ORRES", f"{domain}DOSE") and not row["where"]]
    if not constant or len(results) != 1 or not results[0]["source"].split():
        return
    entry = entries.get(f"{results[0]['form']}.{results[0]['source'].split()[0]}")
    known = known_of(codelist) if codelist else {}
    both = pd.Series([entry.unit if entry else "", constant[2]["source"]], dtype="str")
    meant = looked_up(both, known, codelist).tolist()
    if meant[0] == meant[0] and meant[0] and meant[0] != meant[1]:
        grid, line, row = constant
        what = f"the raw contract says that {entry.name if entry else ''} is in {both[0]}, not in {row['source']}"
        column = "unit" if "unit" in grid.header else "source"
        yield grid.problem(line, column, ERROR, what, "say the collected unit; units.csv turns it to the standard one")


def _block(own: Rows, domain: str, unit: str, units: UnitRows, brought: Mapping[int, list[str]]) -> Iterator[Problem]:
    constant = {row["target"]: row["source"] for _, _, row in own if row["rule"] == "hardcode" and not row["where"]}
    test = constant.get(TREATMENT.get(domain, f"{domain}TESTCD"), "")
    wanted = constant.get(f"{domain}STRESU", "")
    standard = units.standard(test) if test else ""
    for number, possible in brought.items():
        grid, line, _ = own[number]
        lost = _lost(possible, domain, test, standard or wanted, units)
        if lost:
            goal = standard or wanted or "STANDARD UNIT"
            near = did_you_mean(lost[0], [u for t, u in units.to if t in (test, "") and u])
            cure = near if near.startswith("did") else f"add the row {domain},{test},{lost[0]},{goal},FACTOR,, to it"
            what = f"units.csv has no factor for {test or domain} in {lost[0]}: its results would count nowhere"
            yield grid.problem(line, "unit" if "unit" in grid.header else "source", ERROR, what, cure)
    if wanted and standard and wanted != standard:
        grid, line, _ = next(one for one in own if one[2]["target"] == f"{domain}STRESU")
        what = f"units.csv turns {test} to {standard}, not to {wanted}"
        yield grid.problem(line, "source", ERROR, what, "take the row out; units.csv says the standard unit")


def _apart(own: Rows, domain: str, unit: str, units: UnitRows, first: dict[str, str]) -> Iterator[Problem]:
    """A test that blocks give several units (`first`: by test the one before), none of them known as its standard."""
    constant = {one[2]["target"]: one for one in own if one[2]["rule"] == "hardcode" and not one[2]["where"]}
    if domain in TREATMENT or not {unit, f"{domain}TESTCD"} <= set(constant) or f"{domain}STRESU" in constant:
        return
    test, said = constant[f"{domain}TESTCD"][2]["source"], constant[unit][2]["source"]
    before = first.setdefault(test, said)
    if before != said and not units.turned(test, said) and not units.standard(test):
        grid, line, _ = constant[unit]
        what = f"{test} is in {before} and in {said}, and units.csv does not say which is its standard unit"
        cure = f"add the rows {domain},{test},{before},{before},1,, and {domain},{test},{said},{before},FACTOR,, to it"
        yield grid.problem(line, "unit" if "unit" in grid.header else "source", ERROR, what, cure)


def _lost(possible: list[str], domain: str, test: str, wanted: str, units: UnitRows) -> list[str]:
    """The units that are neither turned nor the standard one. Where no row names test or standard the records tell."""
    if domain in TREATMENT:
        strict = test in units.tests or (domain == "EX" and len(possible) > 1)
        return [unit for unit in possible if strict and not units.turned(test, unit)]
    if not test and not wanted:
        return []
    return [unit for unit in possible if not _fits(unit, test, wanted, units, len(possible) == 1)]


def _fits(unit: str, test: str, wanted: str, units: UnitRows, alone: bool) -> bool:
    """True for a unit that is turned (to the standard one), is the standard one, or the only one there is."""
    to = units.turned(test, unit)
    if to:
        return wanted in ("", to)
    return unit == wanted if wanted else alone
