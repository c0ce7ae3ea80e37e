"""Mapped nodes: a mapping sheet applied to raw records, and the keys that lead back to the eCRF lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from pipeline.engine.mapping_sheets import domain_forms
from pipeline.study.contracts import numbers_of
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.carried import COLUMNS as CARRIED
from sdtm.mapping.domain import Mapped, mapped
from sdtm.mapping.inputs import MappingInputs, no_units
from sdtm.mapping.links import links_of

SOURCE = ("_FORM", "_FILE", "_LINE", "_RECORD")
KEY_COLUMNS = ("DOMAIN", "USUBJID", "SEQ", "FORM", "FILE", "LINE", "RECORD")


@dataclass(frozen=True)
class MappingTables:
    """The settings that a mapped node reads, by their names: terminology, rules of the cut, visits, the data cut."""

    ct: pd.DataFrame
    cutoff: str
    month_days: float
    cut: pd.DataFrame = field(default_factory=pd.DataFrame)
    visits: pd.DataFrame = field(default_factory=pd.DataFrame)
    units: pd.DataFrame = field(default_factory=no_units)
    links: pd.DataFrame = field(default_factory=pd.DataFrame)


def map_domain(
    domain: str, specs: Specs, raw: dict[str, pd.DataFrame], tables: MappingTables, part: bool = False
) -> tuple[Mapped, pd.DataFrame]:
    """Mapped records of one domain with their findings, and one key row per source record. Raises TrialError.

    Of a part of the subjects no column is judged: that is done of all.
    """
    spec = specs.datasets[domain]
    if not domain_forms(specs, domain):
        columns = [*spec.names, *qualifiers(tables.ct, domain)]
        nothing = Mapped(pd.DataFrame(columns=columns, dtype="str"), pd.DataFrame(), pd.DataFrame(columns=CARRIED))
        return nothing, pd.DataFrame(columns=KEY_COLUMNS)
    inputs = inputs_of(domain, specs, tables, numbers_of(specs.contracts))
    inputs = replace(inputs, columns_judged=part)
    found = mapped(domain, load_table(specs.mappings[domain]), raw, inputs)
    return found, keys_of(domain, found.records)


def inputs_of(
    domain: str, specs: Specs, tables: MappingTables, numbers: Mapping[str, frozenset[str]]
) -> MappingInputs:
    """What the mapping of a domain is told; `numbers` are the fields of each form that hold numbers."""
    tests = specs.tests.get(domain)
    return MappingInputs(
        study=specs.study,
        ct=tables.ct,
        spec=specs.datasets[domain],
        cut=tables.cut,
        visits=tables.visits,
        units=tables.units,
        links=links_of(tables.links),
        numbers=numbers,
        transfers=frozenset(form for form, contract in specs.contracts.items() if contract.vendor),
        cutoff=tables.cutoff,
        month_days=tables.month_days,
        tests=load_table(tests) if tests else None,
        sheet_file=str(specs.mappings[domain].relative_to(specs.root)),
        tests_file=str(tests.relative_to(specs.root)) if tests else "",
    )


def qualifiers(ct: pd.DataFrame, domain: str) -> list[str]:
    """The supplemental qualifiers that the terminology knows for a domain."""
    return list(ct.loc[ct["codelist"] == f"SUPP{domain.upper()}", "submission"])


def keys_of(domain: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The side table of a domain: one row per record and source line."""
    number = f"{domain.upper()}SEQ"
    nobody = pd.Series(None, index=frame.index, dtype="str")
    keys = pd.DataFrame({"DOMAIN": domain.upper(), "USUBJID": frame.get("USUBJID", nobody)}, index=frame.index)
    keys["SEQ"] = frame[number].astype("float64") if number in frame else float("nan")
    for name in SOURCE:
        keys[name[1:]] = frame[name]
    order = ["USUBJID", "SEQ", "FILE", "LINE"]
    return keys.sort_values(order, kind="stable", na_position="first", ignore_index=True)
