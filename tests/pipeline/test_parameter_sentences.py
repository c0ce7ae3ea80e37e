"""Every parameter of an analysis dataset says how it is made, in a sentence of its own."""

from collections import Counter
from pathlib import Path

import pytest
from read_once import specs_of

from pipeline.study.endpoint_sentence import sentence
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
SOURCES = {
    "CELLS": {"says": "First infusion"}, "PD": {"says": "Disease progression"}, "DEATH": {"says": "Death"},
    "SCAN": {"says": "Scan"}, "ALIVE": {"says": "Last known alive"},
}  # fmt: skip


def datasets(study):
    """The analysis datasets that people are handed and that have parameters."""
    found = specs_of(study).datasets.values()
    return [spec for spec in found if spec.layer == "adam" and not spec.intermediate and "PARAMCD" in spec.names]


@pytest.mark.parametrize("study", studies(ROOT))
def test_each_parameter_has_a_sentence_of_its_own_or_is_a_test_of_its_domain(study):
    told = {spec.dataset: Counter(one.derivation for one in spec.parameters) for spec in datasets(study)}
    assert {name for name, said in told.items() if not said} == {
        spec.dataset for spec in datasets(study) if spec.tested}  # fmt: skip
    assert {name: said for name, said in told.items() if "" in said or set(said.values()) - {1}} == {}
    assert [text for said in told.values() for text in said if "see " in text] == []


@pytest.mark.parametrize(("words", "said"), [
    ([{"event": ["PD", "DEATH"]}, {"censored": "otherwise", "at": "last SCAN", "says": "Alive"}],
     "Days of INF from first infusion to the earliest of: disease progression or death. "
     "Censored: alive (at last scan)."),
    ([{"censored": "PD", "says": "<event> too late", "at": ["last SCAN before it", "origin"]}, {"event": "DEATH"}],
     "Days of INF from first infusion to the earliest of: death. "
     "Censored: disease progression too late (at last scan before it, else origin)."),
    ([{"event": "SCAN", "when": "AGE > 60", "says": "No response by day 60", "at": "deadline"}],
     "Days of INF from first infusion to the earliest of: no response by day 60 where AGE > 60 (at deadline)."),
])  # fmt: skip
def test_a_time_to_event_tells_its_events_and_what_else_ends_it(words, said):
    assert sentence({"population": "INF", "origin": "CELLS", "situations": words}, SOURCES) == said


def test_it_tells_the_decision_on_its_origin_its_unit_whom_it_is_for_and_what_competes_in_order():
    words = {"population": "SAF", "among": "AGE >  60", "origin": "@TTE_ORIGIN", "unit": "months",
             "compete": "first in order", "situations": [{"event": "DEATH"}]}  # fmt: skip
    assert sentence(words, SOURCES) == (
        "Months of SAF where AGE > 60 from the origin (TTE_ORIGIN) to the first that applies of: death."
    )
