"""The records that a record of SDTM was made of: itself, those it points to, those of its visit, or none."""

from __future__ import annotations

import pandas as pd

from pipeline.engine.runner import Build
from pipeline.engine.several_sources import SOURCE
from pipeline.study.visited import OF_VISITS
from pipeline.why.lineage import NO_RECORDS
from pipeline.why.made import made

POINTING = {"USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL"}
MAPPED = "_mapped"


def records_behind(build: Build, name: str, record: pd.DataFrame) -> pd.DataFrame:
    """USUBJID, DOMAIN and SEQ of the mapped records behind one record of an SDTM dataset; none where specs made it."""
    number = f"{name.upper()}SEQ"
    if "USUBJID" not in record or record["USUBJID"].isna().all():
        return NO_RECORDS
    if set(SOURCE) <= set(record):
        return _named(record)
    if _of_the_analysis(build, name):
        return _related(build, name, record.iloc[0])
    if begun := _begun_by(build, name):
        return _sources_named(build.frame(begun), record)
    if set(record) >= POINTING:
        return _pointed(build, record.iloc[0])
    if number not in record and "VISITNUM" in record:
        return _at_visit(build, record.iloc[0])
    seq = record[number].astype("float64") if number in record else float("nan")
    return pd.DataFrame({"USUBJID": record["USUBJID"], "DOMAIN": name.upper(), "SEQ": seq})


def _named(records: pd.DataFrame) -> pd.DataFrame:
    return records[SOURCE].set_axis(["USUBJID", "DOMAIN", "SEQ"], axis="columns").astype({"SEQ": "float64"})


def _of_the_analysis(build: Build, name: str) -> bool:
    """True for a dataset of SDTM that is made of analysis datasets (PP)."""
    return any(build.specs.datasets[n].layer == "adam" for n in build.graph[name].needs if n in build.specs.datasets)


def _related(build: Build, name: str, record: pd.Series) -> pd.DataFrame:
    """The records of the subject that RELREC relates, by the value of a variable of whole datasets, to this record."""
    relations, parts = _whole(build, "relrec"), [NO_RECORDS]
    own = relations[(relations["RDOMAIN"] == name.upper()) & relations["IDVARVAL"].isna()]
    for relation, variable in own[["RELID", "IDVAR"]].itertuples(index=False):
        others = relations[(relations["RELID"] == relation) & (relations["RDOMAIN"] != name.upper())]
        parts += [_pointed(build, record[["USUBJID"]].combine_first(other.drop("USUBJID")))
                  for _, other in others.assign(IDVARVAL=record[variable]).iterrows()]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _begun_by(build: Build, name: str) -> str:
    """The intermediate that names the source of each record of an SDTM dataset made of other domains (SE); else ''."""
    told = [need for need in build.graph[name].needs if need in build.specs.datasets]
    return next((need for need in told if set(SOURCE) <= set(build.specs.datasets[need].names)), "")


def _sources_named(intermediate: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """The records that an intermediate names for a record, by the variables both have."""
    by = [name for name in intermediate if name in record and name not in SOURCE[1:]]
    same = (intermediate[by].astype("str") == record[by].iloc[0].astype("str")).all(axis="columns")
    return _named(intermediate[same])


def _pointed(build: Build, record: pd.Series) -> pd.DataFrame:
    """The records of RDOMAIN whose IDVAR has this value; without one those of the subject (a qualifier of DM)."""
    domain = str(record["RDOMAIN"])
    if pd.isna(record["IDVAR"]) or record["IDVAR"] == "":
        return pd.DataFrame({"USUBJID": [record["USUBJID"]], "DOMAIN": domain, "SEQ": float("nan")})
    if domain.lower() not in build.graph:
        return NO_RECORDS
    records = _whole(build, domain.lower())
    asked = records[str(record["IDVAR"])]
    value = record["IDVARVAL"]
    same = asked == float(value) if pd.api.types.is_numeric_dtype(asked) else asked == value
    return _numbered(records[(records["USUBJID"] == record["USUBJID"]) & same], domain)


def _whole(build: Build, name: str) -> pd.DataFrame:
    """A dataset beside the one that is traced: made, or taken from the cache, with all that it needs."""
    made(build, name)
    return build.frame(name)


def _at_visit(build: Build, record: pd.Series) -> pd.DataFrame:
    """The records of all domains that tell of this visit of the subject."""
    parts = [NO_RECORDS]
    for need in build.graph[OF_VISITS].needs:
        domain = need.removesuffix(MAPPED)
        if not need.endswith(MAPPED) or domain not in build.graph or not len(build.frame(need)):
            continue
        records = _whole(build, domain)
        at = (records["USUBJID"] == record["USUBJID"]) & (records["VISITNUM"] == record["VISITNUM"])
        parts.append(_numbered(records[at], domain.upper()))
    return pd.concat(parts, ignore_index=True)


def _numbered(records: pd.DataFrame, domain: str) -> pd.DataFrame:
    number = records[f"{domain}SEQ"].astype("float64")
    return pd.DataFrame({"USUBJID": records["USUBJID"], "DOMAIN": domain, "SEQ": number})
