"""The folder of a study that starts from SDTM made elsewhere, proposed from its data sets."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ground.course import ENROLMENT, ROLES
from pipeline.ground.metadata import DatasetSpec
from pipeline.intake.delivery import open_delivery
from pipeline.intake.sdtm import files_by_domain, read_domain
from pipeline.new_study import texts
from pipeline.new_study.outputs import catalogue, collected
from pipeline.study.catalogue import FILE as CATALOGUE
from pipeline.study.datasets import study_datasets
from pipeline.study.decisions import load_decisions

if TYPE_CHECKING:
    import pandas as pd

HEADER = "form,block,target,rule,source,where\n"
VISITS = "VISITNUM,VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH,RESPFL,AVISIT,PREFL,ALIAS\n"
SUMMARY = {"title": "TITLE", "indication": "INDIC", "sponsor": "SPONSOR"}
MILESTONES = ("RANDOMIZED", "ENROLLED", "REGISTERED")  # what others call the entry into a trial
NOBODY = ("SCRNFAIL", "NOTASSGN", "NOTTRT")  # ARMCD of those who are of no arm (SDTMIG 3.2 and before)
DEATHS = (
    'DM,DEATH,,records,,"DTHFL == ""Y"""\nDM,DEATH,DDTESTCD,hardcode,PRCDTH,\n'
    "DM,DEATH,DDTEST,hardcode,Primary Cause of Death,\nDM,DEATH,DDDTC,assign,DTHDTC,\n"
)
Data = dict[str, "pd.DataFrame"]


def files_of(root: Path, folder: Path) -> dict[str, str]:
    """Every file by its path inside the study's folder, as the data sets tell it. Raises TrialError."""
    standard = root / "specs" / "standard"
    known = study_datasets(standard, standard / "nowhere")
    specs = {spec.dataset: spec for spec in known.values() if spec.layer == "sdtm" and not spec.intermediate}
    delivery = open_delivery(folder.resolve())
    there = files_by_domain(delivery, list(specs))
    data = {domain: read_domain(delivery, domain, files)[0] for domain, files in there.items()}
    sheets = _sheets(data, specs)
    lost = [name.lower() for name in specs if name not in data and f"mapping/{name.lower()}.csv" not in sheets]
    lacking = [name for name in lost if not _goes_with(name, known, lost)]
    domains = {name: frozenset(frame.columns) for name, frame in data.items()} | collected(sheets)
    return {
        "study.yaml": _study(data, [name for name in lacking if name != "dm"]),
        "decisions.yaml": texts.decisions(load_decisions(standard, standard / "nowhere")),
        "visits.csv": VISITS + "".join(_visits(data)),
        "tlf/t_1.yaml": texts.FIRST_OUTPUT,
        CATALOGUE: catalogue(standard, domains),
        **sheets,
    }


def _column(data: Data, domain: str, name: str) -> list[str]:
    """The different values of a variable in the order of the file; none where it is not there."""
    return list(data[domain][name].dropna().unique()) if domain in data and name in data[domain] else []


def _goes_with(name: str, known: Mapping[str, DatasetSpec], lost: list[str]) -> bool:
    """Whether a domain is of one that is lost (PP of ADPP, that of PC), and is not asked for without it."""
    of = known[name].of
    return of in lost or (of in known and _goes_with(of, known, lost))


def _summary(data: Data, code: str) -> str:
    """A value of the trial summary, '' where TS does not say it."""
    ts = data.get("TS")
    if ts is None or not {"TSPARMCD", "TSVAL"} <= {*ts.columns}:
        return ""
    return next(iter(ts.loc[ts["TSPARMCD"] == code, "TSVAL"].dropna()), "")


def _study(data: Data, lacking: list[str]) -> str:
    """study.yaml; what the data sets do not tell is marked OPEN."""
    named = {word: _summary(data, code) for word, code in SUMMARY.items()}
    study = next(iter(_column(data, "DM", "STUDYID")), "STUDY")
    products = json.dumps(_column(data, "EX", "EXTRT"), ensure_ascii=False)
    lines = ["# Proposed from the SDTM of this study; every scalar is read as text.", f"study: {_text(study)}"]
    lines += ["source: sdtm", *(f"{word}: {_text(said)}" for word, said in named.items() if said)]
    lines += ['standards: {sdtmig: "3.4", sdtmct: "2025-03-28", adamig: "1.3", adamct: "2026-03-27"}',
              "paper: Letter", "status: draft"]  # fmt: skip
    lines += [] if _summary(data, "DCUTDTC") else ["cutoff: none  # OPEN: the data cut, if there is one"]
    lines += ["day0: none", "study_treatment: [cells]",
              f"treatments:  # OPEN: which products are conditioning, which cells (EXCAT in mapping/ex.csv)\n"
              f"  cells: {{label: Study treatment, products: {products}}}", "arms:"]  # fmt: skip
    lines += [f"  - {{code: {_text(code)}, label: {_text(label)}}}" for code, label in _arms(data)]
    lines += textwrap.wrap(f"not_collected: [{', '.join(lacking)}]", 110, subsequent_indent="  ")
    lines += ["criteria: {toxicity: CTCAE v5.0}  # OPEN: response: its criteria"]
    return "\n".join(lines) + "\n"


def _arms(data: Data) -> list[tuple[str, str]]:
    """Code and label of every arm; a study whose DM tells none has one."""
    dm = data.get("DM")
    if dm is None or not {"ARMCD", "ARM"} <= {*dm.columns}:
        return [("ARM1", "Single arm")]
    named = dm[dm["ARMNRS"].isna()] if "ARMNRS" in dm else dm
    pairs = named[["ARMCD", "ARM"]].dropna().drop_duplicates("ARMCD")
    pairs = pairs[~pairs["ARMCD"].str.upper().isin(NOBODY)]
    return list(pairs.itertuples(index=False, name=None)) or [("ARM1", "Single arm")]


def _visits(data: Data) -> list[str]:
    """The planned visits (whole numbers) that any domain names, with their planned days."""
    import pandas as pd

    names = ["VISITNUM", "VISIT", "VISITDY"]
    held = [records.reindex(columns=names) for records in data.values() if "VISITNUM" in records]
    every = pd.concat([*held, pd.DataFrame(columns=names, dtype="str")])
    every = every.assign(NUMBER=pd.to_numeric(every["VISITNUM"], errors="coerce"))
    planned = every[every["NUMBER"].notna() & (every["NUMBER"] % 1 == 0) & every["VISIT"].notna()]
    planned = planned.sort_values(["NUMBER", "VISITDY"], na_position="last").drop_duplicates("NUMBER")
    assessed = {*_column(data, "RS", "VISIT")}
    rows = planned[["NUMBER", "VISIT", "VISITDY"]].itertuples(index=False, name=None)
    return [_visit(int(number), visit, day, visit in assessed) for number, visit, day in rows]


def _visit(number: int, visit: str, day: object, assessed: bool) -> str:
    """One row of visits.csv; windows are open."""
    planned = int(float(day)) if isinstance(day, str) else None
    before = planned is not None and planned <= 1
    anchor = "" if planned is None else "CELLS" if planned > 0 else "CONSENT"
    shown = "" if planned is None else str(max(planned, 0))
    name = f'"{visit}"' if "," in visit else visit
    return (f"{number},{name},V{number},{anchor},{shown},,,{'Y' if assessed else 'N'},{name.capitalize()},"
            f"{'Y' if before else 'N'},\n")  # fmt: skip


def _sheets(data: Data, specs: dict[str, DatasetSpec]) -> dict[str, str]:
    """The sheets that say in the standard's words what the data sets say in others."""
    rows: dict[str, str] = {}
    if "EX" in data and not {role.upper() for role in ROLES} & {*_column(data, "EX", "EXCAT")}:
        rows["ex"] = "EX,*,EXCAT,hardcode,CELLS,\n"
    said = {*_column(data, "DS", "DSDECOD")}
    milestone = next((word for word in MILESTONES if word in said), "")
    if milestone and not said & {*ENROLMENT}:
        rows["ds"] = f'DS,*,DSDECOD,hardcode,{ENROLMENT[0]},"DSDECOD == ""{milestone}"""\n'
    if "DISPOSITION EVENT" in _column(data, "DS", "DSCAT") and not _column(data, "DS", "DSSCAT"):
        rows["ds"] = rows.get("ds", "") + 'DS,*,DSSCAT,hardcode,STUDY PARTICIPATION,"DSCAT == ""DISPOSITION EVENT"""\n'
    if "DD" not in data and "Y" in _column(data, "DM", "DTHFL"):
        rows["dd"] = DEATHS
    for domain, spec in specs.items():
        flag, older = f"{domain}LOBXFL", f"{domain}BLFL"
        if flag in spec.names and not _column(data, domain, flag) and _column(data, domain, older):
            rows[domain.lower()] = rows.get(domain.lower(), "") + f"{domain},*,{flag},assign,{older},\n"
    return {f"mapping/{name}.csv": HEADER + text for name, text in rows.items()}


def _text(said: str) -> str:
    """A YAML text in quotes."""
    return json.dumps(said, ensure_ascii=False)
