"""Test data as a table in the test: rows of text under a header become a dataset with the columns of its spec."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from adam.course.dosing import dosing
from adam.course.exposure import exposure
from pipeline.ground.course import AliveSource
from pipeline.ground.metadata import StudySettings
from pipeline.ground.toxicities import Toxicity
from pipeline.study.course import alive_sources, load_alive
from pipeline.study.datasets import dataset_spec
from pipeline.study.declared import Declared, load_declared
from pipeline.study.toxicities import load_toxicities, read
from pipeline.study.toxicity_specs import with_toxicities

STANDARD = Path(__file__).resolve().parents[2] / "specs" / "standard"
EACH = "--"  # a spec that holds for several domains
DTYPES = {"text": "str", "number": "float64", "integer": "float64", "date": "datetime64[s]"}


@cache
def declared() -> Declared:
    """The analysis sets and conditions of the standard."""
    return load_declared(STANDARD, STANDARD / "nowhere")


@cache
def spec(name: str) -> dict:
    """What a dataset spec says; the short variables of an intermediate (`ADT: date`) as the list that products have."""
    if (of := declared().of_subjects.get(name)) is not None:
        return {"keys": ["STUDYID", "USUBJID"], "variables": [
            {"name": n, "type": "text"} for n in ("STUDYID", "USUBJID", of.flag, of.reason) if n]}  # fmt: skip
    stem = f"supp{EACH}" if name.startswith("supp") else name
    path = next(p for layer in ("adam", "sdtm") if (p := STANDARD / layer / f"{stem}.yaml").exists())
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    if name in ("adae", "adcrs"):
        content = with_listed(name, content)
    if isinstance(content["variables"], dict):
        words = {n: {"type": said} if isinstance(said, str) else said for n, said in content["variables"].items()}
        content["variables"] = [{"name": name} | said for name, said in words.items()]
    return content


@cache
def toxicities(**changed: object) -> tuple[Toxicity, ...]:
    """The standard's toxicities of interest, with the standard decisions but those changed."""
    points = yaml.load((STANDARD / "decisions.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    number = {"integer": lambda text: None if text == "none" else int(text), "number": float}
    decided = {point["id"].lower(): number.get(point["type"], str)(point["default"]) for point in points} | changed
    return read(load_toxicities(STANDARD, STANDARD / "nowhere"), decided)


def with_listed(name: str, content: dict) -> dict:
    """A spec with the flags or parameters that the list of toxicities gives it."""
    made = with_toxicities({name: dataset_spec(content, name=name)}, toxicities())[name]
    known = {variable["name"] for variable in content["variables"]}
    flags = [{"name": v.name, "type": v.type, "origin": v.origin} for v in made.variables if v.name not in known]
    listed = [{"code": p.code, "label": p.label, "source": p.source} for p in made.parameters]
    return content | {"variables": [*content["variables"], *flags]} | ({"parameters": listed} if listed else {})


@cache
def spec_types(name: str) -> dict[str, str]:
    """Variable names and types of a dataset spec, in the order of the spec."""
    return {variable["name"]: variable["type"] for variable in spec(name)["variables"]}


def labelled(name: str, dataset: pd.DataFrame) -> pd.DataFrame:
    """A recipe's result with the labels of its parameters, where its spec lists them."""
    labels = {entry["code"]: entry["label"] for entry in spec(name).get("parameters", [])}
    return dataset.assign(PARAM=dataset["PARAMCD"].map(labels).astype("str")) if labels else dataset


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a table: cells are parted by |, or by blanks where there is no |; a dot or nothing is missing."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    split = (lambda line: line.strip("|").split("|")) if "|" in lines[0] else str.split
    parted = [[cell.strip() for cell in split(line)] for line in lines]
    return [dict(zip(parted[0], cells, strict=True)) for cells in parted[1:]]


def table(text: str) -> pd.DataFrame:
    """A table as text, missing cells as NaN."""
    rows = rows_of(text)
    names = list(rows[0]) if rows else text.replace("|", " ").split()
    cells = {name: [row[name] if row[name] not in ("", ".") else np.nan for row in rows] for name in names}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in cells.items()})


def given(name: str, text: str, **constant: str) -> pd.DataFrame:
    """A dataset with all variables of its spec: those of the table, constants, the rest missing. STUDYID is filled.

    Variables that the spec does not hold are refused, so that a test cannot invent names. --SEQ counts rows per
    subject when it is not given.
    """
    types = spec_types(name)
    cells = table(text).assign(**{name: np.nan if value == "." else value for name, value in constant.items()})
    unknown = [column for column in cells.columns if column not in types]
    if unknown:
        raise KeyError(f"{name} has no {', '.join(unknown)}")
    sequence = f"{name.upper()[:2]}SEQ"
    if sequence in types and sequence not in cells:
        cells = cells.assign(**{sequence: (cells.groupby("USUBJID").cumcount() + 1).astype("str")})
    blank = pd.Series(np.nan, index=cells.index, dtype="str")
    cells = cells.assign(STUDYID="S")
    columns = {column: cells.get(column, blank) for column in types}
    return pd.DataFrame({column: _typed(columns[column], DTYPES[types[column]]) for column in types})


def conformed(name: str, dataset: pd.DataFrame) -> pd.DataFrame:
    """A recipe's result as the next recipe sees it: the variables of its spec, nothing else."""
    return dataset.reindex(columns=list(spec_types(name))).reset_index(drop=True)


def supp(domain: str, idvar: str, text: str) -> pd.DataFrame:
    """Supplemental qualifiers from a table USUBJID SEQ QNAM QVAL."""
    cells = table(text)
    return pd.DataFrame({
        "STUDYID": "S", "RDOMAIN": domain, "USUBJID": cells["USUBJID"], "IDVAR": idvar,
        "IDVARVAL": cells["SEQ"] if idvar else "", "QNAM": cells["QNAM"], "QVAL": cells["QVAL"],
    })


def alive_of_standard(lstalv_leuk: bool) -> tuple[AliveSource, ...]:
    """The records that show a subject alive as the standard names them."""
    said = load_alive(STANDARD, STANDARD / "none", {"suppds": None}).said
    return alive_sources(said, {"lstalv_leuk": lstalv_leuk})


def treated(ex: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The exposure of a study with one treatment period, and its findings."""
    study = StudySettings()
    return exposure(conformed("dosing", dosing(ex, supp("EX", "EXSEQ", "USUBJID SEQ QNAM QVAL"), study)[0]), study, 1)


def shown(dataset: pd.DataFrame, text: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Actual and expected rows of the columns named in an expected table, both as text, in the order of the table.

    The first column (USUBJID) and, when in the table, PARAMCD and the sequence say which records are meant.
    """
    expected = table(text)
    keys = [c for c in expected.columns if c in ("USUBJID", "PARAMCD", "AESEQ", "TOXICITY", "ADT")]
    keys = [k for k in keys if not (k == "ADT" and "PARAMCD" in keys)]
    actual = pd.DataFrame({column: as_text(dataset[column]) for column in expected.columns})
    wanted = expected.fillna(".").merge(actual, on=keys, how="left", suffixes=("_x", ""))[list(expected.columns)]
    return _tuples(wanted), _tuples(expected.fillna("."))


def as_text(column: pd.Series) -> pd.Series:
    """Values as a test writes them: dates ISO, whole numbers without a point, a dot for missing."""
    if str(column.dtype).startswith("datetime64"):
        return column.dt.strftime("%Y-%m-%d").astype("str").where(column.notna(), ".")
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda value: f"{value:g}", na_action="ignore").astype("str").where(column.notna(), ".")
    return column.astype("str").where(column.notna(), ".")


def _typed(column: pd.Series, dtype: str) -> pd.Series:
    if dtype.startswith("datetime64"):
        return pd.to_datetime(column, format="%Y-%m-%d").astype(dtype)
    return pd.to_numeric(column).astype(dtype) if dtype == "float64" else column.astype("str")


def _tuples(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(row) for row in frame.astype("str").to_numpy().tolist()]
