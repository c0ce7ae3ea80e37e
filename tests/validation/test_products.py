"""What is published: a workbook that computes nothing, a page that runs nothing of the data, the same bytes."""

import io
import json
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pandas as pd
import pytest
from mini_study import extract, files, project, vital

from pipeline.desk.products import QUERY, products, write
from pipeline.desk.workbook import sheet_name
from pipeline.gate.validation import validate
from pipeline.ground.plain_csv import csv_text

DAYS = ("2026-01-31", "2026-02-28")
HOSTILE = ("=HYPERLINK(\"http://example.org\",\"x\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1",
           "<script>document.title='broken'</script>", "</script><img src=x onerror=document.title='broken'>",
           "\x01\x0bbell", "x" * 40_000)  # fmt: skip
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("study")
    specs = project(root)
    before = extract(root, DAYS[0], files([vital("1", "99"), vital("2", "99")]))
    rows = [vital(str(n), text, note=text) for n, text in enumerate(HOSTILE, start=10)]
    rows += [vital(str(n), "37") for n in range(30, 45)]
    after = extract(root, DAYS[1], files([vital("1", "99"), vital("2", "37"), *rows]))
    validation = validate(specs, after, DAYS[1], [before])
    return validation, products(validation)


def test_queries_csv_has_the_columns_agreed(made):
    frame = pd.read_csv(io.StringIO(made[1]["queries.csv"]), dtype="str", keep_default_na=False)

    assert ",".join(frame.columns) == (
        "check,severity,responsible,form,record,site,subject,folder,field,value,message,status,"
        "query,cause,first_seen,was,note,line,form_label,field_label,key"
    )
    assert set(frame["status"]) == {"new", "open", "resolved"}


def test_the_workbook_holds_no_formula_and_no_link(made):
    book = zipfile.ZipFile(io.BytesIO(made[1]["queries.xlsx"]))
    text = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets/"))

    assert "<f>" not in text
    assert "<hyperlink" not in text
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(made[1]["queries.xlsx"]))["All"].iter_rows() for c in row]
    assert {c.data_type for c in cells} <= {"s", "n"}
    risky = [c for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@"))]
    assert len(risky) >= 4
    assert [c.value for c in risky if not c.quotePrefix] == []


def test_the_workbook_has_a_sheet_per_party_and_all_with_filters_and_a_frozen_header(made):
    book = openpyxl.load_workbook(io.BytesIO(made[1]["queries.xlsx"]))

    assert book.sheetnames[:2] == ["Summary", "All"]
    assert "Resolved" in book.sheetnames
    parties = set(made[0].queries.loc[made[0].queries["status"] != "resolved", "responsible"])
    assert {p.capitalize() for p in parties} <= set(book.sheetnames)
    for name in book.sheetnames[1:]:
        assert (book[name].freeze_panes, book[name].auto_filter.ref[:2]) == ("A2", "A1")
    assert book["All"].max_row == len(made[0].queries) + 1


def test_a_party_with_any_name_gets_a_sheet():
    assert sheet_name("lab [central]: a/b") == "Lab  central   a b"
    assert len(sheet_name("x" * 50)) == 31


def test_csv_cells_are_not_computed_and_numbers_stay_numbers():
    frame = pd.DataFrame({"value": ["=1+1", "-2.5", "+3", "@x", "-2+3", "plain"]}, dtype="str")

    assert csv_text(frame).splitlines()[1:] == ["'=1+1", "-2.5", "+3", "'@x", "'-2+3", "plain"]


def test_the_same_validation_gives_the_same_bytes(made):
    again = products(made[0])

    same = {name: content for name, content in made[1].items() if not isinstance(content, pd.DataFrame)}
    assert all(again[name] == content for name, content in same.items())


def test_the_page_loads_nothing_and_holds_the_data_as_text(made):
    page = made[1]["report.html"]

    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1)
    assert "<" not in data
    assert HOSTILE[5] in {row[7] for row in json.loads(data)["grids"]["queries"]["rows"]}
    assert "default-src 'none'" in page
    outside = re.sub(r'xmlns="[^"]*"', "", page.replace(data, ""))
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//|@import|url\(", outside)


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_shows_the_queries_and_runs_nothing_of_the_data(made, tmp_path):
    page = tmp_path / "report.html"
    opened = "show(); document.querySelector('#s-queries .list tbody tr').click();"
    text = made[1]["report.html"]
    at = text.rindex("show();")
    page.write_text(text[:at] + opened + text[at + 7 :])
    shown = _browser("--dump-dom", f"{page.as_uri()}#queries")

    assert "<title>MINI 2026-02-28: validation</title>" in shown
    assert 'class="here" data-grid' in shown or 'class="grid here"' in shown
    assert 'class="record"' in shown
    assert "&lt;script&gt;document.title" in shown


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_ten_thousand_queries_open_in_a_browser(tmp_path):
    specs = project(tmp_path)
    people = tuple((f"{101 + n % 9}{n:04d}", "44") for n in range(1, 101))
    rows = [vital(str(n), "99", people[n % 100][0]) for n in range(10_000)]
    validation = validate(specs, extract(tmp_path, DAYS[0], files(rows, people=people)), DAYS[0])
    target = write(products(validation), tmp_path / "out")
    shown = _browser("--dump-dom", (target / "report.html").as_uri() + "#queries?site=101")

    assert (validation.queries["check"] == "RAW-RANGE").sum() == 10_000
    assert re.search(r"\d+ of 10\d\d\d rows", shown)
    assert shown.count('<tr class="row"') >= 100


def _browser(*words: str) -> str:
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=True).stdout


def test_products_replace_the_earlier_ones_whole(made, tmp_path):
    (tmp_path / "validation").mkdir()
    (tmp_path / "validation" / "old.txt").write_text("old")
    target = write({"queries.csv": "a\n"}, tmp_path)

    assert [p.name for p in target.iterdir()] == ["queries.csv"]
    assert [p.name for p in tmp_path.iterdir()] == ["validation"]
    assert tuple(made[1]["queries.parquet"].columns) == QUERY
