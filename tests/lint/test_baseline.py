"""Slips in baseline.yaml: each is told where it stands, with the word that was probably meant."""

import pytest

from pipeline.lint.report import lint

BASELINE = """WEIGHTBL:
  of: vs
  where: 'VSTESTCD == "WEIGHT" and CARTDY >= -7'
  value: VSSTRESN
  before: CARTSDT
  else: [{of: lb, value: LBSTRESN}]
LDHBL: {label: LDH, of: lb, where: 'LBTESTCD == "LDH"', value: LBSTRESN}
HEIGHTBL:
"""


@pytest.mark.parametrize(("written", "instead", "said"), [
    ("", "", ""),
    ("of: vs", "of: vz", "baseline.yaml:2:3 error: unknown dataset 'vz'"),
    ("value: VSSTRESN", "value: VSSTRESM", "baseline.yaml:4:3 error: VS has no variable VSSTRESM; did you mean"),
    ("CARTDY", "CARTDAY", "baseline.yaml:3:3 error: VS has no variable CARTDAY; did you mean CARTDY"),
    ("before: CARTSDT", "before: CARSDT", "baseline.yaml:5:3 error: `WEIGHTBL.before` must be the word"),
    ("{of: lb, value: LBSTRESN}]", "{of: lb, value: LBSTRESX}]", "error: LB has no variable LBSTRESX"),
    ("label: LDH, ", "", "baseline.yaml:7:1 error: LDHBL is a new variable of ADSL and has no label; add `label:`"),
    ("LDHBL:", "LDH_BASELINE:", "baseline.yaml:7:1 error: 'LDH_BASELINE' is no name of a variable"),
    ("label: LDH", "type: text, take: lowest, label: LDH", "error: a text has no lowest; first or last"),
])  # fmt: skip
def test_a_slip_is_told_where_it_stands(small, written, instead, said):
    assert written in BASELINE
    text = BASELINE.replace(written, instead, 1) if written else BASELINE
    (small / "specs" / "small" / "baseline.yaml").write_text(text)
    texts = [problem.text() for problem in lint(small, "small")[0]]
    found = [text.removeprefix("specs/small/") for text in texts if "baseline.yaml" in text]
    assert (said in found[0] if said else not found), found
