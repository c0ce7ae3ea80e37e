"""A small SDTM made by others, of four people, and the folder of specs of its study."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pyreadstat

STANDARD = Path(__file__).resolve().parents[2] / "specs" / "standard"
TABLES = {
    "DM": """
        USUBJID | SUBJID | RFXSTDTC | RFXENDTC | RFICDTC | DTHDTC | DTHFL | SITEID | AGE | SEX | RACE | ARMCD | ACTARMCD
        S-1 | 1 | 2025-01-10 | 2025-01-10 | 2025-01-01 | 2025-06-01 | Y | 01 | 61 | F | WHITE | A | A
        S-2 | 2 | 2025-01-11 | 2025-01-11 | 2025-01-02 | |  | 01 | 55 | M | WHITE | A | A
        S-3 | 3 | 2025-02-01 | 2025-02-01 | 2025-01-20 | |  | 02 | 47 | F | ASIAN | A | A
        S-4 | 4 | |  | 2025-02-01 | |  | 02 | 70 | M | ASIAN | | """,
    "DS": """
        USUBJID | DSSEQ | DSTERM | DSDECOD | DSCAT | DSSTDTC
        S-1 | 1 | Randomized | RANDOMIZED | PROTOCOL MILESTONE | 2025-01-05
        S-2 | 1 | Randomized | RANDOMIZED | PROTOCOL MILESTONE | 2025-01-06
        S-3 | 1 | Randomized | RANDOMIZED | PROTOCOL MILESTONE | 2025-01-25
        S-2 | 2 | Lost | LOST TO FOLLOW-UP | DISPOSITION EVENT | 2025-07-01""",
    "EX": """
        USUBJID | EXSEQ | EXTRT | EXDOSE | EXDOSU | EXSTDTC | EXENDTC
        S-1 | 1 | CELLX | 2.5 | 10^6 | 2025-01-10 | 2025-01-10
        S-2 | 1 | CELLX | 2.5 | 10^6 | 2025-01-11 | 2025-01-11
        S-3 | 1 | CELLX | 0.25 | 10^6 | 2025-02-01 | 2025-02-01""",
    "AE": """
        USUBJID | AESEQ | AETERM | AEDECOD | AEBODSYS | AESER | AETOXGR | AESTDTC | AEENDTC | AEREFID | AEOWN
        S-1 | 1 | Fever | Pyrexia | General | N | 2 | 2025-01-12 | 2025-01-14 | x1 | a
        S-1 | 2 | CRS | Cytokine release syndrome | Immune | Y | 3 | 2025-01-13 | 2025-01 | x2 | b
        S-3 | 1 | Rash | Rash | Skin | N | 1 | 2024-12 | | x3 | c""",
    "SUPPAE": """
        RDOMAIN | USUBJID | IDVAR | IDVARVAL | QNAM | QLABEL | QVAL | QORIG | QEVAL
        AE | S-1 | AESEQ | 2 | DLTYN | DLT | N | CRF | INVESTIGATOR""",
    "VS": """
        USUBJID|VSSEQ|VSTESTCD|VSTEST|VSORRES|VSORRESU|VSSTRESC|VSSTRESN|VSSTRESU|VISITNUM|VISIT|VSDTC
        S-1 | 1 | WEIGHT | Weight | 70.5 | kg | 70.5 | 70.5 | kg | 1 | SCREENING | 2025-01-08
        S-2 | 1 | WEIGHT | Weight | 81 | kg | 81 | 81 | kg | 1 | SCREENING | 2025-01-09""",
    "TS": """
        TSSEQ | TSPARMCD | TSPARM | TSVAL
        1 | DCUTDTC | Data Cutoff Date | 2025-12-31""",
}  # fmt: skip
STUDY = {
    "study.yaml": "study: S\nsource: sdtm\nday0: none\nstudy_treatment: [cells]\n"
    "treatments: {cells: {label: CellX, products: [CELLX]}}\narm: {code: A, label: Arm A}\n"
    "not_collected: [cm, dd, dv, eg, fa, ho, ie, mi, pc, pr, qs, ss, tu]\n",
    "visits.csv": "VISITNUM,VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH,RESPFL,AVISIT,PREFL,ALIAS\n"
    "1,SCREENING,SCR,CONSENT,0,,,N,Screening,Y,\n",
    "mapping/ex.csv": "form,block,target,rule,source,where\nEX,*,EXCAT,hardcode,CELLS,\n",
    "mapping/ds.csv": "form,block,target,rule,source,where\n"
    'DS,*,DSDECOD,hardcode,ENTERED INTO TRIAL,"DSDECOD == ""RANDOMIZED"""\n'
    'DS,*,DSSCAT,hardcode,STUDY PARTICIPATION,"DSCAT == ""DISPOSITION EVENT"""\n',
    "mapping/dd.csv": "form,block,target,rule,source,where\n"
    'DM,DEATH,,records,,"DTHFL == ""Y"""\nDM,DEATH,DDTESTCD,hardcode,PRCDTH,\nDM,DEATH,DDTEST,hardcode,Cause,\n'
    "DM,DEATH,DDDTC,assign,DTHDTC,\n",
    "tlf/t_1.yaml": "output: T-1\nfamily: categories\nkind: table\ntitle: [Sex]\ndatasets: [adsl]\n"
    "decisions: [PERCENT_MIN_N]\ncolumns: [{label: All}]\nrows:\n  - {count: Men, where: 'SEX == \"M\"'}\n",
    "tlf/t_2.yaml": "output: T-2\nfamily: categories\nkind: table\ntitle: [Laboratory]\ndatasets: [adsl, adlb]\n"
    "decisions: [PERCENT_MIN_N]\ncolumns: [{label: All}]\nrows:\n"
    "  - {count: Any, of: adlb, where: 'AVAL > 0'}\n",
}


def table(name: str) -> pd.DataFrame:
    """A data set as text, empty as ''."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in TABLES[name].strip().splitlines()]
    frame = pd.DataFrame([row + [""] * (len(header) - len(row)) for row in rows], columns=header, dtype="str")
    identified = {"STUDYID": "S"} | ({} if name.startswith("SUPP") else {"DOMAIN": name})
    return frame.assign(**identified)[[*identified, *header]]


def project(root: Path, **files: str) -> Path:
    """A project with the standard specs and the folder of the study `small`; files by name replace its own."""
    (root / "specs").mkdir(parents=True)
    (root / "specs" / "standard").symlink_to(STANDARD)
    for name, text in (STUDY | files).items():
        path = root / "specs" / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def delivered(folder: Path, kind: str = "csv", without: tuple[str, ...] = ()) -> Path:
    """The data sets as files of a kind: csv, xpt, parquet, json or ndjson."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        if name not in without:
            WRITERS[kind](table(name) if kind == "csv" else typed(table(name)), folder / f"{name.lower()}.{kind}", name)
    return folder


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The data set with its numbers as numbers, as programs write it."""
    numbers = [n for n in frame if n.endswith(("SEQ", "STRESN", "EXDOSE")) or n in ("AGE", "VISITNUM")]
    return frame.assign(**{name: pd.to_numeric(frame[name]).astype("float64") for name in numbers})


def _csv(frame: pd.DataFrame, path: Path, name: str) -> None:
    frame.to_csv(path, index=False, quoting=csv.QUOTE_MINIMAL)


def _xpt(frame: pd.DataFrame, path: Path, name: str) -> None:
    pyreadstat.write_xport(frame.rename(columns=str.lower), str(path), table_name=name, file_format_version=5)


def _parquet(frame: pd.DataFrame, path: Path, name: str) -> None:
    frame.to_parquet(path)


def head(frame: pd.DataFrame, name: str) -> dict[str, object]:
    """The head of a Dataset-JSON file."""
    columns = [{"itemOID": f"IT.{name}.{c}", "name": c, "label": c,
                "dataType": "float" if frame[c].dtype == "float64" else "string"} for c in frame]  # fmt: skip
    return {"datasetJSONCreationDateTime": "2025-12-31T00:00:00", "datasetJSONVersion": "1.1.0",
            "itemGroupOID": f"IG.{name}", "records": len(frame), "name": name, "label": name,
            "columns": columns}  # fmt: skip


def rows(frame: pd.DataFrame) -> list[list[object]]:
    """The records as Dataset-JSON has them: null for what is missing."""
    return [[None if cell == "" or cell != cell else cell for cell in row] for row in frame.values.tolist()]


def _json(frame: pd.DataFrame, path: Path, name: str) -> None:
    path.write_text(json.dumps(head(frame, name) | {"rows": rows(frame)}), encoding="utf-8")


def _ndjson(frame: pd.DataFrame, path: Path, name: str) -> None:
    lines = [json.dumps(line) for line in (head(frame, name), *rows(frame))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


WRITERS = {"csv": _csv, "xpt": _xpt, "parquet": _parquet, "json": _json, "ndjson": _ndjson}
