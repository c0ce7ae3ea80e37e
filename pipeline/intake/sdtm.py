"""SDTM made elsewhere, as it was delivered: which files hold which data set, and their records as text.

A data set is known by the name of its file (or of the part of a file that holds it), whatever its case: `ae.xpt`,
`DM.sas7bdat`, `sdtm.xpt[LB]`, `lb.json`. Parts of a split domain (LBCH, QSPH, FAAE; SUPPLBCH, SQLBCH) belong to it, and
SUPPQUAL to every domain that it relates to (SDTMIG 3.4, 4.1.7). Nothing is judged here: text, stripped, empty as
missing.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import Delivery
from pipeline.readers import Note, Sheet, kinds, odm

if TYPE_CHECKING:
    import pandas as pd

SUBJECTS, SUMMARY, CUT = "DM", "TS", "DCUTDTC"
QUALIFIERS, SHORT, ALL_QUALIFIERS = "SUPP", "SQ", "SUPPQUAL"
SPLIT = 2  # letters that the name of a part has more than that of its domain
KEYS = ("_SUBJECT", "_FORM", "_FILE", "_LINE", "_RECORD")


def dataset_of(file: str) -> str:
    """The name of the data set that a delivered file (or part of one) holds; '' for what is no data."""
    name, part = kinds.file_and_part(file)
    path = Path(name)
    if not kinds.readable(path) or path.suffix.lower() == odm.SUFFIX:
        return ""
    return (part or path.stem).strip().upper()


def domain_of(dataset: str, known: Collection[str]) -> str:
    """The known domain whose records a data set holds: itself, or the domain of which it is a part; else ''."""
    if dataset in known:
        return dataset
    if dataset.startswith(SHORT) and dataset[len(SHORT) :]:
        return domain_of(QUALIFIERS + dataset[len(SHORT) :], known)
    prefix = QUALIFIERS if dataset.startswith(QUALIFIERS) else ""
    domain, more = dataset[: len(prefix) + 2], dataset[len(prefix) + 2 :]
    return domain if domain in known and len(more) <= SPLIT else ""


def files_by_domain(delivery: Delivery, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The files that hold each known domain, in the order of their names; domains that no file holds are not there.

    Raises TrialError where two files hold the same data set.
    """
    datasets = {file: dataset_of(file) for file in sorted(delivery.hashes)}
    found: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for file, dataset in datasets.items():
        if dataset and dataset in seen:
            cure = "keep one of them in the folder"
            raise TrialError(f"The data set {dataset} is delivered twice.", f"{seen[dataset]}, {file}", cure)
        seen[dataset] = file
        many = [name for name in known if name.startswith(QUALIFIERS)] if dataset == ALL_QUALIFIERS else []
        for domain in many or [domain_of(dataset, known)]:
            if domain:
                found.setdefault(domain, []).append(file)
    return {domain: tuple(files) for domain, files in found.items()}


def read_domain(delivery: Delivery, domain: str, files: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records of a domain as delivered, all text, with where each stands; and findings of its files.

    `_LINE` is the number of the record in its file, from 1; `_RECORD` says it in words. Raises TrialError for a file
    that cannot be read whole.
    """
    import pandas as pd

    from pipeline.ground.queries import gather

    sheets = [delivery.read(file) for file in files]
    frames = [_records(sheet, domain) for sheet in sheets]
    found = [_noted(note, domain, sheet.file) for sheet in sheets for note in sheet.notes]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(KEYS), dtype="str")
    return whole, gather([*found, *(_counted(delivery, sheet, domain) for sheet in sheets)])


def _records(sheet: Sheet, domain: str) -> pd.DataFrame:
    """The records of one file; of SUPPQUAL those that relate to the domain."""
    import pandas as pd

    header, width = [name.upper() for name in sheet.header], len(sheet.header)
    twice = next((name for name in header if header.count(name) > 1), "")
    if twice:
        raise TrialError(f"The variable {twice} stands twice in the data set.", sheet.file, "ask for it again")
    whole = all(len(row) == width for row in sheet.rows)
    rows = sheet.rows if whole else [[*row, *[""] * width][:width] for row in sheet.rows]
    columns = zip(*rows, strict=True) if rows else [()] * width
    texts = (pd.Series(cells, dtype="str").str.strip() for cells in columns)
    frame = pd.DataFrame(dict(zip(header, texts, strict=True)))
    frame = frame.mask(frame == "")
    number = pd.Series(range(1, len(frame) + 1), dtype="int64")
    subject = frame["USUBJID"] if "USUBJID" in frame else pd.Series(None, index=frame.index, dtype="str")
    frame = frame.assign(_SUBJECT=subject, _FORM=domain, _FILE=sheet.file, _LINE=number,
                         _RECORD="record " + number.astype("str"))  # fmt: skip
    if dataset_of(sheet.file) == ALL_QUALIFIERS and "RDOMAIN" in frame:
        frame = frame[frame["RDOMAIN"] == domain.removeprefix(QUALIFIERS)].reset_index(drop=True)
    return frame


def _noted(note: Note, domain: str, file: str) -> pd.DataFrame:
    """What a reader met, as a finding."""
    from pipeline.ground.queries import finding

    record = f"record {note.line - 1}" if note.line > 1 else ""
    where = {"form": domain, "record": record, "field": note.column, "value": note.value}
    return finding(note.check, note.severity, f"{file}: {note.message}", **where)


def _counted(delivery: Delivery, sheet: Sheet, domain: str) -> pd.DataFrame | None:
    """A finding where the manifest promises another number of records than there is, or another file."""
    from pipeline.ground.queries import finding

    promise = delivery.promise(sheet.file)
    if promise is None:
        return None
    if promise.rows and promise.rows != str(len(sheet.rows)):
        message = f"The manifest promises {promise.rows} records of {sheet.file}; it holds {len(sheet.rows)}."
        return finding("SDTM-MANIFEST", "critical", message, form=domain)
    if promise.sha256 and promise.sha256 != delivery.hashes[sheet.file]:
        message = f"{sheet.file} is not the file that the manifest describes (its SHA-256 differs). Ask for it again."
        return finding("SDTM-MANIFEST", "critical", message, form=domain)
    return None


def unused_files(delivery: Delivery, known: Collection[str]) -> pd.DataFrame:
    """One finding per delivered file that holds no domain that the specs know: nothing is made of it."""
    from pipeline.ground.queries import finding, gather

    used = {file for files in files_by_domain(delivery, known).values() for file in files}
    found = []
    for file in sorted(set(delivery.hashes) - used):
        dataset = dataset_of(file)
        if not dataset:
            message = f"{file} is no data set that is read; nothing is made of it."
        else:
            message = (f"{file}: no spec knows the domain {dataset}; it is not read. To read it, say its variables in "
                       f"the study's sdtm/{dataset.lower()}.yaml.")  # fmt: skip
        found.append(finding("SDTM-UNUSED", "info", message, form=dataset or file))
    for name in delivery.aside:
        message = f"{name} beside the data sets is a folder; what it holds is not read."
        found.append(finding("SDTM-UNUSED", "info", message, form=name))
    for file in delivery.undelivered:
        message = f"The manifest promises {file}, which was not delivered. Ask for it."
        found.append(finding("SDTM-MANIFEST", "critical", message, form=file))
    return gather(found)


def stated_cut(delivery: Delivery) -> str:
    """The data cut that the trial summary states (TS, DCUTDTC), '' where it states none."""
    for file in [file for file in sorted(delivery.hashes) if dataset_of(file) == SUMMARY]:
        sheet = delivery.read(file)
        place = {name.upper(): number for number, name in enumerate(sheet.header)}
        if {"TSPARMCD", "TSVAL"} <= {*place}:
            return next((row[place["TSVAL"]].strip()[:10] for row in sheet.rows if row[place["TSPARMCD"]] == CUT), "")
    return ""


def last_date(delivery: Delivery) -> str:
    """The last complete date (--DTC) of all data sets delivered, the trial design aside; '' where there is none."""
    last = ""
    for file in sorted(delivery.hashes):
        dataset = dataset_of(file)
        if not dataset or (dataset.startswith("T") and len(dataset) == 2 and dataset not in ("TR", "TU")):
            continue
        sheet = delivery.read(file)
        for place, name in enumerate(sheet.header):
            if name.upper().endswith("DTC"):
                days = {row[place].strip()[:10] for row in sheet.rows if len(row) > place}
                last = max([last, *(day for day in days if len(day) == 10 and day[4] == day[7] == "-")])
    return last
