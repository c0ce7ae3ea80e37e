"""The gate rests on the decisions that its rules read, and on no other."""

import dataclasses
import re
from pathlib import Path

import pytest
from check_case import ROOT
from read_once import specs_of

from pipeline.engine.digest_parts import delivered_parts
from pipeline.engine.node import GATE, Node
from pipeline.gate.decisions_read import DECISIONS
from pipeline.intake.delivery import Delivery

RULES = ROOT / "pipeline" / "gate" / "checks" / "rules"
DELIVERY = Delivery(Path("extract"), {"AE.csv": "1"})


def decided(name, value):
    specs = specs_of("iomab_act")
    other = dataclasses.replace(specs.decisions[name], value=value)
    told = dataclasses.replace(specs, decisions={**specs.decisions, name: other})
    return delivered_parts(Node(GATE, GATE), DELIVERY, told)


def test_every_decision_that_a_rule_names_is_told_and_no_other_is():
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.py")))
    known = specs_of("iomab_act").decisions
    named = {word for word in re.findall(r'"([A-Z][A-Z_]+)"', code) if word in known}

    assert set(DECISIONS) == named


@pytest.mark.parametrize(("name", "value", "same"), [("DLT_MED", "BOTH", True), ("NE_PET_RULE", "other", False)])
def test_another_choice_makes_the_gate_anew_only_where_a_rule_reads_it(name, value, same):
    before = delivered_parts(Node(GATE, GATE), DELIVERY, specs_of("iomab_act"))

    assert (decided(name, value) == before) is same
