"""What rests on the doses of a treatment period is made once for each: a dataset that forgets to say so is named."""


from built import example
from read_once import specs_of

from pipeline.engine.graph import build_graph, downstream
from pipeline.ground.metadata import Period

# ADSL has a subject once, as in the first period; ADCM, ADHO, ADMH and ADDV what was recorded once, dated from it;
# PP all.
FOR_ALL = {"adsl", "adcm", "adho", "admh", "addv", "pp"}


def test_what_needs_a_dataset_of_a_period_is_by_period_too():
    specs = specs_of("iomab_act")
    graph = build_graph(specs)
    by_period = {name for name, spec in specs.datasets.items() if spec.by_period}
    needing = {name for name in specs.datasets if by_period & set(graph[name].needs)}
    assert needing - by_period == FOR_ALL


def test_a_period_changes_what_is_made_of_it():
    graph = build_graph(example(periods=(Period("First", "EXSEQ <= 2"), Period("Again", "EXSEQ > 2"))))
    changed = set(downstream(graph, {"treatment_periods"}))
    assert {"rs@1", "rs@2", "subjects@2", "adrs@1", "adrs@2", "adrs", "adsl", "t_14_2_1"} <= changed
    assert not {"rs", "survival_status", "exposure", "exposure@2"} & changed
