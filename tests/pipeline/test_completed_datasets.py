"""A dataset that another function completes: the study's conditions come before it, but those that rest on it after."""

import pytest

from pipeline.engine.conditions import ahead
from pipeline.ground.conditions import Condition
from pipeline.ground.metadata import DatasetSpec, Variable

NAMES = ("AESEQ", "ATOXGRN", "DLTEVFL", "MYREL", "BOTH", "LATER")
SPEC = DatasetSpec(variables=tuple(Variable(name) for name in NAMES))


@pytest.mark.parametrize(("conditions", "early", "late"), [
    ({"MYREL": 'ATOXGRN >= 3'}, ["MYREL"], []),
    ({"MYREL": 'ATOXGRN >= 3', "LATER": 'DLTEVFL == "Y"'}, ["MYREL"], ["LATER"]),
    ({"LATER": 'DLTEVFL == "Y"', "BOTH": 'LATER == "Y" and AESEQ > 1', "MYREL": "CARTDY > 1"}, ["MYREL"],
     ["LATER", "BOTH"]),
    ({}, [], []),
])  # fmt: skip
def test_a_condition_is_laid_before_what_may_name_it_unless_it_rests_on_that(conditions, early, late):
    declared = tuple(Condition(name=name, where=where, of="adae", label=name) for name, where in conditions.items())
    parts = ahead(declared, ["AESEQ", "ATOXGRN"], SPEC)
    assert [[one.name for one in part] for part in parts] == [early, late]
