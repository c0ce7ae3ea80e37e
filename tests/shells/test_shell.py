"""How a number prints: what the shell says, rounded half away from zero."""

import pytest

from pipeline.ground.faults import TrialError
from tlf.shell import cell, rounded


@pytest.mark.parametrize(
    ("value", "form", "printed"),
    [
        (62.5, "xx", "63"),  # half to even would say 62
        (0.125, "x.xx", "0.13"),
        (0.5, "x", "1"),
        (-0.5, "x", "-1"),
        (2.675, "x.xx", "2.68"),  # binary 2.67499999999999982236431605997495353221893310546875
        (1.005, "x.xx", "1.01"),
        (0.285 * 100, "xx", "29"),  # binary 28.499999999999996
        (-0.04, "x.x", "0.0"),
        (-0.0, "x", "0"),
        (-0.05, "x.x", "-0.1"),
        (4.0, "xx.x", " 4.0"),
        (123.45, "xx.x", "123.5"),
        (7, "xxx", "  7"),
        (1e15, "x", "1000000000000000"),
        (0.1 + 0.2, "x.x", "0.3"),
        (1e-20, "x.xx", "0.00"),
        (1.00499999999, "x.xx", "1.00"),   # twelve digits are the number
        (1.004999999999, "x.xx", "1.01"),  # the thirteenth is put down to binary arithmetic
    ],
)
def test_a_number_prints_half_away_from_zero_in_the_form_given(value, form, printed):
    assert cell(f"{{v:{form}}}", {"v": value}) == printed


@pytest.mark.parametrize(
    ("template", "values", "printed"),
    [
        ("{n:xx} ({pct:xx.x})", {"n": 5, "N": 12}, " 5 (41.7)"),
        ("{n:xx} ({pct:xx.x})", {"n": 1, "N": 12}, " 1 ( 8.3)"),
        ("{n:xx} ({pct:xx.x})", {"n": 12, "N": 12}, "12 ( 100)"),
        ("{n:xx} ({pct:xx.x})", {"n": 0, "N": 12}, " 0 ( 0.0)"),
        ("{n:xx} ({pct:xx.x})|{n:xx}", {"n": 0, "N": 12}, " 0       "),
        ("{n:xx} ({pct:xx.x})|{n:xx}", {"n": 1, "N": 12}, " 1 ( 8.3)"),
        ("{n:xx} ({pct:xx})", {"n": 5, "N": 8}, " 5 (63)"),  # 62.5 %
        ("{n:xx} ({pct:xx.x})", {"n": 1, "N": 16}, " 1 ( 6.3)"),  # 6.25 %
        ("{n:xx}/{N:xx}", {"n": 5, "N": 12}, " 5/12"),
        ("{x/all%:xx.x} %", {"x": 2, "all": 3}, "66.7 %"),
        ("({lower%:xx.x}, {upper%:xx.x})", {"lower": 0.0021, "upper": 0.3848}, "( 0.2, 38.5)"),
        ("{rate%:xx.x}", {"rate": 1.0}, "100.0"),
        ("{n:xx} ({pct:xx.x})", {"n": 0, "N": 0}, " 0 (   -)"),
        ("{mean:xx.x} ({sd:xx.xx})", {"mean": 64.85, "sd": 12.005}, "64.9 (12.01)"),
        ("{label}: {n:x}", {"label": "Male", "n": 3}, "Male: 3"),
        ("{rate%} %", {"rate": 0.05}, "5 %"),  # a percentage without a form has no decimals and no blanks
        ("{label} {n:xx}|{n:xxx}", {"label": "0", "n": 0}, "  0 "),  # the first number decides, not a text
        ("{label}|{label}!", {"label": "Male"}, "Male"),  # without a number there is no zero
        ("{x/all%:xx.x}", {"x": 2, "all": float("nan")}, "   -"),  # of an unknown number there is no percentage
        ("{x/all%:xx.x}", {"x": (None, "NR: none"), "all": 3}, "  NR"),
        ("{a/b:x.xx}", {"a": 1, "b": 4}, "25.00"),  # a quotient is a percentage
    ],
)
def test_a_cell_prints_as_its_shell(template, values, printed):
    assert cell(template, values) == printed


@pytest.mark.parametrize(
    ("value", "missing", "printed"),
    [
        (float("nan"), "NE", "  NE"),
        (None, "-", "   -"),
        ((float("nan"), "NR: not reached"), "-", "  NR"),
        ((float("nan"), "NE: not estimable, one value"), "-", "  NE"),
        ((float("nan"), "no such reason"), "-", "   -"),
        ((5.25, "")          , "-", " 5.3"),
        ((5.25, float("nan")), "-", " 5.3"),
    ],
)
def test_a_missing_number_prints_the_code_of_its_reason_or_the_placeholder(value, missing, printed):
    assert cell("{v:xx.x}", {"v": value}, missing=missing) == printed


def test_a_median_that_is_not_reached_keeps_its_limits():
    values = {"estimate": (float("nan"), "NR: not reached"), "lower": 5.35, "upper": (None, "NE: not estimable")}
    assert cell("{estimate:x.x} ({lower:x.x}, {upper:x.x})", values) == " NR (5.4,  NE)"


@pytest.mark.parametrize("text", [float("nan"), None, "", (None, "NE: not estimable")])
def test_missing_text_prints_the_placeholder(text):
    assert cell("{reason}", {"reason": text}) == "-"


@pytest.mark.parametrize("template", ["{n:2d}", "{n", "{n:xx.}", "{}", "{n:.1f}"])
def test_a_form_that_is_not_of_x_es_is_refused(template):
    with pytest.raises(TrialError, match=r"read\.\n  cure:  write a field as .* or \{text\}$"):
        cell(template, {"n": 1})


def test_a_value_that_is_not_given_is_named_with_those_that_are():
    with pytest.raises(TrialError) as error:
        cell("{n:xx} ({pct:xx.x})", {"n": 1, "sd": 2})
    assert error.value.text().endswith("wants 'N'.\n  cure:  the values given are: n, sd")
    with pytest.raises(TrialError, match=r"the values given are: none$"):
        cell("{n:xx}", {})


@pytest.mark.parametrize(("value", "decimals", "text"), [(30.4375, 3, "30.438"), (-2.5, 0, "-3"), (1e-9, 2, "0.00")])
def test_rounded_serves_labels_outside_cells(value, decimals, text):
    assert rounded(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), [(2.5, "3"), (-0.4, "0"), (120, "120")])
def test_rounded_without_decimals_is_a_whole_number(value, text):
    assert rounded(value) == text


def test_many_decimals_are_written_out():
    assert rounded(1e-9, 8) == "0.00000000"  # never 0E-8
