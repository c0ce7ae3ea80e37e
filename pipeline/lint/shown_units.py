"""The unit that an output of the catalogue prints is the one in which the values of its test are (units.csv)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.lint.places import ERROR, Document, Problem, read_document
from pipeline.study.catalogue import FILE
from pipeline.study.csv_text import load_tables
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content

PARAMETER = re.compile(r'\bPARAMCD == "(\w+)"')
DOMAINS = {"adlb": "LB", "advs": "VS", "adeg": "EG", "adpc": "PC"}


def check_shown_units(root: Path, specs: Specs, _: pd.DataFrame) -> Iterator[Problem]:
    """Entries whose `unit` is not the standard unit of the test that they show."""
    path = specs.folder / FILE
    document = read_document(path, str(path.relative_to(root))) if path.is_file() else None
    if not isinstance(document, Document) or "units" not in specs.tables:
        return
    units = load_tables(specs.table_files("units")).groupby(["domain", "test"])["to"].agg(set)
    for number, entry in enumerate(document.content):
        for test in _shown(entry) if "unit" in entry else ():
            due = units.get(test, set())
            if due and entry["unit"] not in due:
                there = " or ".join(sorted(due))
                what = f"{entry['output']} prints {entry['unit']}, the values of {test[1]} are in {there}"
                yield document.problem((number, "unit"), ERROR, what, "say the unit to which units.csv converts")


def _shown(entry: Content) -> list[tuple[str, str]]:
    """Domain and code of the tests that an entry names: its test, its analyte, or those of its clause."""
    if "analyte" in entry:
        return [("PC", entry["analyte"])]
    domain = DOMAINS.get(entry.get("dataset", "adlb"), "")
    return [(domain, code) for code in (entry.get("test"), *PARAMETER.findall(entry.get("where", ""))) if code]
