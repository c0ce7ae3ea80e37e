"""Slips of the pen in files of endpoints: each is told with file, line, column and the nearest right word."""

import re

import pytest
from endpoint_files import told

from pipeline.ground.faults import TrialError

RIGHT = {
    "sources.yaml": """
RELAPSE: {of: assessments, where: 'OVERALL == "REL"', says: Relapse}
LATE: {of: assessments, after: RELAPSE, says: Late}
""",
    "situations.yaml": """
relapse_or_death:
  event: [RELAPSE, DEATH]
left:
  censored: otherwise
  at: [last assessment, origin]
  cnsr: 1
  says: Alive in remission
""",
    "rfs.yaml": """
endpoint: RFS
label: Relapse-Free Survival
population: RESP
origin: COMPLETE
assessments: ADEQUATE
situations:
  - relapse_or_death
  - {censored: LATE, at: last LATE before it, cnsr: 2}
  - left
""",
}
# file, what is written for what, what is told, the line and column, the cure
SLIPS = {
    "an unknown source": ("situations.yaml", "[RELAPSE, DEATH]", "[RELAPSE, DEATHH]", "Unknown source 'DEATHH'", 3, 20,
                          "DEATH"),
    "an unknown situation": ("rfs.yaml", "- left", "- lft", "Unknown situation 'lft'", 10, 5, "left"),
    "an unknown set": ("rfs.yaml", "population: RESP", "population: RSP", "Unknown set 'RSP'", 4, 1, "RESP"),
    "an unknown origin": ("rfs.yaml", "origin: COMPLETE", "origin: COMPLET", "Unknown source 'COMPLET'", 5, 1,
                          "COMPLETE"),
    "unknown assessments": ("rfs.yaml", "ADEQUATE", "ADEQUAT", "Unknown source 'ADEQUAT'", 6, 1, "ADEQUATE"),
    "an unknown word": ("rfs.yaml", "population:", "populaton:", "unknown word 'populaton'", 4, 1, "population"),
    "a date nobody reads": ("rfs.yaml", "last LATE before it", "latest LATE", "cannot be read", 9, 22, "last"),
    "a date of an unknown source": ("rfs.yaml", "last LATE before", "last LAT before", "Unknown source 'LAT'", 9, 22,
                                    "LATE"),
    "a source after an unknown one": ("sources.yaml", "after: RELAPSE", "after: RELAPS", "Unknown source 'RELAPS'",
                                      3, 25, "RELAPSE"),
    "a code too long": ("rfs.yaml", "endpoint: RFS", "endpoint: RELAPSEFREE", "'RELAPSEFREE' is no parameter code",
                        2, 1, "one to eight"),
    "a censoring without its code": ("rfs.yaml", ", cnsr: 2", "", "needs its code of CNSR", 9, 5, "cnsr: 1"),
    "an event with one": ("situations.yaml", "[RELAPSE, DEATH]", "[RELAPSE, DEATH]\n  cnsr: 1", "has the code 0", 4, 3,
                          "leave"),
    "neither event nor censored": ("situations.yaml", "  censored: otherwise\n", "", "`event:` or `censored:`", 4, 1,
                                   "say what of"),
    "a missing day": ("rfs.yaml", "cnsr: 2", "cnsr: 2, no: DEATH", "stand together", 9, 5, "say both"),
    "nobody left": ("rfs.yaml", "  - left\n", "", "must apply to whoever is left", 7, 1, "otherwise"),
    "some left": ("situations.yaml", "  cnsr: 1\n", "  cnsr: 1\n  when: AGE > 1\n", "must apply to whoever is left",
                  8, 3, "`when:`"),
    "no assessments said": ("rfs.yaml", "assessments: ADEQUATE\n", "", "asks for assessments", 2, 1, "assessments:"),
    "a word nobody reads": ("sources.yaml", "after:", "aftr:", "has the unknown word 'aftr'", 3, 25, "after"),
    "a unit nobody has": ("rfs.yaml", "label:", "unit: weeks\nlabel:", "`unit` must be", 3, 1, "months"),
    "an endpoint twice": ("rfs.yaml", "endpoint: RFS", "endpoint: RFS", "", 0, 0, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_where_it_stands(name):
    file, right, wrong, what, line, column, cure = SLIPS[name]
    assert right in RIGHT[file]
    files = RIGHT | {file: RIGHT[file].replace(right, wrong, 1)}
    files |= {"z.yaml": RIGHT["rfs.yaml"]} if not what else {}
    with pytest.raises(TrialError) as slip:
        told(files)
    assert what in slip.value.what and cure in slip.value.cure, slip.value
    place = re.search(rf"endpoints/{file}, line (\d+), column (\d+)", slip.value.where)
    if what:
        assert place and (int(place[1]), int(place[2])) == (line, column), slip.value.where
    else:
        assert "RFS is also the code of rfs.yaml" in slip.value.what


def test_what_is_right_is_made_beside_the_usual_ones():
    made = [one["endpoint"] for one in told(RIGHT).said["made"]]
    assert made == ["DOR", "OS", "PFS", "PFSEMA", "RFS"]


def test_a_study_lists_which_of_the_standards_endpoints_it_makes_and_its_own_are_always_made():
    assert [one["endpoint"] for one in told(RIGHT, ("OS",)).said["made"]] == ["OS", "RFS"]
    with pytest.raises(TrialError, match="Unknown endpoint 'OSS'"):
        told({}, ("OSS",))


def test_a_studys_own_file_wins_over_the_standards_of_the_same_code():
    own = RIGHT["rfs.yaml"].replace("endpoint: RFS", "endpoint: OS")
    made = {one["endpoint"]: one["label"] for one in told(RIGHT | {"rfs.yaml": own}).said["made"]}
    assert made["OS"] == "Relapse-Free Survival"


def test_only_datasets_and_decisions_that_are_named_are_needed():
    assert told({}, ("OS",)).datasets == {"adtte": ("infused_set",)}
    assert told({}, ("OS",)).decisions == {"adtte": ("TTE_DAY1", "TTE_ORIGIN")}
