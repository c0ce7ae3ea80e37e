"""A study's dataset spec says only what differs from the standard's; what collides or repeats is told."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine.graph import build_graph
from pipeline.engine.schema import _with_labels
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.lint.datasets import check_datasets
from pipeline.study.datasets import study_datasets
from pipeline.study.specs import load_specs

STANDARD = """\
dataset: ADXX
label: Things
structure: One record per subject per parameter
keys: [USUBJID, PARAMCD]
variables:
  - {name: USUBJID, label: Subject, core: Req}
  - {name: PARAMCD, label: Code}
  - {name: AVAL, label: Value, type: number, length: 8}
parameters:
  - {code: A, label: First, derivation: Once.}
  - {code: B, label: Second, derivation: Twice.}
"""


def folders(tmp_path, own, name="adam/adxx.yaml", standard=STANDARD):
    for folder, text in (("standard", standard), ("small", own)):
        path = tmp_path / "specs" / folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "specs" / "standard", tmp_path / "specs" / "small"


def test_words_are_laid_over_the_standards_variables_are_added_and_left_out(tmp_path):
    spec = study_datasets(*folders(tmp_path, """\
variables:
  - {name: AVAL, label: Result}
  - {name: AVALU, label: Unit, length: 20}
parameters:
  - {code: B, label: Other}
  - {code: C, label: Third, derivation: Thrice.}
without: [A]
"""))["adxx"]
    assert [(v.name, v.label, v.type, v.length) for v in spec.variables] == [
        ("USUBJID", "Subject", "text", ""), ("PARAMCD", "Code", "text", ""), ("AVAL", "Result", "number", "8"),
        ("AVALU", "Unit", "text", "20"),
    ]  # fmt: skip
    assert [(p.code, p.label, p.derivation) for p in spec.parameters] == [
        ("B", "Other", "Twice."), ("C", "Third", "Thrice.")
    ]  # fmt: skip
    assert (spec.dataset, spec.keys) == ("ADXX", ("USUBJID", "PARAMCD"))
    assert [path.parent.parent.name for path in spec.files] == ["standard", "small"]


def test_of_a_spec_for_several_domains_a_study_changes_them_all_or_one(tmp_path):
    standard = STANDARD.replace("dataset: ADXX", "dataset: SUPP--\ndomains: [AE, CM]").split("parameters:")[0]
    own = "variables: [{name: AVAL, label: Value of --}]\n"
    all_of_them = study_datasets(*folders(tmp_path / "all", own, "sdtm/supp--.yaml", standard))
    assert [all_of_them[name].by_name["AVAL"].label for name in ("suppae", "suppcm")] == ["Value of AE", "Value of CM"]
    one, study = folders(tmp_path / "one", own, "sdtm/supp--.yaml", standard)
    (study / "sdtm" / "supp--.yaml").rename(study / "sdtm" / "suppae.yaml")
    found = study_datasets(one, study)
    assert [found[name].by_name["AVAL"].label for name in ("suppae", "suppcm")] == ["Value of AE", "Value"]


SLIPS = {
    "a key left out": ("without: [PARAMCD]", "1:11 error: PARAMCD is a key of ADXX"),
    "nothing to leave out": ("without: [AVALL]", "1:11 error: ADXX has no variable or parameter AVALL to leave out"),
    "another type": ("variables: [{name: AVAL, type: text}]", "1:26 error: AVAL is of type number: its recipe makes"),
    "an unknown type": ("variables: [{name: NEW, label: N, type: txt}]", "1:35 error: unknown type 'txt' of NEW; did"),
    "a name misspelt": ("variables: [{name: AVL, length: '9'}]",
                        "1:13 error: ADXX of the standard has no variable AVL; did you mean AVAL? A variable of your"),
    "a parameter without a derivation": ("parameters: [{code: Z, label: Z}]", "needs `derivation:`"),
    "a variable twice": ("variables: [{name: NEW, label: N}, {name: NEW, label: N}]", "1:36 error: NEW stands twice"),
    "changed and left out": ("variables: [{name: AVAL, label: N}]\nwithout: [AVAL]", "1:13 error: AVAL stands twice"),
    "a word that is none": ("variable: [{name: AVAL, label: N}]", "1:1 error: The file has the unknown word 'vari"),
    "a word repeated": ("label: Things", "1:1 warning: the standard says `label:` just so; take it away"),
    "a variable repeated": ("variables: [{name: AVAL, label: Value}]", "1:13 warning: the standard says AVAL just so"),
    "a parameter repeated": ("parameters: [{code: A, label: First}]", "1:14 warning: the standard says A just so"),
    "the standard's whole file": (STANDARD, "1:1 warning: the standard says `dataset:` just so"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_what_collides_with_the_standard_or_repeats_it_is_told(tmp_path, name):
    own, message = SLIPS[name]
    standard, study = folders(tmp_path, own + "\n")
    (first, *_) = [problem.text() for problem in check_datasets(tmp_path, study)]
    assert message in first
    if " error: " in first:
        with pytest.raises(TrialError, match="line 1, column"):
            study_datasets(standard, study)


def test_a_dataset_of_the_studys_own_is_said_in_full(tmp_path):
    standard, study = folders(tmp_path, "label: Mine\n")
    (study / "adam" / "adxx.yaml").rename(study / "adam" / "adyy.yaml")
    assert "adyy.yaml:1:1 error: The file lacks `dataset:`" in next(p.text() for p in check_datasets(tmp_path, study))
    with pytest.raises(TrialError, match="lacks `dataset:`"):
        study_datasets(standard, study)


def test_a_changed_file_of_the_study_makes_its_dataset_anew(tmp_path):
    root = Path(__file__).parents[2]
    shutil.copytree(root / "specs" / "standard", tmp_path / "specs" / "standard")
    shutil.copytree(root / "specs" / "iomab_act", tmp_path / "specs" / "iomab_act")
    own = tmp_path / "specs" / "iomab_act" / "adam" / "adae.yaml"
    own.parent.mkdir()
    own.write_text("variables: [{name: AETERM, label: As Told}]\n", encoding="utf-8")
    node = build_graph(load_specs(tmp_path, "iomab_act"))["adae"]
    assert own in node.files and [path.name for path in node.files].count(own.name) == 2


def test_a_parameter_that_a_study_goes_without_is_left_out_of_what_the_recipe_makes():
    listed = {"variables": (Variable("PARAMCD"), Variable("PARAM")), "parameters": (Parameter("BOR", "Best", "x"),)}
    made = pd.DataFrame({"PARAMCD": ["BOR", "OVRD"]})
    assert _with_labels(made, DatasetSpec(without=("OVRD",), **listed)).values.tolist() == [["BOR", "Best"]]
    with pytest.raises(TrialError, match="the parameter OVRD is not listed"):
        _with_labels(made, DatasetSpec(**listed))
