"""What nobody would be counted in: parameters of the standard that a study does not make, a part that it has not."""

import pytest

from pipeline.lint.report import lint
from pipeline.study.specs import load_specs

PARAMETER = "  - {{count: X, of: adrs, where: 'PARAMCD == \"{0}\" and AVALC == \"Y\"'}}\n"


def edited(small, name, more):
    path = small / "specs" / "small" / name
    path.write_text((path.read_text() if path.exists() else "") + more, encoding="utf-8")
    return [problem.text() for problem in lint(small, "small")[0] if problem.kind == "error"]


@pytest.mark.parametrize(
    ("parameter", "listed", "told"),
    [
        ("CRBEST", "", True),  # of the standard, and not among the usual ones
        ("CRBEST", "endpoints: [CRBEST]\n", False),
        ("CRD30", "", False),
        ("CRD30", "endpoints: [BOR]\n", True),  # who lists responses has those alone
        ("CRD30", "endpoints: [PFS]\n", False),
    ],
)
def test_an_output_asks_for_no_parameter_of_the_standard_that_the_study_does_not_make(small, parameter, listed, told):
    output = small / "specs" / "small" / "tlf" / "t_1.yaml"
    output.write_text(output.read_text().replace("datasets: [adsl]", "datasets: [adsl, adrs]"), encoding="utf-8")
    edited(small, "study.yaml", listed)
    problems = edited(small, "tlf/t_1.yaml", PARAMETER.format(parameter))
    what = f'PARAMCD never is "{parameter}": the study does not make this parameter of the standard'
    assert [one.startswith("specs/small/tlf/t_1.yaml:10:") and what in one for one in problems] == [True] * told
    assert all(f"list it in study.yaml: endpoints: [..., {parameter}]" in one for one in problems)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sets.yaml", "REV: {label: R, flag: REVFL, from: adrs, where: 'PARAMCD == \"{0}\"'}\n"),
        ("conditions.yaml", "X: {label: X, of: adsl, from: adrs, where: 'PARAMCD == \"{0}\"'}\n"),
        ("endpoints/x.yaml", "endpoint: X\nlabel: X\npopulation: INF\norigin: CELLS\namong: 'PARAMCD == \"{0}\"'\n"
                             "situations: [death, alive]\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("parameter", "told"), [("OVR", False), ("OVX", True), ("CRBEST", True)])
def test_so_do_sets_conditions_and_endpoints(small, name, text, parameter, told):
    (small / "specs" / "small" / "endpoints").mkdir()
    problems = edited(small, name, text.replace("{0}", parameter))
    assert any(f'error: PARAMCD never is "{parameter}"' in one for one in problems) == told


@pytest.mark.parametrize(
    ("study", "dlt", "told"),
    [
        ("levels: {1: {label: L1}}\n", "", True),
        ("levels: {1: {label: L1}}\nparts: {A: Part A}\n", "", False),
        ("levels: {1: {label: L1}}\n", "among: 'CARTSDT != \"\"'\n", False),
        ("", "", False),  # nobody escalates
    ],
)
def test_levels_of_a_study_without_parts_say_whose_dlts_count(small, study, dlt, told):
    if dlt:
        edited(small, "dlt.yaml", dlt)
    found = [one for one in edited(small, "study.yaml", study) if "DLT_PART" in one]
    assert [one.split(" error: ")[1][:46] for one in found] == ["DLT_PART is A, but the study has no parts: nob"] * told
    assert load_specs(small, "small").study.parts == ({"A": "Part A"} if "parts" in study else {})
