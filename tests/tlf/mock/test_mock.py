"""Shells before there are data: x's in the form of each statistic, levels of the specs, notes for the programmer."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from read_once import specs_of

from pipeline.cli import trial
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.publish.mock import known_of
from pipeline.study.specs import studies
from tlf.mock.body import body, noted
from tlf.mock.clauses_in_words import clause_in_words
from tlf.mock.foreseen import Foreseen
from tlf.model import Figure, Page, Table
from tlf.panels import Frame
from tlf.shells import read

ROOT = Path(__file__).resolve().parents[3]
ADSL = DatasetSpec("adsl", variables=(
    Variable("USUBJID", "Unique Subject Identifier"), Variable("SEX", "Sex", codelist="SEX"),
    Variable("SAFFL", "Safety Population Flag", codelist="Y"), Variable("AGE", "Age", type="number"),
    Variable("TRTSDT", "Date of First Treatment", type="date"),
))  # fmt: skip
ADAE = DatasetSpec("adae", variables=(Variable("AEBODSYS", "Body System or Organ Class"), Variable("AEDECOD"),
                                      Variable("AESER", "Serious Event", codelist="NY")))  # fmt: skip
ADLB = DatasetSpec("adlb", variables=(Variable("AVAL", "Analysis Value", type="number"), Variable("AVISIT")),
                   parameters=(Parameter("NEUT", "Neutrophils", ""),))  # fmt: skip
KNOWN = Foreseen(
    {"adsl": ADSL, "adae": ADAE, "adlb": ADLB}, {"SEX": ("M", "F"), "NY": ("Y", "N"), "Y": ("Y",)},
    {"AVISIT": ("Baseline", "Day 30")}, {"percent_min_n": 10, "ci_level": 0.9, "age_cut": 65},
)  # fmt: skip


def shell(*rows, **words):
    said = {"output": "T-1", "family": "categories", "columns": [{"label": "A", "where": 'SEX == "M"'}, {"label": "B"}],
            "population": {"where": 'SAFFL == "Y"', "label": "Safety"}, "rows": list(rows)}  # fmt: skip
    return read(said | words)


def printed(made):
    """The rows of the shell itself: label and first cell, indented."""
    return [("  " * row.indent + row.cells[0], row.cells[1] if len(row.cells) > 1 else "") for row in made.rows]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"count": "Any", "where": "AGE > 1"}, [("Any", "xx (xx.x)")]),
        ({"count": "Any", "where": "AGE > 1", "interval": "exact", "show": "{n:x}/{N:x} ({pct:x.x})"},
         [("Any", "x/x (x.x)"), ("  90% CI", "(x.x, x.x)")]),
        ({"count": "Events", "of": "adae", "where": 'AESER == "Y"', "per": "record", "show": "{n:xxx}"},
         [("Events", "xxx")]),
        ({"levels": "Sex", "variable": "SEX", "values": ["M", {"value": "F", "label": "Female"}]},
         [("Sex", ""), ("  M", "xx (xx.x)"), ("  Female", "xx (xx.x)")]),
        ({"summary": "Age", "variable": "AGE", "statistics": {"Mean (SD)": "{mean:xx.x} ({sd:x.xx})"}},
         [("Age", ""), ("  Mean (SD)", "xx.x (x.xx)")]),
        ({"summary": "Value", "of": "adlb", "variable": "AVAL", "by": "AVISIT", "show": "{median:x.x}"},
         [("Value", ""), ("  Baseline", "x.x"), ("  Day 30", "x.x")]),
        ({"terms": "Terms", "by": ["AEBODSYS", "AEDECOD"], "parts": [{"label": "Grade 3", "where": 'AESER == "Y"'}]},
         [("Terms", ""), ("  <System organ class>", "xx (xx.x)"), ("    Grade 3", "xx (xx.x)"),
          ("    <Preferred term>", "xx (xx.x)"), ("      Grade 3", "xx (xx.x)")]),
        ({"terms": "By visit", "of": "adlb", "by": ["AVISIT", "AVALC"], "each": "is {level}"},
         [("By visit", ""), ("  Baseline", "xx (xx.x)"), ("    is <AVALC>", "xx (xx.x)"), ("  Day 30", "xx (xx.x)"),
          ("    is <AVALC>", "xx (xx.x)")]),
        ({"shift": "Serious by sex", "of": "adae", "first": {"variable": "SEX", "each": "Baseline {level}"},
          "then": {"variable": "GRADE"}},
         [("Serious by sex", ""), ("  Baseline M", ""), ("    <GRADE>", "xx"), ("  Baseline F", ""),
          ("    <GRADE>", "xx")]),
    ],
)  # fmt: skip
def test_a_row_prints_the_x_s_of_its_statistics(row, expected):
    assert printed(body(shell(row), KNOWN)) == expected


def test_a_row_that_is_not_for_a_column_has_a_dash_there():
    made = body(shell({"count": "Any", "where": "AGE > 1", "columns": ["b"], "note": "not there"}), KNOWN)
    assert made.rows[0].cells == ("Any", "-", "xx (xx.x)")
    assert [column.label for column in made.columns] == ["", "A\n(N=x)\nn (%)", "B\n(N=x)\nn (%)"]


def test_a_listing_shows_what_its_cells_will_hold():
    said = {"columns": [{"label": one} for one in ("Sex", "Age", "Start", "Both", "Serious")],
            "rows": [], "family": "listing", "kind": "listing", "words": {"AESER": {"Y": "Yes", "N": "No"}},
            "blocks": [{"label": "All", "where": "", "of": "adae",
                        "cells": ["SEX", "AGE", "TRTSDT", "{AEDECOD}, {AGE:x.x}", "AESER"]}]}  # fmt: skip
    rows = [row.cells for row in body(shell(**said), KNOWN).rows[:2]]
    assert rows == [("All (n=xx)",), ("M / F", "xx", "YYYY-MM-DD", "xxxxx, x.x", "Yes / No")]


def test_a_figure_is_empty_axes_with_its_groups_and_its_notes_stand_below():
    figure = shell(family="kaplan_meier", kind="figure", ticks=["0", "3"], x_label="Months", y_label="Probability",
                   where='PARAMCD == "NEUT"', of="adlb", rows=[])  # fmt: skip
    assert body(figure, KNOWN) == Figure((Frame(("A (N=xx)", "B (N=xx)"), (0.0, 3.0), "Months", "Probability"),))
    told = noted(Page("F-1", ("x",), ""), body(figure, KNOWN), figure, KNOWN)[0].footnotes
    assert 'Drawn: ADLB (up AVAL) where PARAMCD == "NEUT". In words: Parameter is Neutrophils' in told


def test_every_row_tells_its_dataset_its_records_as_written_and_in_words_and_its_method():
    asked = shell({"count": "Old", "where": "AGE >= @AGE_CUT"}, decisions=["AGE_CUT"])
    page = Page("T-1", ("x",), "")
    same, made = noted(page, body(asked, KNOWN), asked, KNOWN)
    assert same == page
    assert [row.cells[0] for row in made.rows[:2]] == ["Old", "Notes for the programmer"]
    notes = [row.cells[0] for row in made.rows[2:]]
    assert notes == [
        "Datasets: none. Kind of output: categories",
        'Population Safety where SAFFL == "Y"', "In words: Safety Population Flag is yes",
        'Column A where SEX == "M"', "In words: Sex is M",
        "Old: ADSL where AGE >= @AGE_CUT", "In words: Age is at least 65 (AGE_CUT)",
        "Method: number of subjects with such a record, and its share of the subjects of the column",
        "Decision AGE_CUT: 65",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("", ""),
        ('SEX in ["M", "F"] and (AGE < 18 or AGE != AGE)',
         "Sex is one of M, F and (Age is less than 18 or Age is missing)"),
        ('not (SEX == "")', "not (Sex is missing)"),
        ('SEX != ""', "Sex is known"),
        ('AESER == "N"', "Serious Event is no"),
        ("AGE == AGE", "Age is known"),
    ],
)
def test_a_clause_in_words_names_variables_by_their_labels(where, words):
    assert clause_in_words(where, "adae", KNOWN) == words


@pytest.mark.parametrize("study", studies(ROOT))
def test_every_output_of_the_examples_has_a_shell_before_there_are_data(study):
    specs = specs_of(study)
    known = known_of(specs)
    made = {name: body(one.shell, known) for name, one in specs.outputs.items()}
    assert all(isinstance(one, Figure) or one.rows for one in made.values())
    digits = [cell for one in made.values() if isinstance(one, Table) for row in one.rows for cell in row.cells[1:]
              if "nan" in cell or "1.0" in cell]  # fmt: skip
    assert digits == []


@pytest.mark.slow
def test_the_command_needs_specs_and_no_extract(tmp_path):
    for name in ("standard", "bsab12"):
        shutil.copytree(ROOT / "specs" / name, tmp_path / "specs" / name)
    shutil.copytree(ROOT / "data" / "published", tmp_path / "data" / "published")
    words = ["mock", "bsab12", "--root", str(tmp_path), "--out", str(tmp_path / "shells")]
    told = CliRunner().invoke(trial, words)
    assert told.exit_code == 0, told.output
    made = {path.name for path in (tmp_path / "shells").iterdir()}
    assert {"all.pdf", "index.html", "contents.rtf", "t_1.rtf", "t_1.pdf", "f_1.png"} <= made
    assert "Notes for the programmer" in (tmp_path / "shells" / "t_1.txt").read_text(encoding="utf-8")
    assert "no number on these pages is a result" in (tmp_path / "shells" / "t_1.txt").read_text(encoding="utf-8")
