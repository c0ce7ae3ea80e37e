"""Rows of kind `dose_finding`: the status of each level in its column, the MTD and a level exceeded in the total."""

from types import SimpleNamespace

from adam_frames import DECISIONS, printed, shell, subjects

from pipeline.ground.metadata import DoseLevel
from tlf import families
from tlf.templates import categories

LEVELS = SimpleNamespace(levels={"1": DoseLevel("DL1"), "2": DoseLevel("DL2"), "3": DoseLevel("DL3")})
COLUMNS = [{"id": f"DL{n}", "label": f"DL{n}", "where": f"DOSELVLA == {n}"} for n in (1, 2, 3)]
COLUMNS += [{"id": "TOTAL", "label": "Total"}]
TREATED = 'COHORT == "ESCALATION"'
ROWS = [
    {"dose_finding": "3+3 status", "rule": "3+3", "says": "status", "where": TREATED, "columns": ["DL1", "DL2", "DL3"]},
    {"dose_finding": "Maximum tolerated dose", "rule": "3+3", "says": "mtd", "where": TREATED, "columns": ["TOTAL"]},
    {"dose_finding": "A level was exceeded", "rule": "3+3", "says": "exceeded", "where": TREATED, "columns": ["TOTAL"]},
    {"dose_finding": "BOIN", "rule": "BOIN", "says": "mtd", "where": TREATED, "columns": ["TOTAL"], "target": "0.3"},
]


def told(per_level, cohort="ESCALATION"):
    """The texts of the table for (evaluable, toxic) subjects per level, and two expansion subjects with DLT on DL1."""
    people = [(level, toxic < bad) for level, (n, bad) in enumerate(per_level, 1) for toxic in range(n)]
    flags = ["Y" if toxic else "N" for _, toxic in people]
    adsl = subjects(
        len(people) + 2, DOSELVLA=[float(level) for level, _ in people] + [1.0, 1.0],
        COHORT=[cohort] * len(people) + ["EXPANSION"] * 2, DLTEVLFL=["Y"] * (len(people) + 2), DLTFL=[*flags, "Y", "Y"],
    )  # fmt: skip
    output = shell(columns=COLUMNS, rows=ROWS, datasets=["adsl"])
    made = families.results(categories, output, {"adsl": adsl, "decisions": DECISIONS, "study": LEVELS})
    return made, printed(families.page(categories, output, made))


def test_each_level_has_its_status_and_expansion_subjects_change_nothing():
    made, page = told([(6, 1), (3, 0), (3, 2)])
    assert page["3+3 status"] == ("PASSED", "ESCALATE", "EXCEEDED", "-")
    assert page["Maximum tolerated dose"][3] == "DL1"
    assert page["A level was exceeded"][3] == "Y"
    assert page["BOIN"][3] == "DL2"  # 1 of 6 and 0 of 3 are pooled below the target: the higher of both
    texts = made[made["STATISTIC"] == "text"]
    assert texts.loc[texts["GROUP"] == "DL3", "VALUEC"].tolist() == ["EXCEEDED"]


def test_a_level_that_nobody_was_treated_at_is_not_tested_and_without_a_passed_level_there_is_no_mtd():
    _, page = told([(3, 0), (0, 0), (0, 0)])
    assert page["3+3 status"] == ("ESCALATE", "NOT TESTED", "NOT TESTED", "-")
    assert [page[row][3] for row in ("Maximum tolerated dose", "A level was exceeded")] == ["NOT DETERMINED", "N"]


def test_a_status_is_of_one_level():
    output = shell(columns=COLUMNS, rows=[{**ROWS[0], "columns": ["TOTAL"]}], datasets=["adsl"])
    adsl = subjects(2, DOSELVLA=[1.0, 2.0], COHORT="ESCALATION", DLTEVLFL="Y", DLTFL="N")
    made = families.results(categories, output, {"adsl": adsl, "decisions": DECISIONS, "study": LEVELS})
    assert made.loc[made["STATISTIC"] == "text", "NOTE"].tolist() == ["the column holds several dose levels"]
