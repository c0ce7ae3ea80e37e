"""Every value of a parameter leads to the record that it comes from, or to a row of the lineage."""

import pytest

from pipeline.engine.audit import CONFORMANCE
from pipeline.study.specs import find_root, studies


@pytest.mark.parametrize("study", studies(find_root()))
def test_every_value_of_a_parameter_has_its_source_or_its_lineage(study, study_build):
    rules = study_build(study, CONFORMANCE).frame(CONFORMANCE).set_index("RULE")
    assert (rules.loc["ADAM-SRC", "RECORDS"] > 0, rules.loc["ADAM-SRC", "ISSUES"]) == (True, 0)
