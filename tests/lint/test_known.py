"""What outputs say of values is held against lists, parts, visits and all that specs and code say."""

from pathlib import Path

import pytest

from pipeline.ground.faults import TrialError
from pipeline.lint.places import read_document
from pipeline.lint.report import lint
from pipeline.lint.study import check_folders
from pipeline.manual.example import NAME, lay_out

ROOT = Path(__file__).parents[2]
T_2 = "tlf/t_2.yaml"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The manual's example study, laid out once; a test puts its files back."""
    place = tmp_path_factory.mktemp("example")
    lay_out(ROOT, place)
    return place


def told(place: Path, file: str, right: str, wrong: str) -> list[str]:
    """What lint says when one text of a file is replaced."""
    path = place / "specs" / NAME / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    try:
        return [problem.text() for problem in lint(place, NAME)[0]]
    except TrialError as error:
        return [error.text()]
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("columns.yaml", 'A: {label: Part A, where: \'COHORT == "A"\'}', 'A: {label: Part A, where: \'COHORT == "C"\'}',
         'specs/example/columns.yaml:1:20 error: COHORT never is "C": study.yaml does not have it'),
        ("sets.yaml", "INFFL", "INFFLG", "specs/example/sets.yaml:2:34 error: ADSL has no variable INFFLG"),
        (T_2, """    where: 'PARAMCD == "BOR"'\n""", "", "warning: ADRS holds several parameters, and no"),
        ("mapping/dd.csv", "form,block,target", "form,block,taret", "needs the column `target`"),
        ("mapping/pr.csv", "hardcode,LEUKAPHERESIS", "hardcode,LEUKAPHERSIS",
         "warning: nobody asks for 'LEUKAPHERSIS', but for 'LEUKAPHERESIS'; did you mean LEUKAPHERESIS?"),
        (T_2, '["CR", "PR"]', '["CR", "PPR"]', 'warning: ADRS never has "PPR" there, as far as specs say'),
        (T_2, "values: [CR,", "values: [CRR,", 'warning: ADRS never has "CRR" there, as far as specs say'),
        (T_2, "footnotes:", "words: {SEX: {W: Women}}\nfootnotes:", "SEX never is 'W'; known are: F, INTERSEX, M, U"),
        (T_2, "footnotes:", "words: {EOSSTT: {ONGONG: Ongoing}}\nfootnotes:", "EOSSTT never is 'ONGONG', as far as"),
        (T_2, "footnotes:", "words: {DTHCAUSE: {X: Y}}\nfootnotes:", "words are given for DTHCAUSE, which is no"),
        (T_2, "footnotes:", "words: {CARTPROD: {EX-10I: ours}}\nfootnotes:", "CARTPROD never is 'EX-10I', as far as"),
    ],
)  # fmt: skip
def test_a_value_that_nobody_can_have_is_told(example, file, right, wrong, said):
    found = told(example, file, right, wrong)
    assert any(said in text for text in found), found


def test_a_form_stands_in_folders_that_the_study_plans(tmp_path):
    (tmp_path / "vs.yaml").write_text("form: VS\nfolders: [SCR, D82]\n", encoding="utf-8")
    visits = type("Visits", (), {"rows": [(2, {"FOLDER": "SCR"}), (3, {"FOLDER": "D28"}), (4, {"FOLDER": ""})]})()
    (problem,) = check_folders(read_document(tmp_path / "vs.yaml", "vs.yaml"), visits)
    assert problem.text() == "vs.yaml:2:16 error: visits.csv has no folder D82; did you mean D28?"
