"""What a check by SDTM meaning says of other domains: milestones, records beside it, all dates that a study maps."""

from pathlib import Path

import pytest
from check_case import declared
from read_once import specs_of

from pipeline.gate.checks.catalogue import _meant, read_check
from pipeline.gate.checks.meaning import LackingError, StudyMeaning
from pipeline.gate.checks.other_domains import all_dates, milestone, places_of
from pipeline.gate.checks.places import RecordPlace as At
from pipeline.ground.faults import TrialError


@pytest.fixture(scope="module")
def studies():
    return {name: StudyMeaning(specs_of(name)) for name in ("iomab_act", "bsab12")}


@pytest.mark.parametrize(("study", "name", "expected"), [
    ("iomab_act", "CONSENT", (At("IC", "ICDAT"),)),
    ("iomab_act", "ENROLMENT", (At("ENR", "ENRDAT", 'ENRYN == "Y"'),)),
    ("iomab_act", "DEATH", (At("DTH", "DTHDAT"),)),
    ("bsab12", "DEATH", (At("FUP", "DTHDT", 'DTHDT != ""'),)),
    ("bsab12", "CELLS", (At("CART", "INFDT"),)),
])  # fmt: skip
def test_a_milestone_is_where_the_mapping_says_its_date_stands(studies, study, name, expected):
    assert milestone(studies[study], name) == expected


def test_a_dose_counts_where_the_sheet_takes_it(studies):
    (at,) = milestone(studies["iomab_act"], "CELLS")
    yes, no_answer = at.where.split(" or (CTYN")
    assert (at.field, 'CTYN == "Y"' in yes, 'CTCELL > 0' in no_answer) == ("CTDAT", True, True)


def test_the_dates_of_a_vendors_work_are_no_dates_of_the_subject(studies):
    every = all_dates(studies["iomab_act"], {"but": []})
    assert "QPCR.COLLECT_DATE" in every and "EOS.EOSLSDAT" in every  # a qualifier, but of the site
    assert not {"QPCR.ASSAY_DATE", "PETC.READ_DATE"} & set(every)


def test_a_milestone_that_is_counted_in_days_or_not_collected_is_lacking(studies):
    with pytest.raises(LackingError, match="counted from LDTEXT"):
        milestone(studies["bsab12"], "CONDITIONING")
    with pytest.raises(LackingError, match="such records of DS"):
        milestone(studies["bsab12"], "CONSENT")


@pytest.mark.parametrize(("domain", "variables", "where", "expected"), [
    ("DD", [], "", [(At("DTH", ""),)]),
    ("SS", [], 'SURVSTAT == "DEAD"', [(At("SURV", "", 'SSTAT == "D"'),)]),  # a constant test, as a test of a table
    ("AE", ["AESTDTC", "AEENDTC"], 'AESICAT == "CRS"',
     [(At("AE", "AESTDAT", 'AESICAT == "CRS"'),), (At("AE", "AEENDAT", 'AESICAT == "CRS"'),)]),
    ("FA", ["FADTC", "ICANSGR"], "", [(At("ICAND", "ICADAT"),), (At("ICAND", "ICAGR"),)]),  # of the form that has both
])  # fmt: skip
def test_variables_of_another_domain_are_of_one_form_under_their_clause(studies, domain, variables, where, expected):
    assert places_of(studies["iomab_act"], domain, variables, where) == expected


def test_all_dates_are_those_that_the_study_maps_but_some(studies):
    every = all_dates(studies["bsab12"], {"but": []})
    assert every == ["PRIOR.STMON", "FUP.NEWTXDT", "FUP.DTHDT", "PAT.LEUKDT", "CART.INFDT", "FUP.LASTDT", "LAB.LBDT",
                     "RESP.ASSDT"]  # fmt: skip
    prior = {"of": "CM", "where": 'CMCAT == "PRIOR ANTICANCER THERAPY"'}
    some = all_dates(studies["bsab12"], {"but": [prior, "DD", "EX.EXSTDTC", "EX.EXENDTC"]})
    assert set(every) - set(some) == {"PRIOR.STMON", "FUP.DTHDT", "CART.INFDT"}
    assert all_dates(studies["bsab12"], ["LB", "RS.RSDTC"]) == ["LAB.LBDT", "RESP.ASSDT"]


ENTRY = {"id": "X-1", "severity": "major", "responsible": "site", "domain": "EX", "field": "EXSTDTC", "rule": "before",
         "with": {"date": "EXSTDTC", "milestone": "CELLS"}, "message": "{EXTRT}.", "why": "A reason."}  # fmt: skip


@pytest.mark.parametrize(("change", "said", "cure"), [
    ({"with": {"date": "EXSTDTC", "milestone": "CELS"}}, "EX has no variable CELS", "CELLS"),
    ({"rule": "without", "with": {"form": "SS", "where": 'SURVSTT == "DEAD"'}}, "SS has no variable SURVSTT",
     "SURVSTAT"),
    ({"rule": "none_after", "with": {"date": "EXSTDTC", "dates": {"but": ["AE.AESTDT"]}}}, "AE has no variable AESTDT",
     "AESTDTC"),
    ({"rule": "without", "with": {"form": "SX"}}, "There is no domain SX", ""),
])  # fmt: skip
def test_a_slip_in_what_is_of_another_domain_is_told(studies, change, said, cure):
    with pytest.raises(TrialError) as error:
        _meant(read_check(ENTRY | change, Path("x.yaml"), shared=True), studies["iomab_act"])
    assert (said in error.value.what, cure in error.value.cure) == (True, True)


def test_a_form_with_a_sender_of_its_own_is_the_senders_to_answer():
    asked = {one.forms: one.responsible for one in declared() if one.id == "LB-NO-NUMBER"}
    assert (asked["LABC",], asked["LBL",]) == ("lab vendor", "site")
