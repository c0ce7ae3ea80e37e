"""Analysis datasets that have no rule of their own, made by what their specs say: one recipe per structure.

`class:` of a spec chooses the recipe, `of:` names the SDTM domain whose records it holds. A dataset with a rule to read
has a function of its own name instead (ADLB, ADRS …).
"""

from __future__ import annotations

import pandas as pd

from adam.derive.findings import analysis_values, derive_var_ontrtfl, derive_vars_base, derive_vars_visit
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from adam.derive.occurrences import derive_vars_period, named_by_topic
from pipeline.ground.metadata import DatasetSpec


def findings(
    records: pd.DataFrame, spec: DatasetSpec, on_treatment: pd.DataFrame, visits: pd.DataFrame
) -> pd.DataFrame:
    """One record per record of a findings domain (VS, EG), with all that the domain says of it.

    The baseline is the last result before BASEDT, or of that day where the domain has it as the last before exposure
    (--LOBXFL). Source: ADaMIG 1.3, basic data structure.
    """
    domain = spec.of.upper()
    values = analysis_values(records.assign(**_predecessors(records, spec)), domain, on_treatment)
    values = derive_vars_base(values, values[f"{domain}LOBXFL"].eq("Y"))
    point = f"{domain}TPT" if f"{domain}TPT" in values else ""
    return derive_var_ontrtfl(derive_vars_visit(values, visits, point))


def _predecessors(records: pd.DataFrame, spec: DatasetSpec) -> dict[str, pd.Series]:
    """The variables that the spec takes from the domain as they are, under another name (`source: VS.VSTPT`)."""
    told = {v.name: v.source.removeprefix(f"{spec.of.upper()}.") for v in spec.variables if v.origin == "Predecessor"}
    return {name: records[source] for name, source in told.items() if source in records and name not in records}


def occurrences(
    records: pd.DataFrame, spec: DatasetSpec, subjects: pd.DataFrame, cutoff: str, **qualifiers: pd.DataFrame
) -> pd.DataFrame:
    """One record per record of an events or interventions domain (CM, MH, DV), with the qualifiers the spec lists.

    1. Dates, days and ASEQ are those of `derive_vars_period`.
    2. The source is the record itself, by what it is called (--TERM, --TRT).
    What else differs (prior, concomitant, bridging …) is said in conditions.yaml. Source: ADaM OCCDS 1.1.
    """
    domain = spec.of.upper()
    supp = f"SUPP{domain}"
    asked = [one.name for one in spec.variables if one.source.startswith(f"{supp}.") and one.name not in records]
    found = derive_vars_supp(records, qualifiers[supp.lower()], asked, f"{domain}SEQ") if asked else records
    found = derive_vars_merged(found, subjects, ["TRTSDT", "CARTSDT", "CARTSDY", "DTHDT"])
    dated = derive_vars_period(found, domain, pd.Timestamp(cutoff))
    return dated.assign(SRCDOM=domain, SRCVAR=named_by_topic(dated, domain), SRCSEQ=dated[f"{domain}SEQ"])
