"""Rows of shells: a row says its kind first, and what its kind does not know is told with place and cure."""

from pathlib import Path

import pytest

from pipeline.ground.faults import TrialError
from pipeline.study import shapes
from tlf.rows.kinds import Count, Levels, SummaryRow
from tlf.rows.words import Base, RowLevel
from tlf.rows.written import row

SHELL = "output: T-1\nfamily: {family}\nkind: table\ntitle: [X]\nrows:\n  - {row}\n"


def slip(tmp_path: Path, written: str, family: str = "categories") -> str:
    """What is told of a shell with this row in its line 6; nothing when it is in order."""
    path = tmp_path / "t_1.yaml"
    path.write_text(SHELL.format(family=family, row=written), encoding="utf-8")
    try:
        shapes.load(path, shapes.OUTPUT)
    except TrialError as error:
        return f"{error.where.rpartition('t_1.yaml')[2]} | {error.what} | {error.cure}"
    return ""


@pytest.mark.parametrize(
    ("written", "line_and_column", "told", "cure"),
    [
        ("{cuont: Any, where: X == 1}", "line 6, column 6", "begins with 'cuont'", "did you mean count"),
        ("{where: X == 1, count: Any}", "line 6, column 6", "begins with 'where'", "begin with `count:`"),
        ("{label: Any, where: X == 1}", "line 6, column 6", "begins with 'label'", ""),
        ("{count: Any, wher: X == 1}", "line 6", "unknown word 'wher'", "did you mean where"),
        ("{count: Any}", "line 6", "lacks `where:` or `without:`", "add one of them"),
        ("{count: Any, where: X == 1, wher: X}", "line 6, column 33", "unknown word 'wher'", "did you mean where"),
        ("{count: Any, where: X == 1, at: '3'}", "line 6, column 33", "unknown word 'at'", ""),
        ("{count: Any, where: X == 1, variable: X}", "line 6, column 33", "unknown word 'variable'", ""),
        ("{count: '', where: X == 1}", "line 6", "lacks `count:`", "add it"),
        ("{count: Any, where: X == 1, interval: exakt}", "line 6, column 33", "must be the word exact", "mean exact"),
        ("{count: Any, where: X == 1, indent: some}", "line 6, column 33", "must be a whole number", ""),
        ("{count: Any, where: X == 1, columns: A}", "line 6, column 33", "must be a list", ""),
        ("{count: Any, where: X == 1, denominator: all}", "line 6, column 33", "must be `name: value` pairs", ""),
        ("{count: Any, where: X == 1, denominator: {off: x}}", "line 6, column 47", "word 'off'", "did you mean of"),
        ("{heading: Any, where: X == 1}", "line 6, column 20", "unknown word 'where'", ""),
        ("{levels: Sex, variable: SEX}", "line 6", "lacks `values:`", "add it"),
        ("{levels: Sex, values: [M]}", "line 6", "lacks `variable:`", "add it"),
        ("{levels: Sex, variable: SEX, levels_: [M]}", "line 6", "lacks `values:`", "add it"),
        ("{levels: Sex, variable: SEX, values: M}", "line 6, column 34", "must be a list", ""),
        ("{levels: Sex, variable: SEX, values: [{valu: M}]}", "line 6, column 44", "word 'valu'", "did you mean value"),
        ("{summary: Age, variable: AGE}", "line 6", "lacks `show:` or `statistics:`", "add one of them"),
        ("{median: PFS, where: X == 1}", "line 6, column 6", "no kind of row here", ""),
        ("{count: Any, where: X == 1, published: '6'}", "line 6, column 33", "unknown word 'published'", ""),
    ],
)
def test_a_slip_in_a_row_is_told_with_its_place_and_the_cure(tmp_path, written, line_and_column, told, cure):
    said = slip(tmp_path, written)
    assert line_and_column in said
    assert told in said
    assert cure in said


@pytest.mark.parametrize(
    ("family", "written", "known"),
    [
        ("survival", "{median: PFS, where: X == 1}", True),
        ("survival", "{rate: PFS, where: X == 1}", False),  # at which day?
        ("survival", "{rate: PFS, where: X == 1, at: '365.25'}", True),
        ("survival", "{rate: PFS, where: X == 1, at: a year}", False),
        ("published", "{count: Any, where: X == 1, published: '6'}", True),
        ("forest", "{count: Ours, where: X == 1}", True),
        ("forest", "{count: Ours, where: X == 1, denominator: {where: X == 2}}", False),
        ("forest", "{count: Ours, where: X == 1, columns: [A]}", False),
        ("forest", "{levels: Sex, variable: SEX, values: [M]}", False),
        ("listing", "{count: Any, where: X == 1}", False),
    ],
)
def test_a_family_knows_its_kinds_of_rows(tmp_path, family, written, known):
    assert (slip(tmp_path, written, family) == "") is known


def test_a_row_is_read_into_its_kind():
    assert row({"count": "Any", "of": "adcrs", "where": "AVAL >= 1", "indent": "1"}) == Count(
        "Any", 1, of="adcrs", where="AVAL >= 1")
    assert row({"count": "Any", "where": "", "denominator": {"of": "adcrs"}}).denominator == Base("adcrs")
    assert row({"levels": "Sex", "variable": "SEX", "values": ["M", {"value": "F", "label": "Women"}]}) == Levels(
        "Sex", variable="SEX", values=(RowLevel("M", "M", id="M"), RowLevel("F", "Women", id="F")))
    assert row({"summary": "Age", "variable": "AGE", "statistics": {"n": "{n:x}"}}) == SummaryRow(
        "Age", variable="AGE", statistics=(("n", "{n:x}"),))
