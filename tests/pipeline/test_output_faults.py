"""What goes wrong while an output is made is told with the file, the line and the row that says it."""

from importlib import import_module

import pytest
import yaml
from adam_frames import DECISIONS, records, subjects, typed

from pipeline.engine.results import conform_results, levels_add_up
from pipeline.ground.faults import FaultError
from pipeline.study.catalogue import WrittenOutput
from pipeline.study.specs import Output
from tlf import families
from tlf.shells import read

HEAD = """output: T-1
family: {family}
population: {{where: ""}}
columns: [{{label: All}}]
decisions: [PERCENT_MIN_N, CI_LEVEL, KM_TRANSFORM]
"""
TWICE = records("PFS", [1, 1], AVAL=[1.0, 2.0], CNSR=0.0)
DATA = {
    "adsl": subjects(2, SEX=["M", "F"], AGE=[60.0, 61.0]), "adtte": TWICE, "decisions": DECISIONS,
    "tables": {"t": typed(records("x", []))},
}  # fmt: skip


def told(tmp_path, family, text):
    """What is said when this output is made: of data, or of its page."""
    path = tmp_path / "t_1.yaml"
    path.write_text(HEAD.format(family=family) + text, encoding="utf-8")
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    output = Output(WrittenOutput(content, path, (path,)), read(content))
    template = import_module(f"tlf.templates.{family}")
    with pytest.raises(Exception) as error, output.telling():
        results = conform_results(families.results(template, output.shell, DATA), "t_1")
        levels_add_up(results, "t_1")
        families.page(template, output.shell, results)
    fault = error.value
    return fault.where if isinstance(fault, FaultError) else fault.__notes__[0]


@pytest.mark.parametrize(("family", "text", "place"), [
    ("categories", "rows:\n  - {heading: Sex}\n  - {count: Men, where: NOSUCH == 1, indent: 1}",
     "line 8, column 5, Sex / Men"),
    ("categories", "rows:\n  - {count: Men, where: 'SEX == \"M\"', show: '{nn:x}'}", "line 7, column 5, Men"),
    ("categories", "rows:\n  - {summary: Age, variable: NOSUCH, show: '{n:x}'}", "line 7, column 5, Age"),
    ("categories", "rows:\n  - {summary: Age, variable: AGE, show: '{n:x} {nosuch:x}'}", "line 7, column 5, Age"),
    ("categories", "rows:\n  - {count: Men, where: AGE > 1}\n  - {count: Men, where: AGE > 2}",
     "line 8, column 5, Men"),
    ("categories", "rows:\n  - {levels: Age, variable: AGE, "
     "values: [{where: AGE > 1, label: a}, {where: AGE > 2, label: b}]}", "line 7, column 5, Age / a"),
    ("categories", "notes:\n  - {label: who, where: NOSUCH == 1, text: None}", "line 7, column 5, who"),
    ("categories", "sets:\n  - {label: A}\n  - {label: B, rows: [{count: Men, where: NOSUCH == 1}]}",
     "line 8, column 23, B / Men"),
    ("survival", "rows:\n  - {median: PFS, where: 'PARAMCD == \"PFS\"'}", "line 7, column 5, PFS"),
    ("listing", "sort: [SUBJID]\nblocks:\n  - {label: All, where: '', cells: [NOSUCH]}", "line 8, column 5, All"),
    ("published", "rows:\n  - {count: Men, where: NOSUCH == 1, published: 3}", "line 7, column 5, Men"),
    ("forest", "rows:\n  - {count: Men, where: NOSUCH == 1}", "line 7, column 5, Men"),
])  # fmt: skip
def test_a_slip_of_a_row_is_told_with_its_place(tmp_path, family, text, place):
    assert told(tmp_path, family, text).removeprefix("  where: ") == f"{tmp_path / 't_1.yaml'}, {place}"
