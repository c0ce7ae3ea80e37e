"""Domains of an SDTM made elsewhere: what was delivered held to the spec, with the study's sheet laid over it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.engine.from_sdtm import SUPP, delivered_files
from pipeline.engine.mapping_run import KEY_COLUMNS, SOURCE, MappingTables, inputs_of, keys_of
from pipeline.engine.schema import conform
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.queries import finding, gather
from pipeline.intake.delivery import Delivery
from pipeline.intake.sdtm import SUBJECTS, read_domain
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.cut import delivered_at_cut, people_at_cut
from sdtm.delivered import NUMBERS, delivered
from sdtm.mapping.laid_over import laid_over
from sdtm.unsaid import unsaid

Made = tuple[pd.DataFrame, pd.DataFrame]


def read(delivery: Delivery, specs: Specs, form: str) -> Made:
    """One data set as it was delivered, and what is to be said of its files. Raises TrialError."""
    records, found = read_domain(delivery, form, delivered_files(delivery, specs, form))
    if form == SUBJECTS and len(records) and records["_SUBJECT"].isna().all():
        raise TrialError("DM has no USUBJID, so it has no subjects.", delivery.name, "ask for the data set again")
    return records, found


def take(
    name: str, specs: Specs, datasets: dict[str, pd.DataFrame], tables: MappingTables, asked: bool
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A domain as its spec says it, the findings, and the key of each record. Raises TrialError for a wrong sheet.

    `datasets` are those delivered that it rests on; `asked`: an analysis rests on it.
    """
    spec, ct = specs.datasets[name], tables.ct
    records, found = datasets[spec.dataset], [_lacking(spec)] if asked and name in specs.lacking else []
    if name in specs.mappings:
        inputs = inputs_of(name, specs, tables, _numbers(specs, datasets))
        whole = _with_all_variables(specs, datasets)
        records, more = laid_over(spec.dataset, load_table(specs.mappings[name]), whole, inputs)
        found.append(more)
    spec = _with_what_it_has(spec, records)
    people = None if spec.dataset == SUBJECTS else datasets[SUBJECTS]["_SUBJECT"]
    held, more = delivered(records, spec, ct, people)
    found.append(more)
    if "USUBJID" in spec.names and len(held):
        days = people_at_cut(datasets[SUBJECTS])
        held, more = delivered_at_cut(held, spec.dataset, days, tables.cut, tables.cutoff)
        found.append(more)
    found.append(unsaid(spec.dataset, held, datasets[SUBJECTS]))
    made, values = conform(held, spec, ct)
    keys = _keys(name, held, datasets.get(f"{SUPP.upper()}{spec.dataset}"))
    return made, gather([*found, summed(values, ct, spec)]), keys


def _with_what_it_has(spec: DatasetSpec, records: pd.DataFrame) -> DatasetSpec:
    """The spec, of variables that are carried as delivered only with those that a record has a value of."""
    empty = {name for name in spec.carried if name not in records or records[name].isna().all()}
    return replace(spec, variables=tuple(one for one in spec.variables if one.name not in empty))


def _lacking(spec: DatasetSpec) -> pd.DataFrame:
    """The finding of a domain that is not there, and on which something rests."""
    message = (f"The SDTM has no {spec.dataset} ({spec.label}): what rests on it is made without. Ask for it, make it "
               f"in mapping/{spec.name}.csv, or say in study.yaml that there is none: not_collected: [{spec.name}].")
    severity = "minor" if spec.name.startswith(SUPP) else "major"
    return finding("SDTM-DOMAIN", severity, message, form=spec.dataset)


def _with_all_variables(specs: Specs, datasets: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The data sets with every variable of their specs, so that a sheet may ask what was not delivered: it is empty."""
    names = {spec.dataset: spec.names for spec in specs.datasets.values()}
    return {form: records.reindex(columns=list(dict.fromkeys([*records.columns, *names.get(form, ())])))
            for form, records in datasets.items()}  # fmt: skip


def _numbers(specs: Specs, datasets: dict[str, pd.DataFrame]) -> dict[str, frozenset[str]]:
    """The variables of each data set that hold numbers, by the specs, so that conditions compare them as such."""
    by_dataset = {spec.dataset: spec for spec in specs.datasets.values()}
    return {form: frozenset(v.name for v in by_dataset[form].variables if v.type in NUMBERS)
            for form in datasets if form in by_dataset}  # fmt: skip


def _keys(domain: str, records: pd.DataFrame, qualifiers: pd.DataFrame | None) -> pd.DataFrame:
    """The side table of a domain, with the lines of its qualifiers behind the records that they belong to."""
    keys = keys_of(domain, records) if "USUBJID" in records else pd.DataFrame(columns=list(KEY_COLUMNS))
    if qualifiers is None or not len(qualifiers) or "IDVARVAL" not in qualifiers:
        return keys
    number = pd.to_numeric(qualifiers["IDVARVAL"], errors="coerce").astype("float64")
    beside = pd.DataFrame({"DOMAIN": domain.upper(), "USUBJID": qualifiers["_SUBJECT"], "SEQ": number})
    for name in SOURCE:
        beside[name[1:]] = qualifiers[name]
    whole = pd.concat([keys, beside], ignore_index=True)
    return whole.sort_values(["USUBJID", "SEQ", "FILE", "LINE"], kind="stable").reset_index(drop=True)


def summed(values: pd.DataFrame, ct: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """Findings of values, one for all records of a variable that have the same: a contractor's term is one question.

    A term of a list that a sponsor may extend is no fault; nothing of the specs asks for it by name.
    """
    by = ["check", "form", "field", "value"]
    count = values.groupby(by)["record"].transform("size")
    told = values["message"].mask(count > 1, values["message"] + " (" + count.astype("str") + " records)")
    many = values.assign(message=told).drop_duplicates(by)
    several = many.index.map(count) > 1
    many = many.assign(record=many["record"].mask(several, ""), subject=many["subject"].mask(several, ""))
    extended = set(ct.loc[ct["extensible"] == "Y", "codelist"])
    own = many["check"].eq("DATA-CODELIST") & many["field"].isin(
        [v.name for v in spec.variables if v.codelist in extended or v.codelist == spec.dataset])  # fmt: skip
    message = many["field"] + " '" + many["value"] + "' is no term that the specs know; it is kept, and counts where "
    message += "something names it. If it means one of theirs, add it to the study's codelists.csv as collected."
    return many.assign(severity=many["severity"].mask(own, "info"), message=many["message"].mask(own, message))
