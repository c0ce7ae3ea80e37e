"""What holds of ADaM datasets: flags, parameters, days, core variables, baselines, and the way to the source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.engine.conformance.rule import Checked, Norm, Outcome
from pipeline.study.declared import ADSL

IG = "ADaMIG 1.3"
SUBJECT, PARAMETER = "USUBJID", "PARAMCD"
OWN_SERIES = ("BASETYPE", "TRLNKID", "PCSPEC", "PARCAT1")  # of which each has a baseline of its own
NEAR = 1e-8
NOTHING = ("N", "0", "MISSING")  # what a value says of a subject of whom no record tells


def flags(one: Checked) -> Iterator[Outcome]:
    """Flags other than Y, N or missing; numbers that do not go with their flag (1, 0, missing)."""
    for name in one.ending("FL"):
        flag = one.data[name]
        yield one.found(name, ~flag.isin(("Y", "N")), flag.notna())
        if f"{name[:-1]}N" in one.data:
            due = flag.map({"Y": 1.0, "N": 0.0})
            number = one.data[f"{name[:-1]}N"].astype("float64")
            yield one.found(f"{name[:-1]}N", (number != due) & ~(number.isna() & due.isna()))


def parameters(one: Checked) -> Iterator[Outcome]:
    """PARAMCD with several PARAM or PARAMN, and the other way round; codes longer than 8."""
    if PARAMETER not in one.data:
        return
    yield one.found(PARAMETER, one.data[PARAMETER].str.len() > 8, one.data[PARAMETER].notna())
    for other in [name for name in ("PARAM", "PARAMN") if name in one.data]:
        pairs = one.data[[PARAMETER, other]].drop_duplicates()
        doubled = pairs[pairs.duplicated(PARAMETER, keep=False) | pairs.duplicated(other, keep=False)]
        yield one.found(other, one.data[PARAMETER].isin(doubled[PARAMETER]))


def values(one: Checked) -> Iterator[Outcome]:
    """Texts of a parameter that stand for several numbers."""
    if {PARAMETER, "AVAL", "AVALC"} <= set(one.data):
        told = one.data[[PARAMETER, "AVALC", "AVAL"]].dropna().drop_duplicates()
        doubled = told[told.duplicated([PARAMETER, "AVALC"], keep=False)]
        bad = pd.MultiIndex.from_frame(one.data[[PARAMETER, "AVALC"]]).isin(
            pd.MultiIndex.from_frame(doubled[[PARAMETER, "AVALC"]]))
        yield one.found("AVALC", pd.Series(bad, index=one.data.index), one.data["AVALC"].notna())


def days(one: Checked) -> Iterator[Outcome]:
    """Analysis days that do not count from one day of each subject, or are 0; days without a date."""
    if not {"ADT", "ADY", SUBJECT} <= set(one.data):
        return
    day, date = one.data["ADY"].astype("float64"), one.data["ADT"]
    yield one.found("ADY", date.isna() | (day == 0), day.notna())
    start = date - pd.to_timedelta(day - (day > 0), unit="D")
    several = start.groupby(one.data[SUBJECT]).transform("nunique") > 1
    yield one.found("ADY", several, day.notna() & date.notna())


def core(one: Checked) -> Iterator[Outcome]:
    """Subjects that ADSL does not have, and core variables that differ from ADSL's."""
    if one.name == ADSL or SUBJECT not in one.data or not one.knows(ADSL):
        return
    known = one.study.names(ADSL)
    asked = [name for name in one.core if name in one.data and name in known]
    adsl = one.study.read(ADSL, [*dict.fromkeys([SUBJECT, *asked])])
    yield one.found(SUBJECT, ~one.data[SUBJECT].isin(adsl[SUBJECT]))
    own = adsl.drop_duplicates(SUBJECT).set_index(SUBJECT)
    for name in own:
        due = one.data[SUBJECT].map(own[name])
        yield one.found(name, (one.data[name] != due) & ~(one.data[name].isna() & due.isna()))


def baselines(one: Checked) -> Iterator[Outcome]:
    """BASE that is not AVAL of the subject's baseline record, CHG that is not the difference of the two."""
    if {"AVAL", "BASE", "ABLFL", PARAMETER} <= set(one.data):
        within = [SUBJECT, PARAMETER, *(name for name in OWN_SERIES if name in one.data)]
        first = one.data[one.data["ABLFL"].eq("Y")].drop_duplicates(within).set_index(within)["AVAL"]
        due = first.reindex(pd.MultiIndex.from_frame(one.data[within])).to_numpy(dtype="float64")
        base = one.data["BASE"].astype("float64")
        yield one.found("BASE", ~pd.Series(np.isclose(base, due, NEAR, NEAR, equal_nan=True), index=base.index))
        flagged = one.data["ABLFL"].eq("Y")
        yield one.found("ABLFL", one.data[flagged].duplicated(within, keep=False)
                        .reindex(one.data.index, fill_value=False), flagged)  # fmt: skip
    if {"AVAL", "BASE", "CHG"} <= set(one.data):
        change, due = one.data["CHG"].astype("float64"), one.data["AVAL"] - one.data["BASE"]
        yield one.found("CHG", pd.Series(~np.isclose(change, due, NEAR, NEAR), index=change.index), change.notna())


def sources(one: Checked) -> Iterator[Outcome]:
    """Values that lead to no record, but those that say that there is none, and sources that are not there."""
    if not {PARAMETER, "SRCDOM"} <= set(one.data):
        return
    behind, keys = one.lineage.get(one.name), [name for name in one.spec.keys if name in one.data]
    told = one.data["SRCDOM"].notna()
    if behind is not None:
        shared = [name for name in keys if name in behind]
        told |= pd.MultiIndex.from_frame(one.data[shared]).isin(pd.MultiIndex.from_frame(behind[shared]))
    value = next((name for name in ("AVAL", "AVALC") if name in one.data), PARAMETER)
    none = one.data["AVALC"].isin(NOTHING) if "AVALC" in one.data else pd.Series(False, index=one.data.index)
    yield one.found("SRCDOM", ~told, one.data[value].notna() & ~none)
    for domain, rows in one.data[one.data["SRCSEQ"].notna()].groupby("SRCDOM"):
        there = one.study.names(str(domain).lower())
        number = next((n for n in (f"{domain}SEQ", "ASEQ") if n in there), "")
        if number and SUBJECT in one.data:
            source = one.study.read(str(domain).lower(), [SUBJECT, number])
            known = pd.MultiIndex.from_arrays([source[SUBJECT], source[number].astype("float64")])
            asked = pd.MultiIndex.from_arrays([rows[SUBJECT], rows["SRCSEQ"].astype("float64")])
            lost = pd.Series(~asked.isin(known), index=rows.index).reindex(one.data.index, fill_value=False)
            yield one.found("SRCSEQ", lost, one.data["SRCDOM"].eq(domain) & one.data["SRCSEQ"].notna())


def numbers(one: Checked) -> Iterator[Outcome]:
    """ASEQ that is missing or twice in a subject."""
    if "ASEQ" in one.data:
        yield one.found("ASEQ", one.data["ASEQ"].isna() | one.data.duplicated([SUBJECT, "ASEQ"], keep=False))


def censoring(one: Checked) -> Iterator[Outcome]:
    """CNSR that is no whole number from 0 on."""
    if "CNSR" in one.data:
        told = one.data["CNSR"].astype("float64")
        yield one.found("CNSR", (told < 0) | (told % 1 != 0), told.notna())


RULES = (
    Norm("ADAM-FL", "Flags are Y, N or missing; their numbers 1, 0 or missing.", f"{IG}, 3.1.4", flags),
    Norm("ADAM-PARAM", "PARAMCD, PARAM and PARAMN name each other one to one.", f"{IG}, 3.3", parameters),
    Norm("ADAM-AVALC", "A text of a parameter stands for one number.", f"{IG}, 3.3", values),
    Norm("ADAM-ADY", "ADY counts from one day of the subject, without a day 0.", f"{IG}, 3.3", days),
    Norm("ADAM-CORE", "Subjects and core variables are those of ADSL.", f"{IG}, 3.1", core),
    Norm("ADAM-BASE", "BASE is AVAL of the one baseline record, CHG what AVAL is beyond it.", f"{IG}, 3.3", baselines),
    Norm("ADAM-SRC", "A value but of nothing leads to a record, or a row of the lineage.", f"{IG}, 3.3", sources),
    Norm("ADAM-ASEQ", "ASEQ is once in its subject.", f"{IG}, 3.2", numbers),
    Norm("ADAM-CNSR", "CNSR is a whole number from 0 on.", f"{IG}, 3.3", censoring),
)
