"""The verdicts of analysis plan 1.5 on the review's tables: each one comes out, and what is in order raises nothing."""

from pathlib import Path

import pytest

from pipeline.literature.checks import all_issues
from pipeline.literature.report import standard_names
from pipeline.literature.table import read_figures

FOLDER = Path(__file__).parents[2] / "data" / "published"
FIGURES = read_figures(FOLDER / "after_cart_review.csv")
ISSUES = all_issues(FIGURES, standard_names(FOLDER / "names.csv", asked=True))

# check, trial, and what the reason must say
VERDICTS = [
    # 36 % is of relapsed patients; 15 of 42 fits, none of 17 does
    ("PUB-POPULATION", "L-MIND", ["relapsed after CAR-T", "n = 42 is not", "none of 17"]),
    ("PUB-TEXT", "L-MIND", ["42 patients (table)", "17 patients (text)", "15 of 42", "none of 17"]),
    # 80 is both arms, the rate belongs to one arm; 62.5 prints 63 half-up only
    ("PUB-POPULATION", "R-Benda-Pola", ["'all'", "'polatuzumab arm'", "n = 80 is not", "ORR 63 % of 80"]),
    ("PUB-ROUND", "R-Benda-Pola", ["50 of 80 = 62.5 %", "half-up only"]),
    # enrolled or analysed
    ("PUB-DENOMINATOR", "SADAL", ["74 to 76 of 267", "35 to 36 of 127"]),
    ("PUB-REFERENCE", "R-Benda-Pola", ["ORR 44 %", "29", "18"]),
    # 51 in the text, 52 in the table; 35 % fits both
    ("PUB-TEXT", "Glofitamab", ["52 patients (table)", "51 patients (text)", "18 of 52", "18 of 51"]),
    ("PUB-TEXT", "ELM-1", ["Not reached", "4.4 months", "no prior CAR-T", "DOCR"]),
    ("PUB-DURATION", "ELM-1", ["PFS 11.5", "DOR 4.4"]),
    ("PUB-GRIM", "DESCAR-T", ["No count of 12 patients prints 35.7 %", "n = 14 fits"]),
    ("PUB-GRIM", "DESCAR-T", ["No count of 12 patients prints 14.3 %", "n = 14 fits"]),
    ("PUB-NAME", "ELM-1", ["odronebamab", "odronektamab", "odronextamab"]),
]


@pytest.mark.parametrize(("check", "trial", "words"), VERDICTS)
def test_every_verdict_comes_out_with_its_reason(check, trial, words):
    reasons = [i.reason.casefold() for i in ISSUES if (i.check, i.trial) == (check, trial)]
    assert any(all(word.casefold() in reason for word in words) for reason in reasons)


@pytest.mark.parametrize("trial", ["LOTIS-2", "Epcoritamab", "Mosunetuzumab", "CIBMTR allo-HCT"])
def test_what_is_in_order_raises_nothing(trial):
    assert [i for i in ISSUES if i.trial == trial] == []


def test_nothing_else_is_found():
    assert len(ISSUES) == len(VERDICTS) + 1  # the polatuzumab arm has two figures, PFS and OS


def test_every_finding_names_its_cells():
    assert all(issue.cell and issue.reason for issue in ISSUES)


def test_the_table_holds_the_cells_of_the_article():
    table = {(f.cell, f.endpoint): f.value for f in FIGURES if f.kind == "table"}
    # read from the article's tables, column by column
    assert table["Table 1 Tafasitamab: OS", "OS"] == "Not reached"
    assert table["Table 1 Selinexor: Sample size", "N"] == "267"
    assert table["Table 2 Mosunetuzumab: CR", "CR"] == "19.4"
    assert table["Table 2 Odronebamab: post-CAR DOR", "DOR"] == "Not reached"
    assert sum(f.cell.startswith("Table 3") for f in FIGURES) == 10
