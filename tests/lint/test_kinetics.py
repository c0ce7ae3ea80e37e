"""Slips in kinetics.yaml: each is told where it stands, with the word that was probably meant."""

import pytest

from pipeline.lint.report import lint

PC = """form,block,target,rule,source,where
FU,,PCTESTCD,hardcode,CARTTG,
FU,,PCSTRESC,assign,CAUSE,
FU,,PCDTC,assign_datetime,DTHDT,
"""
KINETICS = """AUC090: {label: Area, measure: area, to: 90, where: 'PCSPEC == "BLOOD"'}
FIRST: {label: Peak, measure: peak}
LAMZHL:
"""


def told(small, text, mapped=True):
    """What lint says of kinetics.yaml."""
    folder = small / "specs" / "small"
    if mapped:
        (folder / "study.yaml").write_text((folder / "study.yaml").read_text().replace(" pc,", ""))
        (folder / "mapping" / "pc.csv").write_text(PC)
    (folder / "kinetics.yaml").write_text(text)
    texts = [problem.text() for problem in lint(small, "small")[0]]
    return [text.removeprefix("specs/small/") for text in texts if "kinetics.yaml" in text]


@pytest.mark.parametrize(("written", "instead", "said"), [
    ("", "", ""),
    ("measure: area", "measure: auc", "error: `AUC090.measure` must be the word"),
    ("AUC090:", "AUC0_TO_90:", "kinetics.yaml:1:1 error: 'AUC0_TO_90' is no parameter code; one to eight capitals"),
    ("PCSPEC", "PCSPEK", "error: ADPC has no variable PCSPEK; did you mean PCSPEC"),
    (", to: 90", "", "kinetics.yaml:1:23 error: this area needs `to:`; the day on which an area ends"),
    ("to: 90", "to: 0", "error: `AUC090.to` must be a number above 0"),
    ("measure: peak", "measure: peak, to: 28", "kinetics.yaml:2:22 error: this peak says `to:`, which only area reads"),
    ("label: Peak, ", "", "kinetics.yaml:2:1 error: `FIRST` lacks `label:`"),
])  # fmt: skip
def test_a_slip_is_told_where_it_stands(small, written, instead, said):
    assert written in KINETICS
    found = told(small, KINETICS.replace(written, instead, 1) if written else KINETICS)
    assert [said in text for text in found] == ([True] if said else []), found


def test_a_study_without_samples_has_no_kinetics(small):
    (found,) = told(small, KINETICS, mapped=False)
    assert "the study collects no samples: it has no kinetics" in found
