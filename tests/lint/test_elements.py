"""Slips in the elements of the trial design: each is told where it stands, with the word that was probably meant."""

import pytest

from pipeline.lint.report import lint

STUDY = """elements:
  - {code: SCRN, label: Screening, epoch: SCREENING, start_rule: Consent, end_rule: Death, arms: [A],
     starts: {of: dd, where: 'DDTESTCD == "PRCDTH"', date: DDDTC}}
  - {code: FU, label: Follow-up, epoch: LONG WAIT, start_rule: Death, duration: P1Y6M,
     starts: [{of: dd, date: DDDTC, days: 101}, {of: dd, date: DDDTC, where: 'DDSTRESN > 1'}]}
"""
DD = "form,block,target,rule,source,where\nFU,,DDTESTCD,hardcode,PRCDTH,\nFU,,DDORRES,assign,CAUSE,\n" \
     "FU,,DDDTC,assign_datetime,DTHDT,\n"  # fmt: skip


def told(small, study=STUDY):
    """What lint says of study.yaml."""
    folder = small / "specs" / "small"
    text = (folder / "study.yaml").read_text().replace(" dd,", "")
    (folder / "study.yaml").write_text(text + study)
    (folder / "mapping" / "dd.csv").write_text(DD)
    texts = [problem.text().removeprefix("specs/small/") for problem in lint(small, "small")[0]]
    return [text for text in texts if text.startswith("study.yaml")]


@pytest.mark.parametrize(("written", "instead", "said"), [
    ("where: 'DDSTRESN > 1'", "where: ''", ""),
    ("code: FU", "code: SCRN", "study.yaml:10:6 error: the element SCRN stands twice; give one of them another code"),
    ("code: FU", "code: FOLLOW-UP", "study.yaml:10:6 error: 'FOLLOW-UP' is no code of an element; one to eight"),
    ("label: Follow-up", "label: " + "x" * 41, "`elements[2].label` must be a text of at most 40 characters"),
    ("epoch: SCREENING", "epoch: SCREENNING", "error: the codelist EPOCH has no 'SCREENNING'; did you mean SCREENING?"),
    ("duration: P1Y6M", "duration: 18 months", "study.yaml:10:71 error: '18 months' is no duration of ISO 8601; write"),
    ("duration: P1Y6M", "branch: P", "the element FU has neither `end_rule:` nor `duration:`; say what ends it"),
    ("arms: [A]", "arms: [B]", "error: no arm of the study has the code B; known are: A"),
    ("of: dd, where", "of: de, where", "study.yaml:9:15 error: no domain 'de' is mapped; known are: dd, dm"),
    ("of: dd, where", "of: ae, where", "study.yaml:9:15 error: no domain 'ae' is mapped; "),
    ("PRCDTH\"', date: DDDTC", "PRCDTH\"', date: DDTC", "study.yaml:9:54 error: DD has no date DDTC; did you mean "),
    ("DDTESTCD ==", "DDTESCD ==", "study.yaml:9:23 error: DD has no variable DDTESCD; did you mean DDTESTCD or "),
    ("days: 101", "days: -1", "`elements[2].starts[1].days` must be a number of days from 0 to 365"),
    ("where: 'DDSTRESN > 1'", "where: 'DDSTRESN > 1 +'", "error: the condition"),
    ("start_rule: Consent", "starts_rule: Consent", "`elements[1]` has the unknown word 'starts_rule'; did you mean"),
])  # fmt: skip
def test_an_element_says_what_can_be(small, written, instead, said):
    study = STUDY.replace("where: 'DDSTRESN > 1'", "where: ''") if "DDSTRESN" not in written else STUDY
    assert written in study
    found = told(small, study.replace(written, instead))
    assert (found == []) if not said else (found and said.casefold() in found[0].casefold()), found
