"""Which raw forms are the data behind an output: what its numbers come from, not all that its datasets need."""

from dataclasses import replace
from functools import cache

import pytest
from read_once import specs_of

from pipeline.engine.forms_behind import forms_behind
from pipeline.engine.graph import build_graph


@cache
def graph():
    return build_graph(specs_of("iomab_act"))


def behind(output, specs=None):
    return forms_behind(graph()[output], specs or specs_of("iomab_act"), graph())


@pytest.mark.parametrize(
    ("output", "there", "not_there"),
    [
        ("t_14_3_5", "AE DM CART IOMAB", "VS LABC MH EG"),  # events, and the treatment that they come after
        ("t_14_3_5_7", "VS DM CART", "AE LABC MH"),  # vital signs
        ("t_14_2_9", "DM", "AE VS"),
        ("l_16_2_12", "MH DM", "AE VS LABC"),  # medical history
        ("t_14_3_2", "AE CRSD CM", ""),  # CRS: episodes are told of events and of daily grades
        ("t_14_3_15", "DTH CART", "AE VS"),  # deaths: of ADSL alone, by the columns that are read
        ("t_14_3_1", "AE DTH CART", "VS LABC"),  # dose-limiting toxicities
    ],
)
def test_the_forms_behind_an_output(output, there, not_there):
    found = behind(output)
    assert {*there.split()} <= found
    assert not {*not_there.split()} & found


def test_a_column_of_subjects_brings_the_forms_that_its_sources_name_only_where_it_is_read():
    """DLTEVLFL is told of adverse events: a table of vital signs that selects by it rests on them."""
    specs = specs_of("iomab_act")
    one = specs.outputs["t_14_3_5_7"]
    population = replace(one.shell.population, where='DLTEVLFL == "Y"')
    asking = replace(one, shell=replace(one.shell, population=population))
    assert "AE" in behind("t_14_3_5_7", replace(specs, outputs=specs.outputs | {"t_14_3_5_7": asking}))


def test_a_derived_column_that_names_no_source_may_come_from_any_form():
    specs = specs_of("iomab_act")
    adsl = specs.datasets["adsl"]
    variables = [replace(one, source="") if one.name == "SAFFL" else one for one in adsl.variables]
    untold = replace(adsl, variables=tuple(variables))
    assert behind("t_14_3_5_7", replace(specs, datasets=specs.datasets | {"adsl": untold})) == {*specs.raw}


def test_of_times_to_event_count_the_endpoints_that_an_output_names():
    survival, recovery = behind("f_14_2_2"), behind("f_14_3_4")
    assert {"DTH", "SURV"} <= survival
    assert "AE" not in survival
    assert "LABC" in recovery
    assert "DTH" not in recovery
    assert {"AE", "DTH", "LABC"} <= behind("l_16_2_6_3")  # which lists every endpoint
