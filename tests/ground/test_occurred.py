"""A domain also holds what was asked for and did not happen (SDTMIG 3.4, --OCCUR); analyses see what happened."""

import pytest
from small_study import grid

from pipeline.engine.given import as_given
from pipeline.engine.node import Node
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.occurred import occurred

PR = grid("""
    USUBJID | PRSEQ | PRTRT          | PROCCUR | PRSTDTC
    A       | 1     | LEUKAPHERESIS  | Y       | 2025-01-02
    B       | 1     | LEUKAPHERESIS  | N       | 2025-01-03
    C       | 1     | HSCT           | .       | 2025-01-04
""")
DATASETS = {name: DatasetSpec(name=name, layer=layer, dataset=name.upper())
            for name, layer in (("pr", "sdtm"), ("supppr", "sdtm"), ("subjects", "adam"))}  # fmt: skip


def test_an_answer_no_did_not_happen_and_a_record_without_an_answer_did():
    assert occurred(PR, "PR")["USUBJID"].tolist() == ["A", "C"]
    assert occurred(PR, "CM") is PR  # another domain's answers are not asked


@pytest.mark.parametrize(("node", "need", "subjects"), [
    ("subjects", "pr", ["A", "C"]),  # an analysis
    ("t_1", "pr", ["A", "C"]),  # an output
    ("supppr", "pr", ["A", "B", "C"]),  # a dataset of SDTM
    ("subjects", "adpr", ["A", "B", "C"]),  # what an analysis made
])  # fmt: skip
def test_analyses_are_given_of_a_domain_what_occurred_and_datasets_of_sdtm_all(node, need, subjects):
    assert as_given(PR, Node(node, "recipe"), need, DATASETS)["USUBJID"].tolist() == subjects
