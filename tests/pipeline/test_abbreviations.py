"""abbreviations.csv: the standard's list, and what a study says of its own short forms."""

from types import SimpleNamespace

from pipeline.lint.tables import check_tables
from pipeline.study.abbreviations import abbreviations
from tlf.abbreviations import Abbreviation

HEAD = "abbreviation,meaning,within\n"


def files(tmp_path, standard, own):
    paths = [tmp_path / "specs" / name / "abbreviations.csv" for name in ("standard", "own")]
    for path, text in zip(paths, (standard, own), strict=True):
        path.parent.mkdir(parents=True)
        path.write_text(HEAD + text, encoding="utf-8")
    return paths


def test_a_study_s_meaning_of_a_short_form_wins_and_the_others_stay(tmp_path):
    standard = "SD,stable disease,\nSD,standard deviation,Mean (SD)\nCR,complete response,\n"
    paths = files(tmp_path, standard, "SD,study day,\n")
    specs = SimpleNamespace(tables={"abbreviations": paths[0]}, table_files=lambda name: paths)
    assert set(abbreviations(specs)) == {Abbreviation("SD", "study day"), Abbreviation("CR", "complete response")}


def test_a_project_without_the_list_spells_nothing_out():
    assert abbreviations(SimpleNamespace(tables={}, table_files=None)) == ()


def test_a_short_form_stands_once_for_each_phrase(tmp_path):
    files(tmp_path, "SD,stable disease,\nSD,standard deviation,Mean (SD)\n", "CR,one,\nCR,another,\n")
    said = [problem.text() for problem in check_tables(tmp_path, tmp_path / "specs" / "own")
            if "abbreviations" in problem.text()]  # fmt: skip
    assert len(said) == 1
    assert "specs/own/abbreviations.csv:3" in said[0] and "CR" in said[0]
