"""The codelists of a define: the terms that are used, with NCI codes, extended ones marked; dictionaries by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.ground.metadata import Variable
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.define.facts import Codelist, UsedTerm

MEDDRA = ("LLT", "LLTCD", "DECOD", "PTCD", "HLT", "HLTCD", "HLGT", "HLGTCD", "BODSYS", "BDSYCD", "SOC", "SOCCD")
DRUGS = ("CMDECOD", "CMCLAS", "CMCLASCD")
DICTIONARIES = {"MedDRA": "MedDRA", "WHODrug": "WHODD"}  # as Define-XML calls them
PARTS = {"Y": "NY"}  # a list that is a part of a published one


@dataclass(frozen=True)
class Terminology:
    """Terms with label and NCI code (`terms`), NCI codes of lists by name, versions of dictionaries by name.

    `analysis`: NCI codes of the lists of the terminology of ADaM.
    """

    terms: pd.DataFrame
    lists: Mapping[str, str]
    dictionaries: Mapping[str, str]
    analysis: Mapping[str, str] = field(default_factory=dict)


def codelists(
    datasets: Iterable[Exported], terminology: Terminology
) -> tuple[list[Codelist], dict[tuple[str, str], str]]:
    """The codelists used by these datasets, and their OIDs by dataset and variable."""
    used: dict[str, set[str]] = {}
    lists: dict[str, Codelist] = {}
    places: dict[tuple[str, str], str] = {}
    for one in datasets:
        for variable in one.spec.variables:
            dictionary = _dictionary(one, variable)
            if variable.codelist:
                used.setdefault(variable.codelist, set()).update(one.data[variable.name].dropna().astype("str"))
                places[one.name, variable.name] = f"CL.{variable.codelist}"
            elif dictionary:
                name = DICTIONARIES[dictionary]
                version = terminology.dictionaries.get(dictionary, "")
                lists[name] = Codelist(f"CL.{name}", dictionary, dictionary=name, version=version)
                places[one.name, variable.name] = f"CL.{name}"
            elif variable.name == "PARAMCD" and len(one.data):
                lists[f"{one.name}.PARAMCD"] = _parameters(one)
                places[one.name, "PARAMCD"] = f"CL.{one.name}.PARAMCD"
    lists |= {name: _codelist(name, values, terminology) for name, values in used.items() if values}
    there = {one.oid for one in lists.values()}
    return sorted(lists.values(), key=lambda one: one.oid), {at: oid for at, oid in places.items() if oid in there}


def _dictionary(one: Exported, variable: Variable) -> str:
    """The dictionary in whose terms a variable is coded, '' where in none."""
    if variable.name in DRUGS:
        return "WHODrug"
    stem = next((end for end in MEDDRA if variable.name[2:] == end), "")
    return "MedDRA" if stem and any(f"{variable.name[:2]}{end}" in one.spec.names for end in ("SOC", "BODSYS")) else ""


def _codelist(name: str, values: Iterable[str], terminology: Terminology) -> Codelist:
    """A list with the terms that are used, in the order of the terminology; further ones behind."""
    published = terminology.lists.get(PARTS.get(name, name), "")
    of_analysis = "" if published else terminology.analysis.get(name, "")
    known = terminology.terms[terminology.terms["codelist"].eq(name)].drop_duplicates("submission", keep="last")
    told = known.set_index("submission")
    terms = _terms(told, set(values), bool(published or of_analysis))
    return Codelist(f"CL.{name}", name, published or of_analysis, tuple(terms), of_analysis=bool(of_analysis))


def _terms(told: pd.DataFrame, values: set[str], published: bool) -> Iterator[UsedTerm]:
    for value in [*(name for name in told.index if name in values), *sorted(values - set(told.index))]:
        row = told.loc[value] if value in told.index else pd.Series({"label": None, "code": None})
        label, code = ("" if pd.isna(row[word]) else str(row[word]) for word in ("label", "code"))
        yield UsedTerm(value, label, code, published and not code)


def _parameters(one: Exported) -> Codelist:
    """The parameters of an analysis dataset with what they are called."""
    named = one.data[["PARAMCD", "PARAM"]].dropna().drop_duplicates("PARAMCD").sort_values("PARAMCD")
    terms = tuple(UsedTerm(str(code), str(label)) for code, label in named.itertuples(index=False))
    return Codelist(f"CL.{one.name}.PARAMCD", f"Parameters of {one.name}", terms=terms)
