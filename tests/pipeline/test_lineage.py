"""The way back of a record that is made of other domains: the intermediate beside it names its source."""

from pathlib import Path

import pandas as pd
from small_study import grid

from pipeline.engine.graph import build_graph
from pipeline.engine.runner import Build
from pipeline.study.specs import load_specs
from pipeline.why.lineage import made_of, sources_named

ROOT = Path(__file__).resolve().parents[2]


def test_an_element_of_a_subject_leads_to_the_record_that_started_it():
    starts = grid("""
        USUBJID | TAETORD | ETCD | SESTDTC    | SRCDOM | SRCSEQ
        A       | 1       | SCRN | 2025-01-02 | DS     | 1
        A       | 2       | CART | 2025-02-01 | EX     | 3
        B       | 2       | CART | 2025-02-01 | EX     | 7
    """)
    element = pd.DataFrame([{"USUBJID": "A", "TAETORD": "2", "ETCD": "CART", "SESEQ": 2, "SESTDTC": "2025-02-01"}])

    assert sources_named(starts, element).values.tolist() == [["A", "EX", "3"]]


def test_only_a_dataset_of_sdtm_that_is_made_of_other_domains_has_one():
    specs = load_specs(ROOT, "iomab_act")
    build = Build(specs, None, "", build_graph(specs), None)

    assert [name for name in specs.datasets if made_of(build, name)] == ["se"]
