"""A study of two forms with its specs and extracts written to disk, for tests of the validation from end to end."""

import json
from pathlib import Path

from mini_extract import csv_bytes, deliver

from pipeline.intake.delivery import Delivery, open_delivery
from pipeline.study.specs import Specs, load_specs

STANDARD = Path(__file__).resolve().parents[2] / "specs" / "standard"
SYSTEM = ["STUDY", "SITE", "SUBJECT", "FOLDER", "RECORDID", "ACTIVE", "CREATED", "UPDATED"]
DM_FORM = """
form: DM
label: Demographics
subject: {column: SUBJECT}
record: [RECORDID]
inactive: {column: ACTIVE, value: "0"}
fields:
  AGE: {label: Age, type: integer, range: [18, 99]}
"""
VS_FORM = """
form: VS
label: Vital signs
subject: {column: SUBJECT}
record: [RECORDID]
inactive: {column: ACTIVE, value: "0"}
fields:
  VSDAT: {label: Date, type: date, required: true}
  TEMP: {label: Temperature, type: decimal, range: [34, 43], unit: C, required: true}
  NOTE: {label: Remark, type: text}
"""
LAB_FORM = """
form: LAB
label: Central laboratory
system: false
subject: {column: PATIENT, pattern: "(?P<site>\\\\d{3})-(?P<number>\\\\d{4})"}
record: [ACCESSION, TEST]
fields:
  PATIENT: {label: Patient, type: text, required: true}
  ACCESSION: {label: Accession, type: text, required: true}
  TEST: {label: Test, type: text, required: true}
  RESULT: {label: Result, type: decimal, range: [0, 100]}
"""
VISITS = "VISITNUM,VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH,RESPFL,AVISIT,PREFL,ALIAS\n"
STAMP = "2026-01-10 08:00:00"


def project(root: Path) -> Specs:
    """The specs of the study `mini` under `root`."""
    study = root / "specs" / "mini"
    (study / "raw").mkdir(parents=True)
    standard = root / "specs" / "standard"
    (standard / "terminology").mkdir(parents=True)
    (standard / "results.yaml").write_text((STANDARD / "results.yaml").read_text())
    for name in ("cut.csv", "units.csv", "terminology/codelists.csv"):  # their headers alone
        (standard / name).write_text((STANDARD / name).read_text(encoding="utf-8").splitlines()[0] + "\n")
    (root / "specs" / "standard" / "decisions.yaml").write_text("[]\n")
    (study / "study.yaml").write_text("study: MINI\nsubjects: DM\nentered: [VS.VSDAT]\narm: {code: M, label: Mini}\n")
    columns = "".join(f"  {name}: {{label: {name}, type: text}}\n" for name in SYSTEM)
    (study / "raw" / "_system.yaml").write_text(f"columns:\n{columns}")
    (study / "raw" / "_codelists.csv").write_text("CODELIST,CODED_VALUE,DECODE\n")
    for name, text in (("dm", DM_FORM), ("vs", VS_FORM), ("lab", LAB_FORM)):
        (study / "raw" / f"{name}.yaml").write_text(text)
    (study / "visits.csv").write_text(VISITS)
    (study / "accepted.csv").write_text("check,form,record,field,value,reason,who,expires\n")
    return load_specs(root, "mini")


def vital(record: str, temp: str, subject: str = "1010001", active: str = "1", note: str = "") -> list[str]:
    """One row of VS."""
    return ["MINI", subject[:3], subject, "D1", record, active, STAMP, STAMP, "08 JAN 2026", temp, note]


def files(
    vitals: list[list[str]], labs: tuple = (["101-0001", "A1", "HB", "12"],), people: tuple = (("1010001", "44"),)
) -> dict[str, bytes]:
    """The study's CSV files."""
    header = [*SYSTEM, "VSDAT", "TEMP", "NOTE"]
    dm = [["MINI", p[:3], p, "SCR", f"D{p}", "1", STAMP, STAMP, age] for p, age in people]
    return {
        "DM.csv": csv_bytes([[*SYSTEM, "AGE"], *dm]),
        "VS.csv": csv_bytes([header, *vitals]),
        "LAB.csv": csv_bytes([["PATIENT", "ACCESSION", "TEST", "RESULT"], *labs]),
    }


def extract(root: Path, day: str, content: dict[str, bytes]) -> Delivery:
    """An extract of that day on disk."""
    manifest = {"data_cutoff": day, "extracted": f"{day}T06:00:00Z", "study": "MINI"}
    return open_delivery(deliver(root / "data" / "mini" / day, content, **manifest))


def manifest_of(folder: Path) -> dict:
    """A delivery's manifest."""
    return json.loads((folder / "manifest.json").read_text())
