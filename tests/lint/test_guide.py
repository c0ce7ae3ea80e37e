"""Dataset specs of SDTM against the implementation guide: each contradiction is told where it stands."""

from pathlib import Path

import pytest

from pipeline.ground.metadata import DatasetSpec
from pipeline.lint.guide import check_guide
from pipeline.study.datasets import study_datasets
from pipeline.study.guide import guided, load_guide

STANDARD = Path(__file__).parents[2] / "specs" / "standard"
GUIDE = load_guide(STANDARD, "3.4")
XX = """dataset: SS
label: Subject Status
class: FINDINGS
structure: One record per status
keys: [USUBJID]
intermediate: false
variables:
  - {name: STUDYID, label: Study Identifier, core: Req}
  - {name: DOMAIN, label: Domain Abbreviation, core: Req}
  - {name: USUBJID, label: Unique Subject Identifier, core: Req}
  - {name: SSSEQ, label: Sequence Number, type: integer, core: Req}
  - {name: SSTESTCD, label: Status Short Name, core: Req}
  - {name: SSTEST, label: Status Name, core: Req}
  - {name: SSORRES, label: Result or Finding Original Result, core: Exp}
  - {name: SSSTRESC, label: Character Result/Finding in Std Format, core: Exp}
  - {name: VISITNUM, label: Visit Number, type: number, core: Exp}
  - {name: SSDTC, label: Date/Time of Assessment, core: Exp}
"""


def written(tmp_path, text, own=""):
    """A project of one dataset, the guide of the standard, and what a study says of the dataset."""
    for folder, content in (("standard", text), ("small", own)):
        path = tmp_path / "specs" / folder / "sdtm" / "ss.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
        if not content:
            path.unlink()
    terms = tmp_path / "specs" / "standard" / "terminology"
    terms.mkdir()
    (terms / "sdtmig-3.4.csv").write_bytes((STANDARD / "terminology" / "sdtmig-3.4.csv").read_bytes())
    return tmp_path / "specs" / "small"


def told(tmp_path, text, own=""):
    return [problem.text() for problem in check_guide(tmp_path, written(tmp_path, text, own), "3.4")]


LINE = "  - {name: SSSTRESC, label: Character Result/Finding in Std Format, core: Exp}\n"


@pytest.mark.parametrize(("old", "new", "said"), [
    ("", "", ""),
    ("core: Exp}\n  - {name: SSDTC", "core: Perm}\n  - {name: SSDTC",
     "16:57 warning: VISITNUM: the guide calls it Exp; write Exp"),
    ("label: Status Name", "label: Name", "13:20 warning: SSTEST: the guide labels it 'Status Name'; write that"),
    ("VISITNUM, label: Visit Number, type: number", "VISITNUM, label: Visit Number, type: text",
     "16:43 warning: VISITNUM: the guide has it as number; write number"),
    (LINE, "", "7:1 error: SS is without SSSTRESC, which the guide calls Exp; add it"),
    ("SSORRES, label: Result or Finding Original Result, core: Exp}\n" + LINE,
     "SSSTRESC, label: Character Result/Finding in Std Format, core: Exp}\n"
     "  - {name: SSORRES, label: Result or Finding Original Result, core: Exp}\n",
     "15:5 warning: SSORRES stands behind SSSTRESC; the guide has it before; put it where the guide has it"),
    (LINE, LINE + "  - {name: SSOWN, label: Our Own}\n", "16:6 warning: SSOWN: neither the guide nor the model has it"),
    (LINE, LINE + "  - {name: SSNAM, label: Laboratory/Vendor Name}\n", ""),  # of the model: any domain of the class
])  # fmt: skip
def test_a_spec_that_contradicts_the_guide_is_told_where_it_stands(tmp_path, old, new, said):
    found = told(tmp_path, XX.replace(old, new, 1))

    assert bool(found) == bool(said) and (not said or any(said in text for text in found)), found


def test_what_a_study_leaves_out_of_the_standard_is_told_in_the_studys_file(tmp_path):
    assert told(tmp_path, XX, "without: [SSORRES]\n") == [
        "specs/small/sdtm/ss.yaml:1:1 error: SS is without SSORRES, which the guide calls Exp; add it"
    ]


def test_what_a_study_adds_stands_where_the_guide_has_it_and_what_that_has_not_stands_last(tmp_path):
    folder = written(tmp_path, XX, """variables:
  - {name: SSOWN, label: Our Own}
  - {name: SSEVAL, label: Evaluator}
  - {name: SSCAT, label: Category for Assessment}
  - {name: SSLNKID, label: Link ID}
""")
    names = study_datasets(folder.parent / "standard", folder, "3.4")["ss"].names

    assert names == ("STUDYID", "DOMAIN", "USUBJID", "SSSEQ", "SSLNKID", "SSTESTCD", "SSTEST", "SSCAT", "SSORRES",
                     "SSSTRESC", "SSEVAL", "VISITNUM", "SSDTC", "SSOWN")  # fmt: skip


@pytest.mark.parametrize(("dataset", "of_class", "order"), [
    ("AE", "EVENTS", ["AESEQ", "AESPID", "AETERM", "AELOC", "AESER", "AEACN", "AESTDTC", "AEENRF"]),
    ("CP", "FINDINGS", ["CPSEQ", "CPREFID", "CPTESTCD", "CPTEST", "CPORRES", "CPSPEC", "CPLOBXFL", "CPDTC"]),
    ("FA", "FINDINGS ABOUT", ["FASEQ", "FATESTCD", "FAOBJ", "FAORRES", "FATOXGR", "FADTC"]),  # --TOXGR: of the model
    ("SUPPAE", "RELATIONSHIP", ["RDOMAIN", "IDVAR", "QNAM", "QEVAL"]),
])  # fmt: skip
def test_the_guide_orders_a_domain_with_what_the_model_lets_it_have(dataset, of_class, order):
    names = [one.name for one in guided(DatasetSpec(dataset=dataset, observation_class=of_class), GUIDE)]

    assert [name for name in names if name in order] == order
    assert len(names) == len({*names})
