"""Whether the laboratory's results can be turned to standard units: asked at the gate, before anything is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.gate.coded import once_per_value
from pipeline.ground.queries import gather
from pipeline.ground.readable import NUMBER
from pipeline.study.specs import Specs
from sdtm.mapping.terms import coded_value, looked_up, terms

RESULT = rf"\s*[<>]?=?\s*{NUMBER}\s*"
TARGETS = {"LBTESTCD": "assign_ct", "LBORRESU": "assign_ct", "LBORRES": "assign"}


def unit_findings(raw: Mapping[str, pd.DataFrame], specs: Specs, asked: pd.DataFrame) -> pd.DataFrame:
    """One finding per form, test and unit whose results have no factor to the standard unit (RAW-UNIT).

    Looked at are the forms whose test, unit and result the mapping sheet of LB takes from a field of all their records.
    A result without a unit, or in a unit that is not in the form's list, is `asked` for already.
    """
    if "lb" not in specs.mappings or "units" not in specs.tables:
        return gather([])
    ct, units = (_table(specs, name) for name in ("ct", "units"))
    known = set(zip(units["LBTESTCD"], units["LBORRESU"], strict=True))
    found = []
    for form, fields in _laboratory_forms(specs):
        if form in raw and len(raw[form]):
            found += _without_factor(raw[form], fields, ct, known)
    unlisted = asked[asked["check"] == "RAW-CODELIST"]
    again = set(zip(unlisted["form"], unlisted["field"], unlisted["value"], strict=True))
    whole = gather(found)
    cells = zip(whole["form"], whole["field"], whole["value"], strict=True)
    return whole[np.array([cell not in again for cell in cells], dtype=bool)]


def _table(specs: Specs, name: str) -> pd.DataFrame:
    files = specs.table_files(name)
    return pd.concat([pd.read_csv(path, dtype="str", keep_default_na=False) for path in files], ignore_index=True)


def _laboratory_forms(specs: Specs) -> Iterator[tuple[str, dict[str, str]]]:
    """Forms with the fields of their test, unit and result."""
    sheet = pd.read_csv(specs.mappings["lb"], dtype="str", keep_default_na=False, encoding="utf-8-sig")
    plain = sheet[(sheet["where"] == "") & (sheet["rule"] == sheet["target"].map(TARGETS))]
    for form, rows in plain.groupby("form", sort=False):
        fields = dict(zip(rows["target"], rows["source"].str.strip(), strict=True))
        if len(fields) == len(TARGETS) == len(rows):
            yield str(form), fields


def _without_factor(
    records: pd.DataFrame, fields: dict[str, str], ct: pd.DataFrame, known: set[tuple[str, str]]
) -> list[pd.DataFrame]:
    """Findings of one form."""
    if not set(fields.values()) <= set(records):
        return []
    test, unit = (
        looked_up(said, terms(ct, codelist), codelist).fillna(said)
        for said, codelist in (
            (coded_value(records, fields["LBTESTCD"]), "LBTESTCD"), (coded_value(records, fields["LBORRESU"]), "UNIT"))
    )  # fmt: skip
    counted = records[fields["LBORRES"]].str.fullmatch(RESULT).eq(True) & test.notna() & unit.notna()
    without = counted & ~pd.Series([pair in known for pair in zip(test, unit, strict=True)], index=records.index)
    found = []
    for code, rows in records[without].groupby(test[without], sort=True):
        named = str(code).replace("{", "{{").replace("}", "}}")
        message = f"Results of {named} in '{{value}}' cannot be turned to its standard unit and count nowhere. "
        message += "Please correct the unit; if it is right, its factor is missing in units.csv."
        found += once_per_value(rows, unit[rows.index], "RAW-UNIT", "major", fields["LBORRESU"], message)
    return found
