"""A study small enough to read: one form, one domain, a handful of terms. For tests of the mapping."""

import numpy as np
import pandas as pd

from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs


def grid(text: str) -> pd.DataFrame:
    """A table with cells parted by |, all text; a dot, nothing, or a cell left away at the end is missing."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]
    names, rows = lines[0], [line + [""] * (len(lines[0]) - len(line)) for line in lines[1:]]
    cells = {name: [np.nan if row[n] in ("", ".") else row[n] for row in rows] for n, name in enumerate(names)}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in cells.items()})


TERMS = grid("""
    codelist | extensible | collected | submission | code | label
    NY       | N          | YES       | Y          |      | Yes
    NY       | N          | NO        | N          |      | No
    SEVERITY | N          | 1         | MILD       |      |
    SEVERITY | N          | LIGHT     | MILD       |      |
    SEVERITY | N          | 3         | SEVERE     |      |
    TESTS    | N          |           | TEMP       |      | Body Temperature
    TESTS    | N          |           | PULSE      |      | Pulse Rate
    SUPPXX   | N          |           | WORSE      |      | Got Worse
    RESSTAT  | Y          | FINAL     | F          |      | Final Result
    RESSTAT  | Y          | CORRECTED | C          |      | Corrected Result
    RESSTAT  | Y          | CANCELLED | X          |      | Cancelled
    RESSTAT  | Y          | EARLY     | P          |      | Preliminary Result
""")
VISITS = grid("""
    VISITNUM | VISIT       | FOLDER | PREFL | ALIAS
    1        | SCREENING   | SCR    | Y     |
    5        | DAY 0       | DOSE   | N     | DAY 0 PRE;D0
    17       | UNSCHEDULED | UNS    | N     |
    .        | .           | LOG    | N     |
""")
NO_ELEMENTS = grid("USUBJID | EPOCH | SESTDTC | SEENDTC")
NO_CUT = grid("domain | action | variable | date | where | value | mark")
CONSENT = "_SUBJECT | ICDAT\n0101 | 01 JAN 2025\n0102 | 01 JAN 2025"
STUDY = StudySettings(study="ST", entered=("IC.ICDAT",), death=("DTH.DTHDAT",))


def raw_form(name: str, text: str) -> pd.DataFrame:
    """Raw records of one form; the column SUBJECT gives the subject, lines count from 2 in the order given."""
    records = grid(text)
    number = pd.Series(range(2, len(records) + 2), index=records.index, dtype="int64")
    subject = records["SUBJECT"] if "SUBJECT" in records else records["_SUBJECT"]
    return records.assign(
        _SUBJECT=subject, _SITE="01", _FORM=name, _FILE=f"{name}.csv", _LINE=number,
        _RECORD="R" + (number - 1).astype("str"),
    )


def spec(variables: str, keys: str) -> DatasetSpec:
    """A dataset spec from lines of name, type and (some) codelist."""
    rows = [dict(zip(("name", "type", "codelist"), line.split(), strict=False)) for line in variables.splitlines()]
    return DatasetSpec(variables=tuple(Variable(**row) for row in rows), keys=tuple(keys.split()))


def map_small(
    sheet: str, forms: dict[str, str], variables: str, keys: str = "STUDYID USUBJID XXSEQ",
    cut: pd.DataFrame = NO_CUT, cutoff: str = "2026-06-30", consent: str = CONSENT, death: str = "_SUBJECT | DTHDAT",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mapped records and findings of the domain XX."""
    raw = {"IC": raw_form("IC", consent), "DTH": raw_form("DTH", death)}
    raw |= {name: raw_form(name, text) for name, text in forms.items()}
    inputs = MappingInputs(STUDY, TERMS, spec(variables, keys), cutoff, cut, VISITS, month_days=30.4375)
    return mapped("xx", grid("form | block | target | rule | source | where\n" + sheet), raw, inputs)[:2]
