"""Coded fields as every later step reads them: the text in the field, the code in its companion NAME_STD.

An EDC may deliver both, codes alone or labels alone; the raw contract says which (`coded:`), the codelist the other.
A code may mean one thing in one version of the CRF and another in the next (`VERSION` of _codelists.csv): each record
is read by its own version, the MDVOID of an ODM delivery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from pipeline.ground.units import known_as, look_up
from pipeline.study.contracts import Contract

VERSION, STATED = "VERSION", "MDVOID"  # the versions in which a line of a list holds; the version of a record
SEVERAL = re.compile(r"[;,]")


def with_codes(records: pd.DataFrame, contract: Contract, codelists: pd.DataFrame | None) -> pd.DataFrame:
    """The records with text and code of each coded field whose contract says how it is delivered.

    A text is found in its list whatever its capitals; what stands in no list is its own code, and is asked about.
    """
    for name, entry in contract.fields.items():
        told = contract.columns_of(name)
        if not told or codelists is None:
            continue
        terms = codelists[codelists["CODELIST"] == entry.codelist]
        companion = f"{name}_STD"
        if companion not in told:
            codes = codes_of(records[name], records, terms).fillna(records[name])
            records = records.assign(**{companion: codes.astype("str")})
        if name not in told:
            texts = texts_of(records[companion], records, terms)
            records = records.assign(**{name: texts.fillna(records[companion])})
    return records


def codes_of(texts: pd.Series, records: pd.DataFrame, terms: pd.DataFrame) -> pd.Series:
    """The code that the text of each record means, by the record's version of the list; missing for what is in none."""
    parts = [meant_code(texts if rows is None else texts[rows], own) for rows, own in by_version(records, terms)]
    return parts[0] if len(parts) == 1 else pd.concat(parts).reindex(texts.index).astype("str")


def texts_of(codes: pd.Series, records: pd.DataFrame, terms: pd.DataFrame) -> pd.Series:
    """The text of each record's code, by the record's version of the list; missing for a code that is in none."""
    parts = [(codes if rows is None else codes[rows]).map(dict(zip(own["CODED_VALUE"], own["DECODE"], strict=True)))
             for rows, own in by_version(records, terms)]  # fmt: skip
    return (parts[0] if len(parts) == 1 else pd.concat(parts).reindex(codes.index)).astype("str")


def by_version(records: pd.DataFrame, terms: pd.DataFrame) -> Iterator[tuple[pd.Series | None, pd.DataFrame]]:
    """Which records are of one version, and the lines of the list that hold in it.

    None and all lines where no version is told: they hold for all records.
    """
    lined = terms[VERSION].fillna("").ne("") if VERSION in terms else pd.Series(False, index=terms.index)
    if STATED not in records or records.empty or not lined.any():
        yield None, terms
        return
    stated = records[STATED].fillna("")
    for version in stated.unique():
        holds = terms[VERSION].map(lambda cell, one=version: any(named(one, part) for part in versions(cell)))
        yield stated == version, terms[~lined | holds] if holds.any() else terms


def of_several_meanings(terms: pd.DataFrame) -> set[str]:
    """Codes of one list that mean one thing in one version and another in the next: checks know their texts instead."""
    if VERSION not in terms:
        return set()
    meant = terms.drop_duplicates(["CODED_VALUE", "DECODE"])["CODED_VALUE"]
    return set(meant[meant.duplicated()])


def versions(cell: str) -> list[str]:
    """The versions that a cell names ("1; 2")."""
    return [part.strip() for part in SEVERAL.split(cell or "") if part.strip()]


def named(stated: str, version: str) -> bool:
    """True where a record's version is the one named, by its whole name or by how that ends (MDV.2 is version 2)."""
    before = stated.removesuffix(version)
    return stated == version or (before != stated and not before[-1:].isalnum())


def meant_code(text: pd.Series, terms: pd.DataFrame) -> pd.Series:
    """The code that each text means, as a decode or as a code of the list; case counts where it must (g/L, G/L)."""
    name = str(terms["CODELIST"].iloc[0]) if len(terms) else ""
    codes = terms["CODED_VALUE"]
    known = known_as([*zip(terms["DECODE"], codes, strict=True), *zip(codes, codes, strict=True)], name)
    return text.map({said: look_up(said, known, name) for said in text.dropna().unique()}).astype("str")
