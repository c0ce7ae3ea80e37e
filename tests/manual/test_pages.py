"""The manual is what would be made; its example is in order and runs; each slip it shows is told where it stands."""

import csv
import re
from pathlib import Path

import pytest

from pipeline.ground.faults import TrialError
from pipeline.lint.report import lint
from pipeline.manual import pages
from pipeline.manual.example import NAME, lay_out, said_of
from pipeline.manual.kinds import KINDS, TABLES
from pipeline.manual.markdown import table

ROOT = Path(__file__).parents[2]
SLIPS = list(csv.DictReader((ROOT / "docs" / "specs" / "slips.csv").open(encoding="utf-8")))


@pytest.mark.slow
def test_the_manual_is_what_would_be_made():
    made = {path: text for path, text in pages.manual(ROOT).items() if not (ROOT / path).exists()
            or (ROOT / path).read_text(encoding="utf-8") != text}  # fmt: skip

    assert [str(path) for path in made] == [], "run `make docs-specs`, read what changed"


def test_no_schema_is_of_a_kind_that_is_gone():
    there = {path.relative_to(ROOT) for path in (ROOT / "docs" / "specs" / "schema").iterdir()}

    assert there - set(pages.schemas()) == set()


def test_every_kind_of_file_has_its_words_on_a_page():
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "specs").glob("*.md"))
    told = set(re.findall(r"<!-- made: (?:own words|words|columns) (\w+) -->", text))

    assert {*(kind.name for kind in KINDS), *TABLES} - told == set(), "add `<!-- made: words <kind> -->` to a page"


def test_a_part_that_nobody_makes_is_told(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("<!-- made: wrods study -->\n<!-- end -->\n")

    with pytest.raises(TrialError, match="did you mean words") as error:
        pages.page(ROOT, path)
    assert "x.md" in error.value.where


def test_what_people_wrote_stays(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("Before.\n\n<!-- made: columns visits -->\nXYZ\n<!-- end -->\n\nAfter.\n")

    text = pages.page(ROOT, path)

    assert text.startswith("Before.\n\n<!-- made: columns visits -->\n\n| Column |") and "XYZ" not in text
    assert text.endswith("<!-- end -->\n\nAfter.\n")


def test_a_bar_in_a_cell_is_no_column():
    assert table(("a", "b"), [("x|y", "z\nz")]) == "| a | b |\n| --- | --- |\n| x\\|y | z z |"


def test_the_example_is_in_order(tmp_path):
    lay_out(ROOT, tmp_path)

    assert [problem.text() for problem in lint(tmp_path, NAME)[0]] == []


# Slips that are told in another line than that of the wrong word: where what it clashes with, or lacks, stands.
COARSE = {
    "products: [EX101]", "not_collected: [eg", "hardcode,EX-11", "datasets: [adsl]", "APH.APHDT",
    'AESERR == "N"', "domain: AA", "TOXGR,1,Grade 2",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("slip", SLIPS, ids=[slip["slip"] for slip in SLIPS])
def test_a_slip_is_told_where_it_stands(slip):
    before = (ROOT / "docs" / "specs" / "example" / slip["file"]).read_text(encoding="utf-8").split(slip["written"])[0]
    file, line = said_of(ROOT, slip).split(":")[:2]
    right = (file, line) == (f"specs/example/{slip['file']}", str(before.count("\n") + 1))

    assert file.startswith("specs/example/") and right == (slip["slip"] not in COARSE)
