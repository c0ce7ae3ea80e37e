"""Results are addressed by ids, so that rewording a label breaks nothing."""

import pytest
from adam_frames import DECISIONS, shell, subjects

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.ids import named
from tlf.templates import categories

IDS = ["SET", "ROW", "COLUMN", "LEVEL", "STATISTIC"]


def written(any_cr="CR", sets=("Safety", "Efficacy"), column="A", second="cr_30"):
    return shell(
        columns=[{"id": "A", "label": column, "where": 'COHORT == "A"'}],
        sets=[{"id": "SAF", "label": sets[0], "where": 'SAFFL == "Y"'}, {"id": "EAS", "label": sets[1], "where": ""}],
        rows=[{"count": any_cr, "id": "cr_best", "where": 'CRFL == "Y"'},
              {"count": f"{any_cr} at Day 30", "id": second, "where": 'CRFL == "N"'},
              {"levels": f"{any_cr} by sex", "id": "sex", "variable": "SEX",
               "values": [{"value": "F", "label": "Women"}]},
              {"levels": "Age", "id": "age", "variable": "AGE", "values": [
                  {"label": f"{any_cr} young", "id": "young", "where": "AGE < 65"},
                  {"label": "Old", "where": "AGE >= 65"}]}],
    )  # fmt: skip


def made(*words, **others):
    adsl = subjects(4, COHORT="A", SAFFL=["Y", "Y", "Y", "N"], CRFL=["Y", "N", "Y", "Y"], SEX="F", AGE=[50, 70, 60, 80])
    return families.results(categories, written(*words, **others), {"adsl": adsl, "decisions": DECISIONS})


def test_rewording_labels_moves_no_number():
    before, after = made(), made("Complete response", ("Safety Analysis Set", "As registered"), "Part A")
    numbers = [*IDS, "VALUE"]
    assert before[numbers].equals(after[numbers])
    assert not before["ROWID"].equals(after["ROWID"])


def test_a_page_finds_its_numbers_by_ids_alone():
    output, results = written(), made()
    nameless = results.assign(GROUP="", ROWID=[f"{number} / x" for number in range(len(results))])
    pages = [[row.cells for row in families.page(categories, output, one).rows] for one in (results, nameless)]
    assert pages[0] == pages[1]
    assert ("Safety", "N=3") in pages[0]


def test_a_row_without_an_id_has_the_label_as_it_is_written_whatever_a_decision_says():
    rows = [{"count": "Any through Day @CRBEST_DAY", "where": ""}]
    for day in (100, 180):
        output = shell(rows=rows, decisions=[*(name.upper() for name in DECISIONS), "CRBEST_DAY"])
        data = {"adsl": subjects(2), "decisions": DECISIONS | {"crbest_day": day}}
        results = families.results(categories, output, data)
        (label,) = set(results.loc[results["ROW"].eq("any_through_day_crbest_day"), "ROWID"])
        assert label == f"Any through Day {day}"


@pytest.mark.parametrize(
    ("address", "value"),
    [
        (("SAF", "cr_best", "A", "", "n"), 2),
        (("EAS", "cr_best", "A", "", "n"), 3),
        (("SAF", "cr_30", "A", "", "n"), 1),
        (("EAS", "sex", "A", "F", "n"), 4),
        (("EAS", "age", "A", "young", "n"), 2),
        (("SAF", "age", "A", "old", "n"), 1),
        (("SAF", "age", "A", "missing", "n"), 0),
        (("SAF", "subjects", "A", "", "N"), 3),
    ],
)
def test_a_number_is_found_by_set_row_column_level_and_statistic(address, value):
    assert made().set_index(IDS)["VALUE"][address] == value


def test_two_rows_of_one_id_are_refused():
    with pytest.raises(TrialError, match="two rows are called"):
        made(second="cr_best")


@pytest.mark.parametrize(("label", "made_of_it"), [("Any CRS (grade >= 3)", "any_crs_grade_3"), ("A+B", "a_b"),
                                                   ("Deaths / Cause of death", "deaths.cause_of_death"), ("≥", "≥")])
def test_a_label_without_an_id_gives_one(label, made_of_it):
    assert named(label) == made_of_it
