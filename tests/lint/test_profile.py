"""profile.yaml: slips are told where they stand, in the standard's too; each of its entries serves some study."""

import pytest
from read_once import specs_of

from pipeline.lint.report import lint
from pipeline.study.profile import FILE, PARTS, PROFILE
from pipeline.study.specs import find_root
from pipeline.study.yaml_text import load_yaml

ROOT = find_root()
STUDIES = ("iomab_act", "bsab12", "cd38", "hem101")
OWN = "lanes:\n  CONSENTED: {label: Consented, of: adsl, start: RFICDT}\n"


@pytest.mark.parametrize(("file", "written", "instead", "said"), [
    ("standard", "", "", ""),
    ("small", "", "", ""),
    ("standard", "end: EXENDTC, text: [EXDOSE, EXDOSU]}\n  NO_DOSE", "end: EXENDTCC, text: [EXDOSE]}\n  NO_DOSE",
     "error: EX has no variable EXENDTCC; did you mean EXENDTC"),
    ("standard", "  AGE: Age", "  AGEE: Age", "error: ADSL has no variable AGEE; did you mean AGE"),
    ("small", "of: adsl", "of: adsll", "error: unknown dataset 'adsll'; did you mean adsl"),
    ("small", "start: RFICDT", "start: RFICDD", "error: ADSL has no variable RFICDD; did you mean RFICDT"),
])  # fmt: skip
def test_a_slip_is_told_where_it_stands(small, file, written, instead, said):
    (small / "specs" / "small" / FILE).write_text(OWN, encoding="utf-8")
    path = small / "specs" / file / FILE
    text = path.read_text(encoding="utf-8")
    assert written in text
    path.write_text(text.replace(written, instead, 1) if written else text, encoding="utf-8")

    found = [problem.text() for problem in lint(small, "small")[0] if FILE in problem.text()]

    assert (found and said in found[0] if said else not found), found


def test_what_a_study_leaves_out_of_adsl_is_no_slip_of_the_standards_page(small):
    """The head of the page names the stage; a study of leukaemia has none."""
    path = small / "specs" / "small" / "adam" / "adsl.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("without: [STAGE]\n", encoding="utf-8")

    assert [problem.text() for problem in lint(small, "small")[0] if FILE in problem.text()] == []


def test_every_entry_of_the_standard_is_shown_by_some_study():
    """One that names what no study has would vanish from all pages without a word."""
    standard = load_yaml(ROOT / "specs" / "standard" / FILE)
    shown = {(part, name) for one in STUDIES for part in PARTS for name in specs_of(one).inputs[PROFILE].said[part]}

    assert [(part, name) for part in PARTS for name in standard[part] if (part, name) not in shown] == []
