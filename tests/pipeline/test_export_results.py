"""Analysis results in a define: displays by number, population and records of each as far as a define says them."""

import pytest
from read_once import specs_of

from pipeline.publish.export.define.facts import RangeCheck
from pipeline.publish.export.define.results import AskedOf, _data, displays

THERE = frozenset({"USUBJID", "PARAMCD", "AVAL", "AVALC", "ANL01FL", "AGE"})
DECISIONS = {"crd30_low": 25}


def data(*wheres, words=()):
    """What an analysis says of ADRS under these conditions."""
    return _data("AR.X", "adrs", [AskedOf("adrs", where, words) for where in wheres], THERE, DECISIONS)


@pytest.mark.parametrize(("wheres", "expected"), [
    (['PARAMCD == "PFS"'], [("PARAMCD", "EQ", ("PFS",))]),
    (['PARAMCD == "PFS" and AVAL >= @CRD30_LOW'], [("PARAMCD", "EQ", ("PFS",)), ("AVAL", "GE", ("25",))]),
    (['AVALC in ["CR", "PR"]'], [("AVALC", "IN", ("CR", "PR"))]),
    (['AVALC not in ["CR"]'], [("AVALC", "NOTIN", ("CR",))]),
    (['PARAMCD == "A" and AVAL > 1', 'PARAMCD == "B"'], [("PARAMCD", "IN", ("A", "B"))]),
    (['PARAMCD == "A"', 'AVAL > 1'], []), (['AVAL > 1 or AVALC == "CR"'], []), (['AVALC == ""'], []), ([], []),
])  # fmt: skip
def test_comparisons_that_must_all_hold_are_a_where_clause_and_others_are_not(wheres, expected):
    where = data(*wheres).where

    checks = [RangeCheck(f"IT.ADRS.{name}", how, values) for name, how, values in expected]
    assert list(where.checks if where else ()) == checks


def test_the_variables_of_an_analysis_are_those_it_asks_and_those_its_rows_name():
    told = data('ANL01FL == "Y"', words=("AGE", "cohort"))

    assert told.variables == ("IT.ADRS.ANL01FL", "IT.ADRS.AGE", "IT.ADRS.AVAL") and told.parameter == "IT.ADRS.PARAMCD"


def test_a_display_has_an_analysis_for_each_of_its_populations():
    specs = specs_of("iomab_act")
    told = displays(specs, {name: frozenset(spec.names) for name, spec in specs.datasets.items()})
    found = {one.name: one for one in told}

    response = found["T-14.2.1"]
    assert [(one.oid, one.label[:12]) for one in response.analyses][:2] == [
        ("AR.T-14.2.1.EAS", "Efficacy Ana"), ("AR.T-14.2.1.ITT", "Intent to tr")]  # fmt: skip
    first = response.analyses[0]
    assert [(one.group, [(c.item, *c.values) for c in one.where.checks]) for one in first.data] == [
        ("IG.ADSL", [("IT.ADSL.EASFL", "Y")]),
        ("IG.ADRS", [("IT.ADRS.PARAMCD", "BOR", "CRBEST", "CRD100", "CRD30")]),
    ]  # fmt: skip
    assert (first.purpose, first.code) == ("EFFICACY", "trial build T-14.2.1") and "@" not in first.words
    assert not [name for name in found if name.startswith("L-")]
