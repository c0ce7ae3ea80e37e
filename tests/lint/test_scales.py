"""Tables of grades and the days that they grade: lint tells a slip where it stands."""

import shutil

import pytest
from tables import STANDARD

from pipeline.lint.scales import check_scales
from pipeline.lint.toxicities import check_toxicities
from pipeline.study.csv_text import load_table
from pipeline.study.specs import load_specs
from pipeline.study.yaml_text import load_yaml

OWN = "CRS: {scale: LEE 2014, days: {blank: {ORGTOX: '0'}}}\n"
MAGIC = "criteria/magic_2016.yaml"


@pytest.fixture
def home(tmp_path):
    """The specs of the example study, to write in."""
    for name in ("standard", "iomab_act"):
        shutil.copytree(STANDARD.parent / name, tmp_path / "specs" / name)
    return tmp_path


def problems(home, own=OWN, file="", right="", wrong=""):
    """What is told of the list of toxicities of the example study, with one text of a standard file changed."""
    if file:
        path = home / "specs" / "standard" / file
        assert right in path.read_text()
        path.write_text(path.read_text().replace(right, wrong))
    (home / "specs" / "iomab_act" / "toxicities.yaml").write_text(own)
    specs = load_specs(home, "iomab_act")
    return [one.text() for one in check_scales(home, specs, load_table(specs.tables["ct"]))]


def test_every_toxicity_that_the_standard_offers_can_be_taken(home):
    offered = [name for name, said in load_yaml(STANDARD / "toxicities.yaml").items() if said.get("use") == "false"]
    own = "".join(f"{name}: {{use: true}}\n" for name in offered)
    assert problems(home, own) == []
    specs = load_specs(home, "iomab_act")
    told = [one.text() for one in check_toxicities(home, specs, load_table(specs.tables["ct"]))]
    assert told == [] and len(offered) >= 6


def test_a_scale_with_a_table_needs_no_code(home):
    assert problems(home) == []


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("CRS: {days: {of: ae}}", "'ae' is no findings domain"),
        ("CRS: {days: {blank: {ORGTOKS: '0'}}}", "FATESTCD has no test ORGTOKS"),
        ("CRS: {days: {grade: CRSGRR}}", "FATESTCD has no test CRSGRR"),
        ("AGVHD: {use: true, scale: NIH 2014}", "nothing grades the days of AGVHD by NIH 2014"),
        ("CRS: {days: {where: 'FACET == \"CRS\"'}}", "FACET"),
    ],
)
def test_days_that_nothing_grades_are_told(home, own, said):
    told = problems(home, own)
    assert [said in one for one in told] == [True], told


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("scale: MAGIC 2016", "scale: MAGIC 2061", "nobody knows the scale 'MAGIC 2061'"),
        ('"4":', '"7":', "'7' is no grade"),
        ("GVHSKIN == 4", "GVHSKIN = 4", "cannot be read"),
    ],
)
def test_a_slip_of_a_table_is_told_in_its_file(home, right, wrong, said):
    told = problems(home, OWN, MAGIC, right, wrong)
    assert len(told) == 1 and said in told[0] and MAGIC in told[0]
