"""SE: which elements a subject entered, when each started and ended (SDTMIG 3.4, 5.3 SE)."""

import pytest
from small_study import grid

from pipeline.ground.metadata import Element, ElementStart
from sdtm.se import element_starts, se

CONSENT = ElementStart("ds", "DSSTDTC", 'DSDECOD == "INFORMED CONSENT OBTAINED"')
DOSES = {role: ElementStart("ex", "EXSTDTC", f'EXCAT == "{role}"') for role in ("CONDITIONING", "CELLS")}
ELEMENTS = (
    Element("SCRN", "Screening", "SCREENING", starts=(CONSENT,)),
    Element("COND", "Conditioning", "TREATMENT", starts=(DOSES["CONDITIONING"],)),
    Element("CART", "CAR-T", "TREATMENT", starts=(DOSES["CELLS"],)),
    Element("FU", "Follow-up", "FOLLOW-UP", starts=(ElementStart("ex", "EXSTDTC", 'EXCAT == "CELLS"', days=101),)),
)
DS = grid("""
    STUDYID | USUBJID | DSSEQ | DSDECOD                   | DSSTDTC
    ST      | A       | 1     | INFORMED CONSENT OBTAINED | 2025-01-02
    ST      | A       | 2     | ENROLLED                  | 2025-01-20
""")


def entered(doses: str, until: str, elements=ELEMENTS) -> list[list[str]]:
    """ETCD, SESTDTC, SEENDTC and source of the elements of subject A, who took part until a day."""
    ex = grid("STUDYID | USUBJID | EXSEQ | EXCAT | EXSTDTC\n" + doses)
    dates = grid(f"STUDYID | USUBJID | RFSTDTC | RFPENDTC\nST | A | 2025-02-01 | {until}")
    starts = element_starts(dates, elements, ds_mapped=DS, ex_mapped=ex)
    made = se(starts, dates)
    assert made["SESEQ"].tolist() == list(range(1, len(made) + 1))
    assert made["SRCSEQ"].notna().all()
    return made[["ETCD", "SESTDTC", "SEENDTC"]].fillna("").values.tolist()


BOTH = """ST | A | 1 | CONDITIONING | 2025-02-01T09:00
          ST | A | 2 | CELLS        | 2025-02-07
          ST | A | 3 | CELLS        | 2025-02-08"""


@pytest.mark.parametrize(("doses", "until", "expected"), [
    ("", "2025-01-25", [["SCRN", "2025-01-02", "2025-01-25"]]),
    (BOTH, "2025-12-01", [["SCRN", "2025-01-02", "2025-02-01T09:00"], ["COND", "2025-02-01T09:00", "2025-02-07"],
                          ["CART", "2025-02-07", "2025-05-19"], ["FU", "2025-05-19", "2025-12-01"]]),
    # Who leaves before Day 101 never enters follow-up; who leaves on that day does.
    (BOTH, "2025-05-18", [["SCRN", "2025-01-02", "2025-02-01T09:00"], ["COND", "2025-02-01T09:00", "2025-02-07"],
                          ["CART", "2025-02-07", "2025-05-18"]]),
    (BOTH, "2025-05-19", [["SCRN", "2025-01-02", "2025-02-01T09:00"], ["COND", "2025-02-01T09:00", "2025-02-07"],
                          ["CART", "2025-02-07", "2025-05-19"], ["FU", "2025-05-19", "2025-05-19"]]),
    # An element that was skipped is none; the element before it ends with the next one.
    ("ST | A | 1 | CELLS | 2025-02-07\n", "2025-03-01", [["SCRN", "2025-01-02", "2025-02-07"],
                                                         ["CART", "2025-02-07", "2025-03-01"]]),
    # On one day the planned order stands, whichever of the two has a time.
    ("ST | A | 1 | CONDITIONING | 2025-02-07T09:00\nST | A | 2 | CELLS | 2025-02-07\n", "2025-03-01",
     [["SCRN", "2025-01-02", "2025-02-07T09:00"], ["COND", "2025-02-07T09:00", "2025-02-07"],
      ["CART", "2025-02-07", "2025-03-01"]]),
    # Elements stand in the order in which they happened, and a day counted from a partial date is none.
    ("ST | A | 1 | CONDITIONING | 2025-03-01\nST | A | 2 | CELLS | 2025-02\n", "2025-12-01",
     [["SCRN", "2025-01-02", "2025-02"], ["CART", "2025-02", "2025-03-01"], ["COND", "2025-03-01", "2025-12-01"]]),
    # Participation that ended before an element started does not end it.
    ("ST | A | 1 | CELLS | 2025-02-07\n", "2025-02-01", [["SCRN", "2025-01-02", "2025-02-07"],
                                                         ["CART", "2025-02-07", ""]]),
])  # fmt: skip
def test_an_element_starts_with_its_first_record_and_ends_where_the_next_one_starts(doses, until, expected):
    assert entered(doses, until) == expected


def test_of_several_records_that_start_an_element_the_first_counts_and_is_its_source():
    either = (Element("ON", "On study", "TREATMENT", starts=(DOSES["CELLS"], DOSES["CONDITIONING"])),)
    assert entered(BOTH, "2025-12-01", either) == [["ON", "2025-02-01T09:00", "2025-12-01"]]


def test_a_study_that_names_no_elements_has_none():
    assert entered(BOTH, "2025-12-01", ()) == []


def test_what_was_asked_for_and_did_not_happen_starts_no_element():
    begun = (Element("LEUK", "Leukapheresis", "SCREENING", starts=(ElementStart("pr", "PRSTDTC"),)),)
    pr = grid("""
        STUDYID | USUBJID | PRSEQ | PROCCUR | PRSTDTC
        ST      | A       | 1     | N       | 2025-01-05
        ST      | A       | 2     | Y       | 2025-01-09
    """)
    dates = grid("STUDYID | USUBJID | RFSTDTC | RFPENDTC\nST | A | 2025-02-01 | 2025-06-30")
    assert element_starts(dates, begun, pr_mapped=pr)["SESTDTC"].tolist() == ["2025-01-09"]
