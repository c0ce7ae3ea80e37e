"""Coded fields as every later step reads them: the text in the field, the code in its companion NAME_STD.

An EDC may deliver both, codes alone or labels alone; the raw contract says which (`coded:`), the codelist the other.
"""

from __future__ import annotations

import pandas as pd

from pipeline.ground.units import known_as, look_up
from pipeline.study.contracts import Contract


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
            codes = meant_code(records[name], terms).fillna(records[name])
            records = records.assign(**{companion: codes.astype("str")})
        if name not in told:
            texts = records[companion].map(dict(zip(terms["CODED_VALUE"], terms["DECODE"], strict=True)))
            records = records.assign(**{name: texts.astype("str").fillna(records[companion])})
    return records


def meant_code(text: pd.Series, terms: pd.DataFrame) -> pd.Series:
    """The code that each text means, as a decode or as a code of the list; case counts where it must (g/L, G/L)."""
    name = str(terms["CODELIST"].iloc[0]) if len(terms) else ""
    codes = terms["CODED_VALUE"]
    known = known_as([*zip(terms["DECODE"], codes, strict=True), *zip(codes, codes, strict=True)], name)
    return text.map({said: look_up(said, known, name) for said in text.dropna().unique()}).astype("str")
