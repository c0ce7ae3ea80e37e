"""A dataset of a study that the standard has not is made by its class, or what it lacks is told before the build."""

import shutil
from pathlib import Path

import pytest

from pipeline.engine.graph import build_graph
from pipeline.ground.faults import TrialError
from pipeline.study.specs import load_specs

ROOT = Path(__file__).resolve().parents[2]
SPEC = """dataset: ADXX
label: Own Analysis Dataset
{said}structure: One record per subject per record
keys: [STUDYID, USUBJID]
variables:
  - {{name: STUDYID, label: Study Identifier, type: text, core: Req, origin: Predecessor, source: DM.STUDYID}}
  - {{name: USUBJID, label: Unique Subject Identifier, type: text, core: Req, origin: Predecessor, source: DM.USUBJID}}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("own")
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, root / "specs" / name)
    shutil.copytree(ROOT / "data" / "published", root / "data" / "published")
    (root / "specs" / "iomab_act" / "adam").mkdir(exist_ok=True)
    return root


def own(root: Path, said: str) -> Path:
    path = root / "specs" / "iomab_act" / "adam" / "adxx.yaml"
    path.write_text(SPEC.format(said=said))
    return path


def test_a_dataset_said_in_full_is_made_by_the_recipe_of_its_class(root):
    own(root, "class: BASIC DATA STRUCTURE\nof: qs\n")
    node = build_graph(load_specs(root, "iomab_act"))["adxx"]

    assert (node.module, node.function, node.needs[0]) == ("adam.classes", "findings", "qs")


LACKING = {
    "no class": ("", "Nothing makes ADXX (without a class, without `of:`).", "say `class:` (BASIC DATA STRUCTURE"),
    "no domain": ("class: BASIC DATA STRUCTURE\n", "Nothing makes ADXX (of class BASIC DATA STRUCTURE, without `of:`).",
                  "and `of:`, its domain"),
    "a class that needs a rule": ("class: ADAM OTHER\nof: vs\n", "Nothing makes ADXX (of class ADAM OTHER, of vs).",
                                  "a rule of its own is a function adxx in adam/"),
    "a domain of another class": ("class: BASIC DATA STRUCTURE\nof: cm\n",
                                  "ADXX (BASIC DATA STRUCTURE) holds no records of CM",
                                  "name another domain under `of:`"),
}  # fmt: skip


@pytest.mark.parametrize("lack", LACKING)
def test_one_that_nothing_would_make_is_told_with_its_file_and_what_it_lacks(root, lack):
    said, what, cure = LACKING[lack]
    path = own(root, said)
    with pytest.raises(TrialError) as told:
        build_graph(load_specs(root, "iomab_act"))

    assert told.value.what.startswith(what)
    assert cure in told.value.cure
    assert told.value.where == str(path)
