"""A workbook comes back with answers and acceptances: what is taken, what is not and why, and what becomes of it."""

import io
import shutil

import openpyxl
import pytest
from mini_study import extract, files, project, vital

from pipeline.desk.products import products, write
from pipeline.desk.returned import run
from pipeline.gate.validation import validate
from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.study.specs import load_specs

DAY = "2026-03-31"


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A project with a query on record 2 (temperature 99), the extract's folder in it, and the workbook sent."""
    root = tmp_path_factory.mktemp("sent")
    specs = project(root)
    delivery = extract(root, DAY, files([vital("1", "36"), vital("2", "99"), vital("3", "98")]))
    made = products(validate(specs, delivery, DAY))
    write(made, root / "output" / "mini")
    return root, delivery.folder.relative_to(root), made["queries.xlsx"]


@pytest.fixture
def study(sent, tmp_path):
    """A copy of its own for each test: the root, the specs, the extract, and the workbook as it was sent."""
    root, folder, workbook = sent
    shutil.copytree(root, tmp_path, dirs_exist_ok=True)
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return tmp_path, load_specs(tmp_path, "mini"), open_delivery(tmp_path / folder), book


def filled(book, sheet, record, **entered):
    page = book[sheet]
    heads = {cell.value: cell.column for cell in page[1]}
    row = next(r for r in range(2, page.max_row + 1) if page.cell(r, heads["Record"]).value == record)
    for head, text in entered.items():
        page.cell(row, heads[head]).value = text
    return row


def returned(study, who="J. Doe"):
    root, _, _, book = study
    book.save(root / "back.xlsx")
    return run(root / "back.xlsx", "mini", "", str(root), who)


def lives(study):
    _, specs, delivery, _ = study
    queries = validate(specs, delivery, DAY).queries
    rows = queries.loc[queries["check"] == "RAW-RANGE", ["record", "status", "note"]]
    return {record: (status, note) for record, status, note in rows.to_numpy().tolist()}


def test_an_acceptance_is_in_force_and_an_answer_is_carried_forward(study):
    filled(study[3], "All", "2", Accept="Y", Reason="thermometer replaced")
    filled(study[3], "All", "3", Answer="confirmed by the site")

    assert returned(study) == 0
    assert lives(study) == {
        "2": ("accepted", "accepted by J. Doe: thermometer replaced"),
        "3": ("answered", "answered by J. Doe: confirmed by the site"),
    }


def test_an_answered_query_stays_open_and_its_answer_does_not_hold_for_another_value(study):
    root, specs, _, book = study
    filled(book, "All", "3", Answer="confirmed")
    returned(study)
    changed = extract(root, "2026-04-30", files([vital("3", "97")]))
    validation = validate(specs, changed, "2026-04-30")

    assert validation.counts()["major"] == 1
    query = validation.queries[validation.queries["check"] == "RAW-RANGE"].iloc[0]
    assert (query["status"], query["note"]) == ("new", "answered for the value '98': confirmed")


@pytest.mark.parametrize(
    ("entered", "who", "said"),
    [
        ({"Accept": "Y"}, "J. Doe", "an acceptance needs a Reason."),
        ({"Accept": "perhaps", "Reason": "r"}, "J. Doe", "Accept is 'perhaps'. Write Y, or leave it empty."),
        ({"Accept": "Y", "Reason": "r"}, "", "nobody is named in By. Fill it, or say --who."),
        ({"Accept": "Y", "Reason": "r", "Until": "31.12.2026"}, "J. Doe", "Until is '31.12.2026', no date."),
        ({"Answer": "=1+1"}, "J. Doe", "the cell Answer holds a formula. Write text."),
        ({"Id": "Q-0", "Answer": "x"}, "J. Doe", "the query Q-0 is not in the last validation."),
        ({"Reason": "because"}, "J. Doe", "there is neither an Answer nor Accept."),
    ],
)
def test_what_cannot_be_taken_is_named_with_sheet_row_and_cure(study, capsys, entered, who, said):
    row = filled(study[3], "All", "2", **entered)

    assert returned(study, who) == 1
    assert f"sheet All, row {row}: {said}" in capsys.readouterr().out
    assert not (study[1].folder / "answers.csv").exists()
    assert (study[1].folder / "accepted.csv").read_text().count("\n") == 1


def test_the_same_entry_on_two_sheets_is_one_and_another_one_is_a_problem(study, capsys):
    for sheet in ("All", "Data management"):
        filled(study[3], sheet, "2", Answer="same")
        filled(study[3], sheet, "3", Answer=f"of {sheet}")

    assert returned(study) == 1
    assert "is answered otherwise on another sheet" in capsys.readouterr().out
    assert (study[1].folder / "answers.csv").read_text().count(",same,") == 1


def test_the_same_workbook_twice_adds_nothing(study, capsys):
    filled(study[3], "All", "2", Accept="Y", Reason="r", Answer="a")
    returned(study)
    registers = [(study[1].folder / name).read_text() for name in ("accepted.csv", "answers.csv")]

    assert returned(study) == 0
    assert [(study[1].folder / name).read_text() for name in ("accepted.csv", "answers.csv")] == registers
    assert "2 of them stood there already" in capsys.readouterr().out


def test_what_the_query_is_about_comes_from_the_validation_not_from_the_cells(study):
    filled(study[3], "All", "2", Accept="Y", Reason="r", Value="37", Check="RAW-ELSE")

    assert returned(study) == 0
    assert "RAW-RANGE,VS,2,TEMP,99,r,J. Doe," in (study[1].folder / "accepted.csv").read_text()


def test_a_text_like_a_formula_is_stored_harmless_and_read_back_as_it_was(study):
    _, specs, _, book = study
    filled(book, "All", "2", Answer="- seen at the site")
    returned(study)

    assert "'- seen at the site" in (specs.folder / "answers.csv").read_text()
    assert lives(study)["2"][1] == "answered by J. Doe: - seen at the site"


@pytest.mark.parametrize("content", [b"no workbook", b""])
def test_a_file_that_is_no_workbook_is_refused_in_words(study, content):
    path = study[0] / "back.xlsx"
    path.write_bytes(content)

    with pytest.raises(TrialError, match="no workbook"):
        run(path, "mini", "", str(study[0]), "")
