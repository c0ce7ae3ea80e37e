"""The abbreviations that stand on a page are spelt out below it, and no others."""

import pytest

from tlf.abbreviations import Abbreviation, line_of, spelt_out
from tlf.model import Column, Page, Row, Table

KNOWN = (
    Abbreviation("AE", "adverse event"), Abbreviation("CRS", "cytokine release syndrome"),
    Abbreviation("CAR", "chimeric antigen receptor"), Abbreviation("CAR-T", "chimeric antigen receptor T cell"),
    Abbreviation("CR", "complete response"), Abbreviation("iwCLL", "a workshop"),
    Abbreviation("SD", "stable disease"), Abbreviation("SD", "standard deviation", "Mean (SD)"),
)  # fmt: skip


def page(footnotes=(), title="Overview"):
    return Page("T-1", (title,), "Everybody", tuple(footnotes))


def table(*cells, label="Subjects"):
    return Table((Column(label), Column("A")), tuple(Row((cell, "1")) for cell in cells))


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("Any CRS", "CRS = cytokine release syndrome."),
        ("CRS, then AEs", "AE = adverse event; CRS = cytokine release syndrome."),
        ("Infused CAR-T cells", "CAR-T = chimeric antigen receptor T cell."),
        ("CAR target, CAR-T product", "CAR = chimeric antigen receptor; CAR-T = chimeric antigen receptor T cell."),
        ("CRi, SCREEN and aCR", ""),
        ("R-CR x2", ""),  # a regimen, such as R-ICE
        ("non-CR", "CR = complete response."),
        ("Mean (SD)", "SD = standard deviation."),
        ("CR, SD", "CR = complete response; SD = stable disease."),
        ("Stable disease (SD)", "SD = stable disease."),
        ("Mean (SD); SD", "SD = standard deviation or stable disease."),
        ("iwCLL and AE", "AE = adverse event; iwCLL = a workshop."),
        ("nothing short", ""),
    ],
)
def test_only_what_stands_as_a_word_is_spelt_out_by_the_alphabet(stands, said):
    assert line_of(page(), table(stands), KNOWN) == said


@pytest.mark.parametrize("footnote", ["CRS: by ASTCT.", "cytokine release syndrome (CRS)", "CRS = a syndrome"])
def test_what_the_footnotes_of_a_page_explain_is_not_said_again(footnote):
    assert line_of(page([footnote]), table("Any CRS"), KNOWN) == ""


def test_a_long_form_that_is_explained_does_not_bring_in_a_short_one_within_it():
    assert line_of(page(["CAR-T: cells."]), table("CAR-T"), KNOWN) == ""
    assert line_of(page(["After the first CAR-T: cells."]), table("x"), KNOWN).startswith("CAR-T = ")


def test_titles_heads_and_footnotes_are_read_too_and_the_line_comes_last():
    found = spelt_out(page(["After an AE."], "CRS by grade"), table("x", label="CR"), KNOWN)
    assert found.footnotes == (
        "After an AE.", "AE = adverse event; CR = complete response; CRS = cytokine release syndrome.")  # fmt: skip
    assert spelt_out(page(), table("x"), KNOWN) == page()
