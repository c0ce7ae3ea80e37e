"""Visits are made of every mapped domain that has a VISITNUM; a study need not say which."""

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.study.visited import load_visited

VISIT = (Variable("VISITNUM"),)
DATASETS = {
    "vs": DatasetSpec(layer="sdtm", variables=VISIT), "qs": DatasetSpec(layer="sdtm", variables=VISIT),
    "ae": DatasetSpec(layer="sdtm", variables=(Variable("AETERM"),)),
    "adrs": DatasetSpec(layer="adam", variables=VISIT),
}  # fmt: skip


def test_mapped_domains_with_a_visit_number_tell_the_visits():
    told = load_visited(DATASETS, {"vs": "", "ae": "", "adrs": ""})["visited"]
    assert told.value({}) == ("vs",)
    assert told.datasets == {"subject_visits": ("vs_mapped",)}
