"""`trial impact` tells what of the pages of subjects depends on a dataset, a decision, or profile.yaml itself."""

from types import SimpleNamespace

import pytest

from pipeline.study.profile import PROFILE
from pipeline.why.subject_pages import shown_on_pages

SAID = {
    "lanes": {"A": {"label": "Events", "of": "adae", "where": "ATOXGRN >= @GRADE_CUT"},
              "B": {"label": "Events", "of": "adae"}, "C": {"label": "Stays", "of": "adho"}},
    "charts": {"D": {"label": "ANC", "of": "adlb"}}, "tables": {},
}  # fmt: skip
GRAPH = {name: SimpleNamespace(dataset=name.partition("@")[0]) for name in ("adae@core", "adho", "adlb", "t_1")}


@pytest.mark.parametrize(("source", "names", "told"), [
    (PROFILE, [], ["Events", "Stays", "ANC"]), ("adae@core", ["adae@core"], ["Events"]), ("grade_cut", [], ["Events"]),
    ("ae", ["adlb", "t_1"], ["ANC"]), ("t_1", ["t_1"], []),
])  # fmt: skip
def test_the_lanes_charts_and_tables_that_show_it_are_named_once(source, names, told):
    specs = SimpleNamespace(inputs={PROFILE: SimpleNamespace(said=SAID)}, study=SimpleNamespace(pooled={}))

    assert shown_on_pages(SimpleNamespace(specs=specs, graph=GRAPH), source, names) == told
