"""`trial impact` names the outputs that can read what changes in ADSL, not all that need it."""

from functools import cache
from types import SimpleNamespace

import pytest
from read_once import specs_of

from pipeline.engine.graph import build_graph
from pipeline.why.impact import reached


@cache
def build():
    specs = specs_of("iomab_act")
    return SimpleNamespace(specs=specs, graph=build_graph(specs))


@pytest.mark.parametrize(
    ("source", "there", "not_there"),
    [
        ("age_cut", "t_14_1_2", "t_14_3_5_7 f_14_2_1 t_14_3_5"),  # age groups: of demographics, not of vital signs
        ("dlt_med", "t_14_3_1 t_14_1_1 t_14_3_5", "t_14_3_5_7 t_14_1_5 l_16_2_12"),  # DLTEVLFL, and ADAE
        ("responder_set", "f_14_2_4", "t_14_3_5_7 t_14_1_5"),
        ("mh", "t_14_1_5 l_16_2_12", "t_14_3_5_7 t_14_3_5"),  # ADMH, and of ADSL the date of diagnosis
    ],
)  # fmt: skip
def test_outputs_that_read_no_column_that_changes_are_not_named(source, there, not_there):
    found = {*reached(build(), source)}
    assert {*there.split()} <= found
    assert not {*not_there.split()} & found
    assert "adsl" in found


@pytest.mark.parametrize("source", ["adsl", "subjects"])
def test_what_all_columns_rest_on_reaches_every_output(source):
    outputs = {*build().specs.outputs}
    assert outputs <= {*reached(build(), source)}
