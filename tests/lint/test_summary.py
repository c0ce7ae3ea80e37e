"""Slips in the trial summary: a parameter nobody knows, a term its list does not have."""

import pytest

from pipeline.lint.report import lint


@pytest.mark.parametrize(("summary", "said"), [
    ("{STYPE: INTERVENTIONAL, TTYPE: [SAFETY, EFFICACY], AGEMAX: {missing: PINF}, TBLIND: OWN WORDS}", ""),
    ("{STYPE: INTERVENTION}", "study.yaml:7:17 error: the codelist STYPE has no 'INTERVENTION'; did you mean INTERV"),
    ("{TPHAS: PHASE I TRIAL}", "study.yaml:7:17 error: the trial summary has no parameter TPHAS; did you mean TPHASE"),
    ("{AGEMAX: {missing: NONE}}", "must be the word"),
    ("{OBJPRIM: " + "x" * 401 + "}", "OBJPRIM is longer than 400 bytes; shorten it"),
])  # fmt: skip
def test_the_trial_summary_says_what_can_be(small, summary, said):
    path = small / "specs" / "small" / "study.yaml"
    path.write_text(path.read_text() + f"trial_summary: {summary}\n")
    found = [problem.text() for problem in lint(small, "small")[0] if "study.yaml" in problem.text()]
    assert (found == []) if not said else (found and said in found[0]), found
