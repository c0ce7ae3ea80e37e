"""What study.yaml says of a product, and another file decides with it: said otherwise, the product is made anew."""

import shutil
from pathlib import Path

import pytest

from pipeline.engine.columns_read import COLUMNS
from pipeline.engine.graph import build_graph
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import Cache, Entry
from pipeline.study.specs import load_specs

ROOT = Path(__file__).resolve().parents[2]
TERMS = "codelist,extensible,collected,submission,code,label\n"
CRITERION = """criterion: OWN
label: Response by Own Criteria
cases: {CR: 'PRIOR == "N"'}
"""
STUDY = (ROOT / "specs" / "iomab_act" / "study.yaml").read_text()


def digests(root: Path, said: str, terms: str = "") -> dict[str, str]:
    """The digests of all that is made of equal records, by node, with this study.yaml (and these terms added)."""
    (root / "specs" / "iomab_act" / "study.yaml").write_text(said)
    (root / "specs" / "iomab_act" / "codelists.csv").write_text(TERMS + terms)
    specs = load_specs(root, "iomab_act")
    graph = build_graph(specs)
    entries = dict.fromkeys(graph, Entry("", {COLUMNS: "equal"}))
    build = Build(specs, None, "2026-06-30", graph, Cache(root / "cache"), entries=entries, columns={"equal": {}})
    return {name: build.digest(node) for name, node in graph.items() if node.kind in ("mapped", "recipe", "output")}


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("stale")
    (root / "specs").mkdir()
    (root / "data").mkdir()
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, root / "specs" / name)
    shutil.copytree(ROOT / "data" / "published", root / "data" / "published")
    (root / "specs" / "iomab_act" / "criteria").mkdir()
    (root / "specs" / "iomab_act" / "criteria" / "own.yaml").write_text(CRITERION)
    return root


@pytest.fixture(scope="module")
def before(root) -> dict[str, str]:
    return digests(root, STUDY)


# word of study.yaml | as it stands | said otherwise | what is another product then
SAID = {
    "criteria of response": ("response: Lugano 2014", "response: OWN", "derived_responses adrs"),
    "parameters that are made": ("endpoints: [BOR, ", "endpoints: [", "adrs response_summary"),
    "flags in full": ("paper: Letter", "paper: Letter\nflags: Y/N", "adsl adae"),
    "country": ("country: USA", "country: FRA", "dm"),
    "products of a treatment": ("[131I-APAMISTAMAB]", "[131I]", "dosing"),
    "label of the arm": ("label: 131I-Apamistamab followed by CAR-T", "label: other", "dm"),
    "the date of death": ("death: DTH.DTHDAT", "death: DTH.DTDAT", "ae_mapped"),
    "what Day 0 is": ("day0: cells", "day0: none", "adae adrs"),
}


@pytest.mark.parametrize("word", SAID)
def test_what_study_yaml_says_otherwise_makes_what_it_decides_anew(root, before, word):
    stood, other, products = SAID[word]
    assert stood in STUDY
    after = digests(root, STUDY.replace(stood, other))

    assert [name for name in products.split() if after[name] == before[name]] == []


def test_a_term_more_makes_the_datasets_anew_whose_values_are_held_to_the_terms(root, before):
    after = digests(root, STUDY, "SEX,N,Q,Q,,\n")

    assert after["dm"] != before["dm"]


def test_the_same_words_have_the_same_digests_wherever_the_project_lies(root, before, tmp_path):
    shutil.copytree(root, tmp_path / "moved")

    assert digests(tmp_path / "moved", STUDY) == before


def test_a_value_is_worth_what_it_says():
    assert hash_of({"A": ("x", 1)}) == hash_of({"A": ["x", 1]}) != hash_of({"A": ("x", "1")})
    assert hash_of({"a", "b", "c"}) == hash_of({"c", "b", "a"})
    assert hash_of(Path("one/x.yaml")) == hash_of(Path("other/x.yaml"))
    assert hash_of(("a", "b")) != hash_of(("b", "a"))
