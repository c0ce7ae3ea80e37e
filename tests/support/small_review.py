"""A review site of four records, made without a build: one output, one dataset of each layer, hostile free text."""

from pathlib import Path

import pandas as pd

from pipeline.review.output_parts import in_parts
from pipeline.review.script import file_of, script
from pipeline.review.site import page
from pipeline.review.start import findings_told
from pipeline.review.subjects import as_data
from pipeline.review.tables import Slices, by_column, chunks
from tlf.profile.axis import axis
from tlf.profile.page import Mark, PageChart, PageRow, PageTable, Point, Query, RecordAt, SubjectPage

HOSTILE = "<img src=x onerror=\"document.title='harmed'\">"
EVENTS = pd.DataFrame({
    "USUBJID": ["S-1", "S-1", "S-2", "S-3"], "AESEQ": [1.0, 2.0, 1.0, 1.0],
    "AEDECOD": ["Pyrexia", HOSTILE, "Pyrexia", "Nausea"], "ATOXGRN": [3.0, 1.0, 4.0, None],
})  # fmt: skip
LINES = pd.DataFrame({
    "LINE": [2, 3, 5, 6], "RECORD": ["11", "12", "13", "14"],
    "AETERM": ["Fever", HOSTILE, "High temperature", "=1+1"], "AEGR": ["3", "1", "4", None],
})  # fmt: skip
ELEMENTS = pd.DataFrame({"USUBJID": ["S-1"], "SESEQ": [1.0], "ETCD": ["SCREEN"]})  # derived: of no line
LABELS = {"USUBJID": "Unique Subject Identifier", "AEDECOD": "Dictionary-Derived Term", "ATOXGRN": "Analysis Grade (N)"}
WHERE, POPULATION = "ATOXGRN >= 3", 'SAFFL == "Y"'


def cells():
    """What the one output says of its numbers, as pipeline/review/outputs.py tells it."""
    return [
        {"a": ["saf", "grade_3", "total"], "l": ["Grade 3 or higher", "Total"], "b": [0],
         "s": [["n", "", "2", ""], ["N", "", "3", ""]]},
        {"a": ["saf", "subjects", "total"], "l": ["Subjects", "Total"], "b": [1], "s": [["N", "", "3", ""]]},
    ]  # fmt: skip


def output():
    """One table of one row."""
    asked = {"d": 0, "p": POPULATION, "u": "Safety Population Flag is Y", "of": 3, "b": "", "q": ["DLT_MED"]}
    return {
        "number": "T-1", "titles": ["Adverse Events"], "population": "Safety Analysis Set",
        "head": [["Protocol: S", "DRAFT"]], "foot": ["Source: ADAE"], "picture": "", "description": "", "files": [],
        "tables": [{"spans": [], "empty": "none",
                    "rows": [{"c": ["Grade 3 or higher", "2 (66.7)"], "i": 0, "n": [-1, 0]}],
                    "columns": [{"label": "", "align": "left", "width": 1, "n": -1},
                                {"label": "Total\n(N=3)", "align": "center", "width": 1, "n": 1}]}],
        "cells": cells(),
        "behind": [{**asked, "w": WHERE, "t": "Grade is at least 3", "v": ["ATOXGRN"], "r": [0, 1, 2, 1], "n": 2},
                   {**asked, "w": "", "t": "", "v": [], "r": [0, 4], "n": 3}],
    }  # fmt: skip


def listing():
    """A listing of more rows than are shown at once: each has one number, the subject's."""
    asked = {"d": 0, "p": "", "u": "", "of": 3, "b": "", "q": [], "w": "", "t": "", "v": []}
    rows = [{"c": [f"Row {n}", str(n)], "i": 0, "n": [-1, n]} for n in range(1201)]
    cells = [{"a": ["", f"row.{n}", "n"], "l": [f"Row / {n}", "n"], "b": [n % 2], "s": []} for n in range(1201)]
    columns = [{"label": "", "align": "left", "width": 1, "n": -1},
               {"label": "n", "align": "center", "width": 1, "n": -1}]  # fmt: skip
    return {**output(), "number": "L-1", "titles": ["Rows"], "cells": cells,
            "tables": [{"spans": [], "empty": "none", "rows": rows, "columns": columns}],
            "behind": [{**asked, "r": [0, 2], "n": 1}, {**asked, "r": [2, 1], "n": 1}]}  # fmt: skip


def dataset(name, layer, records, **more):
    """The metadata of a dataset."""
    variables = [{"name": one, "label": LABELS.get(one, "")} for one in records]
    return {"name": name, "layer": layer, "label": f"Events, {layer}", "path": f"{layer}/{name}",
            "records": len(records), "variables": variables, "starts": [0], **more}  # fmt: skip


def study():
    """What all pages know."""
    people = [{"id": f"S-{n}", "at": str(n), "SUBJID": str(n), "SITEID": "01"} for n in (1, 2, 3)]
    decision = {"id": "DLT_MED", "question": "Which?", "choice": "ANY", "default": "COND", "why": "", "choices": [],
                "source": "", "set_in": "study", "outputs": ["T-1"]}  # fmt: skip
    listed = {"name": "t_1", "number": "T-1", "title": "Adverse Events", "kind": "table", "population": "All",
              "section": "14.3 Safety Data", "words": ["Grade 3 or higher", "Total"]}  # fmt: skip
    other = {**listed, "name": "l_1", "number": "L-1", "title": "Rows", "kind": "listing", "words": []}
    return {
        "study": "S", "title": "A study", "sponsor": "", "stage": "Draft", "status": "Interim data.", "extract": "E1",
        "extracted": "2026-01-01", "cut": "2026-01-01", "run": "0", "dictionaries": "MedDRA 27.1", "criteria": {},
        "severities": ["critical", "major", "minor"], "counts": {"critical": 1}, "further": {}, "left_out": [],
        "sets": [{"label": "Safety Analysis Set", "flag": "", "n": 3}], "failed": {}, "audits": {}, "pooled": False,
        "flow": "", "news": 1, "subjects": by_column(people), "decisions": [decision], "outputs": [listed, other],
        "headline": [{"label": "Grade 3", "output": "T-1", "text": "2/3", "drawn": [0.67, 0.09, 0.99],
                      "at": ["saf", "grade_3", "total"]}],
        "datasets": [dataset("adae", "adam", EVENTS), dataset("ae", "sdtm", EVENTS),
                     dataset("AE.csv", "raw", LINES, hash="ab" * 32, form="AE"),
                     dataset("se", "sdtm", ELEMENTS)],
    }  # fmt: skip


def news():
    """What is new since an earlier build: one subject came, one headline result and its output differ."""
    return {
        "extract": "E0", "cut": "2025-12-01", "run": "9", "stated": [["DLT_MED", "COND", "ANY"]], "differences": 4,
        "accepted": 1, "headline": [["Grade 3", "1/2", "2/3"]], "sets": [["Safety Analysis Set", "2", "3"]],
        "findings": {"record came": 1, "record went": 0}, "outputs": [["T-1", 2]],
        "subjects": {"came": ["S-3"], "went": ["S-9"]},
        "datasets": [{"name": "ADAE", "was": 3, "now": 4, "came": 1, "went": 0, "values": 2, "attributes": 0,
                      "other": 0, "variables": [["AEDECOD", 2]]}],
    }  # fmt: skip


def moved():
    """What other choices of the one decision move."""
    return {"DLT_MED": [
        {"scenario": "DLT_MED=COND", "choice": "COND", "result": "Grade 3", "output": "T-1", "before": "2/3",
         "after": "1/3", "change": "-33.3", "subjects": "DLTFL: +1 -2; EASFL: -3"},
        {"scenario": "DLT_MED=BOTH", "choice": "BOTH"},
    ]}  # fmt: skip


def profile():
    """The page of the first subject: an event of grade 3, one whose end nobody recorded, one value."""
    first, second = (RecordAt("ADAE", number, float(number), "AE", float(number)) for number in (1, 2))
    events = PageRow("Events", "Pyrexia", "GRADE", (Mark(2, 2, 8, 8, "", "2025-01-10", "Fever", "3", first),))
    other = PageRow("", HOSTILE, "GRADE", (Mark(4, 4, None, None, "end not recorded", "", HOSTILE, "1", second),))
    point = Point(3, 3, 900, "900", "2025-01-11", "copies/ug", False, 25, None, None, first)
    chart = PageChart("Transgene", "copies/ug", True, 10, 1000, (10, 100, 1000), {"": (point,)}, (25,), ())
    table = PageTable("Response", ("Day", "Date", "Response"), (("28", "2025-02-05", "CR"),), (first,))
    query = Query("major", "AE-1", "AE.AETERM", HOSTILE)
    page = SubjectPage("S-1", "1", "first infusion", "2025-01-08", 0, axis(-30, 60, (-10, 35), (2, 5, 3)), 60,
                       (("Age", "58"),), (("Safety Analysis Set", "N", "NOT TREATED"),), (events, other), (chart,),
                       (table,), (("Events", "Rash", "no date"),), (query,))  # fmt: skip
    return as_data(page, {"GRADE": {"1": "#f4d581", "3": "#d2502d"}})


def small_review(folder: Path) -> Path:
    """Write the site; its first page."""
    lost = {"check": "AE-1", "severity": "critical", "form": "AE", "record": "12", "subject": "1", "field": "AETERM",
            "value": HOSTILE, "message": f"The term is {HOSTILE}."}  # fmt: skip
    nodes = {
        "nodes": [["raw", "AE"], ["sdtm", "AE"], ["adam", "ADAE"], ["output", "T-1"]],
        "edges": [[0, 1], [1, 2], [2, 3]],
    }
    told = {"study": study(), "subject/1": profile(), "output/t_1": output(), **findings_told([lost]), "lineage": nodes,
            "news": news(), "moved": moved()}  # fmt: skip
    made = {**page("S"), **in_parts("output/l_1", listing(), 30_000)}
    made |= {file_of(name): script(name, value) for name, value in told.items()}
    shown = (("adam/adae", EVENTS), ("sdtm/ae", EVENTS), ("raw/AE.csv", LINES), ("sdtm/se", ELEMENTS))
    for number, (path, records) in enumerate(shown):
        sources = [1] * len(records) if number < 2 else [0] * len(records)
        told = [] if path.startswith("raw") else [0, 1] if len(records) == 1 else [0, 2, 1, 1, 2, 1]
        made[file_of(f"whose/{path}")] = script(f"whose/{path}", told)
        beside = {"n": sources, "to": [number + 1] * sum(sources), "at": list(range(sum(sources)))}
        made |= {
            file_of(f"{path}/{start}"): content
            for start, content in chunks(path, Slices([records]), len(records), lambda *_, told=beside: told)
        }
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / "index.html"
