"""The CDISC CORE engine, where it is installed: run on the files of the datasets, its findings joined to ours.

CORE is a program of its own (`core` of a release, or its core.py); the package cdisc-rules-engine alone has no command.
It reads files, so a build must have been exported. What it finds is held to the same notes as our own findings.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from pipeline.engine.conformance.notes import notes_of
from pipeline.engine.conformance.rule import Checked, Outcome
from pipeline.engine.conformance.table import COLUMNS, held_to, row_of
from pipeline.ground.faults import TrialError
from pipeline.study.yaml_text import Content

PROGRAM, PACKAGE = "core", "cdisc_rules_engine"
STANDARDS = {"sdtm": "sdtmig", "adam": "adamig"}
READ_BY_CORE = (".xpt", ".json", ".ndjson")
SUBJECT = "USUBJID"


@dataclass(frozen=True)
class Engine:
    """The program, or why there is none (`lacking`)."""

    program: str = ""
    lacking: str = ""


def engine(named: str) -> Engine:
    """The program that is named, else `core` on the path. Raises TrialError for a named one that is not there."""
    found = shutil.which(named or PROGRAM)
    if found:
        return Engine(found)
    if named:
        raise TrialError(f"There is no program {named}.", "--engine", "name the program core of a CORE release")
    if find_spec(PACKAGE):
        return Engine(lacking="the package cdisc-rules-engine has no command; name the program of a release (--engine)")
    return Engine(lacking="the CDISC CORE engine is not installed (it needs Python 3.12, or its own release: --engine)")


def folders(files: Iterable[Path], layers: Mapping[str, str]) -> dict[str, Path]:
    """Where the files lie that CORE reads, by layer; `layers` are those of datasets in lower case."""
    kept = [path for path in files if path.suffix.lower() in READ_BY_CORE and path.stem.lower() in layers]
    return {layers[path.stem.lower()]: path.parent for path in sorted(kept, reverse=True)}


def core_findings(
    program: str, places: Mapping[str, Path], standards: Mapping[str, str], datasets: Iterable[Checked],
    notes: pd.DataFrame | None,
) -> pd.DataFrame:  # fmt: skip
    """What CORE finds in these folders, as the table of conformance. Raises TrialError where it cannot be run."""
    known = {one.spec.dataset: one for one in datasets}
    rows: list[tuple[object, ...]] = []
    for layer, folder in places.items():
        report = _report(program, folder, STANDARDS[layer], standards)
        rows += _rows(report, known, notes)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _report(program: str, folder: Path, standard: str, standards: Mapping[str, str]) -> Content:
    """CORE's report of a folder."""
    version, terms = standards.get(standard, ""), standards.get("sdtmct", "")
    with TemporaryDirectory() as place:
        target = Path(place) / standard
        asked = [program, "validate", "-s", standard, "-v", version.replace(".", "-"), "-d", str(folder)]
        asked += ["-ct", f"sdtmct-{terms}"] if terms and standard == STANDARDS["sdtm"] else []
        run = subprocess.run([*asked, "-of", "JSON", "-o", str(target)], capture_output=True, text=True, check=False)
        path = target.with_suffix(".json")
        if run.returncode or not path.is_file():
            said = (run.stderr or run.stdout).strip().splitlines()
            what = f"The CORE engine stopped ({said[-1] if said else f'exit code {run.returncode}'})."
            raise TrialError(what, str(folder), "run it alone to see more, or leave --core out")
        return json.loads(path.read_bytes())


def _rows(report: Content, known: Mapping[str, Checked], notes: pd.DataFrame | None) -> Iterator[tuple[object, ...]]:
    """A row for each rule that found something: its issues by dataset, and what the notes explain of them."""
    words = {str(name).lower(): said for name, said in report.items()}
    version = words.get("conformance_details", {}).get("CORE_Engine_Version", "")
    details = pd.DataFrame(words.get("issue_details", []))
    of_rule = notes_of(notes)
    for rule, found in details.groupby("core_id", sort=True) if len(details) else ():
        source = f"CORE engine {version}".strip()
        notes_ = of_rule.get(str(rule), ())
        told = [held_to(known[name], [_outcome(known[name], issues)], notes_)
                for name, issues in _by_dataset(found) if name in known]  # fmt: skip
        yield row_of((rule, str(found["message"].iloc[0]), source), told)


def _by_dataset(found: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    names = found["dataset"].astype("str").str.partition(".")[0].str.upper()
    yield from ((str(name), issues) for name, issues in found.groupby(names, sort=True))


def _outcome(one: Checked, issues: pd.DataFrame) -> Outcome:
    """The issues of a dataset with the places of their records: by subject and number, else by CORE's count of rows."""
    variables = [str(name) for name in (issues["variables"].iloc[0] if "variables" in issues else ())]
    variable = next((name for name in [*(name for name in variables if name in one.data), *variables]), "")
    rows = sorted({place for issue in issues.to_dict("records") for place in _places(one, issue)})
    return Outcome(variable, len(one.data), len(issues), one.shown(variable, tuple(rows)), tuple(rows))


def _places(one: Checked, issue: Mapping[str, Content]) -> Iterator[int]:
    number = next((name for name in (f"{one.spec.dataset}SEQ", "ASEQ") if name in one.data), "")
    subject, sequence, row = (str(issue.get(name) or "") for name in (SUBJECT, "SEQ", "row"))
    if number and subject and sequence:
        met = one.data[SUBJECT].eq(subject) & one.data[number].astype("float64").eq(float(sequence))
        yield from met.to_numpy().nonzero()[0].tolist()
    elif row.isdigit() and 0 < int(row) <= len(one.data):
        yield int(row) - 1
