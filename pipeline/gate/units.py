"""Whether results and doses can be turned to standard units: asked at the gate, before anything is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.gate.collected_codes import once_per_value
from pipeline.ground import clauses
from pipeline.ground.distinct import matching
from pipeline.ground.metadata import Variable
from pipeline.ground.queries import gather
from pipeline.ground.readable import NUMBER
from pipeline.study.contracts import numbers_of
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.chosen import coded_value, meeting
from sdtm.mapping.inputs import RuleInputs
from sdtm.mapping.links import links_of, with_all_linked
from sdtm.mapping.records import RECORD_RULES
from sdtm.mapping.sheet import EVERY
from sdtm.mapping.terms import looked_up, terms
from sdtm.units import standing

RESULT = rf"\s*[<>]?=?\s*{NUMBER}\s*"
TRANSLATED = ("assign_ct", "lookup")


class UnitBlock(NamedTuple):
    """Results of one block of a sheet whose unit is collected: their fields, the test where it is a constant.

    `wanted` is the standard unit that the sheet says, `choosing` the rows that choose the records of the block.
    """

    form: str
    test_field: str
    test: str
    unit: str
    result: str
    wanted: str = ""
    choosing: tuple[Mapping[str, str], ...] = ()


class LostResults(NamedTuple):
    """Results of one test of a block whose units (one per record) cannot be turned to the standard one."""

    domain: str
    block: UnitBlock
    test: str
    records: pd.DataFrame
    units: pd.Series


def unit_findings(raw: Mapping[str, pd.DataFrame], specs: Specs, asked: pd.DataFrame) -> pd.DataFrame:
    """One finding per form, test and unit whose results have no factor to the standard unit (RAW-UNIT).

    A result without a unit, or in a unit that is not in the form's list, is `asked` for already.
    """
    return not_asked(gather([unit_findings_of(domain, raw, specs) for domain in domains_of_units(specs)]), asked)


def domains_of_units(specs: Specs) -> list[str]:
    """The findings domains whose sheets or tables of tests take the unit of a result from a field."""
    named = specs.mappings if "units" in specs.tables else ()
    return [name for name in named if name in specs.datasets and any(_blocks(specs, name.upper()))]


def unit_findings_of(domain: str, raw: Mapping[str, pd.DataFrame], specs: Specs) -> pd.DataFrame:
    """As `unit_findings`, of a domain; those that are asked for already too."""
    return gather([one for lost in _lost_of(domain, raw, specs) for one in _queries(lost)])


def not_asked(whole: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Those of the findings of units whose value is not asked for as one that is in no list."""
    unlisted = asked[asked["check"] == "RAW-CODELIST"]
    again = set(zip(unlisted["form"], unlisted["field"], unlisted["value"], strict=True))
    cells = zip(whole["form"], whole["field"], whole["value"], strict=True)
    return whole[np.array([cell not in again for cell in cells], dtype=bool)]


def fields_of_units(specs: Specs, domain: str) -> dict[str, set[str]]:
    """By form whose records say the unit of results of a domain (by sheet and table of tests): what is asked for."""
    found: dict[str, set[str]] = {}
    for block in _blocks(specs, domain.upper()):
        named = {block.test_field, block.unit, block.result}.union(*map(_fields_choosing, block.choosing))
        found.setdefault(block.form, set()).update(name.removesuffix("_STD") for name in named)
    return found


def lost_results(raw: Mapping[str, pd.DataFrame], specs: Specs) -> Iterator[LostResults]:
    """Results without a factor, of the records that blocks of findings domains take.

    Looked at are blocks whose unit and result, and test where it is no constant, are fields.
    """
    return (lost for domain in domains_of_units(specs) for lost in _lost_of(domain, raw, specs))


def _lost_of(domain: str, raw: Mapping[str, pd.DataFrame], specs: Specs) -> Iterator[LostResults]:
    units, ct = (_whole(specs, name) for name in ("units", "ct"))
    links = links_of(_whole(specs, "links")) if "links" in specs.tables else ()
    variables = specs.datasets[domain].by_name
    lists = [variables[name].codelist if name in variables else "" for name in _names(domain.upper())[:2]]
    own = units[units["domain"] == domain.upper()]
    linked = with_all_linked(raw, [load_table(specs.mappings[domain])], links)[0]
    for block in _blocks(specs, domain.upper()):
        records = _chosen(linked[block.form], block, ct, specs) if block.form in linked else pd.DataFrame()
        if len(records):
            for test, rows, unit in _without_factor(records, block, (lists[0], lists[1]), ct, own):
                yield LostResults(domain.upper(), block, test, rows, unit)


def _whole(specs: Specs, name: str) -> pd.DataFrame:
    """A table of the standard and of the study as one."""
    return pd.concat([load_table(path) for path in specs.table_files(name)], ignore_index=True)


def _chosen(records: pd.DataFrame, block: UnitBlock, ct: pd.DataFrame, specs: Specs) -> pd.DataFrame:
    """The records that a block takes; none where a field was not delivered by which it chooses."""
    inputs, numbers = RuleInputs(Variable(""), ct, pd.DataFrame()), numbers_of(specs.contracts)
    for row in block.choosing:
        words = row["source"].split()
        if not _fields_choosing(row) <= set(records):
            return records[:0]
        records = meeting(records, row["where"], f"{block.form} of a mapping sheet", numbers.get(block.form, ()))
        records = records[RECORD_RULES[row["rule"]].make(records, words, inputs).values.astype(bool)]
    return records


def _fields_choosing(row: Mapping[str, str]) -> set[str]:
    """The fields by which a row of a sheet chooses records."""
    words, kinds = row["source"].split(), RECORD_RULES[row["rule"]].words
    fields = [word for at, word in enumerate(words) if kinds[min(at, len(kinds) - 1)].startswith("field")]
    return {*fields, *clauses.named_in(row["where"])}


def _names(domain: str) -> tuple[str, str, str]:
    """The variables of test, unit and result."""
    return f"{domain}TESTCD", f"{domain}ORRESU", f"{domain}ORRES"


def _blocks(specs: Specs, domain: str) -> Iterator[UnitBlock]:
    """The blocks of a domain whose unit is a field: of its mapping sheet, and of its table of tests."""
    sheet = load_table(specs.mappings[domain.lower()])
    shared = sheet[sheet["block"] == EVERY]
    for (form, block), rows in sheet.groupby(["form", "block"], sort=False):
        own = rows if block == EVERY else pd.concat([shared[shared["form"] == form], rows])
        yield from _of_rows(str(form), own, domain)
    tests = specs.tests.get(domain.lower())
    for row in load_table(tests).to_dict("records") if tests else []:
        form = row["form"]
        if form in specs.contracts and row["unit"] in specs.contracts[form].fields:
            choosing = _choosing(shared[shared["form"] == form])
            yield UnitBlock(form, "", row["test"], row["unit"], row["field"], "", choosing)


def _choosing(rows: pd.DataFrame) -> tuple[Mapping[str, str], ...]:
    return tuple(rows[rows["target"] == ""].to_dict("records"))


def _of_rows(form: str, rows: pd.DataFrame, domain: str) -> Iterator[UnitBlock]:
    test, unit, result, standard = (rows[rows["target"] == name] for name in (*_names(domain), f"{domain}STRESU"))
    plain = all(len(one) == 1 and one["where"].iloc[0] == "" for one in (test, unit, result))
    if not plain or unit["rule"].iloc[0] not in TRANSLATED or result["rule"].iloc[0] != "assign":
        return
    words = [one["source"].iloc[0].split()[0] for one in (test, unit, result)]
    constant = test["rule"].iloc[0] == "hardcode"
    wanted = standard["source"].iloc[0] if standard["rule"].eq("hardcode").sum() == 1 else ""
    if constant or test["rule"].iloc[0] in (*TRANSLATED, "assign"):
        coded, said = ("", words[0]) if constant else (words[0], "")
        yield UnitBlock(form, coded, said, words[1], words[2], wanted, _choosing(rows))


def _without_factor(
    records: pd.DataFrame, block: UnitBlock, lists: tuple[str, str], ct: pd.DataFrame, units: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame, pd.Series]]:
    """Test, records and units of the results of one block that have no factor."""
    if not {block.unit, block.result, *filter(None, [block.test_field])} <= set(records):
        return
    said = coded_value(records, block.unit)
    unit = looked_up(said, terms(ct, lists[1]), lists[1]).fillna(said)
    test = pd.Series(block.test, index=records.index, dtype="str")
    if block.test_field:
        named = coded_value(records, block.test_field)
        test = looked_up(named, terms(ct, lists[0]), lists[0]).fillna(named)
    counted = matching(records[block.result], RESULT) & test.notna() & unit.notna()
    without = _lost(pd.DataFrame({"test": test, "unit": unit, "counted": counted}), block.wanted, units)
    for code, rows in records[without].groupby(test[without], sort=True):
        yield str(code), rows, unit[rows.index]


def _lost(results: pd.DataFrame, wanted: str, units: pd.DataFrame) -> pd.Series:
    """True for the results that count and do not come to a standard unit; told once for all of a test in a unit."""
    kinds = results.groupby([*results], sort=False, dropna=False).ngroup()
    one = results.drop_duplicates(ignore_index=True)
    said = pd.Series(wanted or None, index=one.index, dtype="str")
    _, turned, stands = standing(one["test"], one["unit"], said, one["counted"], units)
    return (one["counted"] & ~turned & ~stands).iloc[kinds.to_numpy()].set_axis(results.index)


def _queries(lost: LostResults) -> list[pd.DataFrame]:
    named = lost.test.replace("{", "{{").replace("}", "}}")
    message = f"Results of {named} in '{{value}}' cannot be turned to its standard unit and count nowhere. "
    message += "Please correct the unit; if it is right, its factor is missing in units.csv."
    return once_per_value(lost.records, lost.units, "RAW-UNIT", "major", lost.block.unit, message)
