"""Links between forms: values brought over in either direction, several and none, and a form linked to itself."""

import pytest
from small_study import CONSENT, NO_CUT, STUDY, TERMS, VISITS, grid, raw_form, spec

from pipeline.ground.faults import TrialError
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs
from sdtm.mapping.links import link_of, links_of, pairs, with_linked

HEAD = "link | form | keys | to_form | to_keys | where | to_where | domains\n"
SHEET = "form | block | target | rule | source | where\n"
VARIABLES = """STUDYID text
USUBJID text
XXSEQ integer
XXTERM text
XXSER text NY
XXDTC text
XXGRPID text"""
AE = """
    SUBJECT | AENO | TERM  | SER | SER_STD | AEDAT
    0101    | 1    | Fever | Yes | Y       | 01 MAR 2025
    0101    | 2    | Rash  | No  | N       | 02 MAR 2025
    0102    | 1    | Cough | Yes | Y       | 03 MAR 2025
"""
CM = """
    SUBJECT | DRUG | CMAE
    0101    | A    | 2
    0101    | B    | 01
    0102    | C    | 1.0
    0102    | D    | 7
    0102    | E    | .
"""


def made(sheet, links, **forms):
    """XXTERM beside what the sheet brings over, and the findings."""
    raw = {"IC": raw_form("IC", CONSENT), "DTH": raw_form("DTH", "_SUBJECT | DTHDAT")}
    raw |= {name: raw_form(name, text) for name, text in forms.items()}
    inputs = MappingInputs(STUDY, TERMS, spec(VARIABLES, "STUDYID USUBJID XXSEQ"), "2026-06-30", NO_CUT, VISITS,
                           30.4375, links=links_of(grid(HEAD + links)), sheet_file="xx.csv")  # fmt: skip
    return mapped("xx", grid(SHEET + sheet), raw, inputs)[:2]


def columns(frame, *names):
    return frame[list(names)].astype("object").where(frame[list(names)].notna(), None).to_numpy().tolist()


def test_a_number_brings_over_what_the_record_says_that_it_points_to():
    frame, findings = made("CM | | XXTERM | assign | DRUG |\nCM | | XXDTC | assign_datetime | AE.AEDAT |\n"
                           "CM | | XXSER | assign_ct | AE.SER |", "CMAE | CM | CMAE | AE | AENO", CM=CM, AE=AE)

    assert columns(frame, "XXTERM", "XXDTC", "XXSER") == [
        ["A", "2025-03-02", "N"], ["B", "2025-03-01", "Y"], ["C", "2025-03-03", "Y"], ["D", None, None],
        ["E", None, None]]  # fmt: skip
    assert findings.empty


def test_a_link_holds_in_the_other_direction_too_and_records_that_differ_are_told():
    cm = CM + "0101 | F | 1"
    frame, findings = made("AE | | XXTERM | assign | TERM |\nAE | | XXGRPID | assign | CM.DRUG |",
                           "CMAE | CM | CMAE | AE | AENO", CM=cm, AE=AE)

    assert columns(frame, "XXTERM", "XXGRPID") == [["Fever", "B"], ["Rash", "A"], ["Cough", "C"]]
    assert columns(findings, "check", "record", "field", "value") == [["SDTM-LINK", "R1", "CM.DRUG", "B; F"]]


def test_a_condition_may_name_a_field_of_the_linked_record():
    frame, _ = made('CM | | | records | | AE.TERM == "Rash"\nCM | | XXTERM | assign | DRUG |',
                    "CMAE | CM | CMAE | AE | AENO", CM=CM, AE=AE)

    assert columns(frame, "XXTERM") == [["A"]]


def test_symptoms_take_the_date_of_the_head_of_their_entry():
    cr = "SUBJECT | ENTRY | PART | DAT | TERM\n0101 | 5 | HEAD | 01 MAR 2025 | .\n0101 | 5 | ROW | . | Fever\n" \
         "0101 | 6 | HEAD | 02 MAR 2025 | .\n0101 | 6 | ROW | . | Chills"  # fmt: skip
    link = 'ENTRY | CR | ENTRY | CR | ENTRY | PART == "ROW" | PART == "HEAD"'
    sheet = 'CR | | | records | | PART == "ROW"\nCR | | XXTERM | assign | TERM |\n'
    sheet += "CR | | XXDTC | assign_datetime | CR.DAT |"
    frame, _ = made(sheet, link, CR=cr)

    assert columns(frame, "XXTERM", "XXDTC") == [["Fever", "2025-03-01"], ["Chills", "2025-03-02"]]


def test_lesions_belong_to_the_assessment_of_the_same_event_and_repeat():
    em = "SUBJECT | EVENT | REPEAT | LESION\n0101 | SE.UNS | 1 | A\n0101 | SE.UNS | 2 | B\n0102 | SE.UNS | 1 | C"
    rs = "SUBJECT | EVENT | REPEAT | DAT\n0101 | SE.UNS | 1 | 01 MAR 2025\n0101 | SE.UNS | 2 | 09 MAR 2025"
    frame, _ = made("EM | | XXTERM | assign | LESION |\nEM | | XXDTC | assign_datetime | RS.DAT |",
                    "EMRS | EM | EVENT REPEAT | RS | EVENT REPEAT", EM=em, RS=rs)  # fmt: skip

    assert columns(frame, "XXTERM", "XXDTC") == [["A", "2025-03-01"], ["B", "2025-03-09"], ["C", None]]


@pytest.mark.parametrize(("cell", "expected"), [
    ("1; 2", [(0, 0), (0, 1)]), ("2,1", [(0, 0), (0, 1)]), ("02.0", [(0, 1)]), ("12", []), ("1-2", []), (".", []),
])  # fmt: skip
def test_a_record_may_point_to_several(cell, expected):
    events = "SUBJECT | AENO\n0101 | 1\n0101 | 2"
    raw = {"CM": raw_form("CM", f"SUBJECT | CMAE\n0101 | {cell}"), "AE": raw_form("AE", events)}
    link = link_of(dict(zip(HEAD.strip().split(" | "), ["X", "CM", "CMAE", "AE", "AENO", "", "", ""], strict=True)))

    assert expected == sorted(pairs(link, raw).itertuples(index=False, name=None))


def test_a_field_of_a_form_without_a_link_is_told_with_the_cure():
    with pytest.raises(TrialError) as error:
        made("CM | | XXTERM | assign | AE.TERM |", "", CM=CM, AE=AE)

    assert "CM has no field AE.TERM" in error.value.what
    assert error.value.cure == "say in links.csv how CM and AE hang together"


GRADES = """
    SUBJECT | REFAE | GR      | GR_STD | FROM
    0101    | 1     | Grade 1 | 1      | 01 MAR 2025
    0101    | 1     | Grade 4 | 4      | 03 MAR 2025
    0101    | 1     | Grade 2 | 2      | 02 MAR 2025
    0101    | 2     | .       | .      | 02 MAR 2025
    0101    | 2     | Grade 3 | 3      | .
"""


@pytest.mark.parametrize(("several", "fever", "rash"), [
    ("highest GR", "4", "3"), ("lowest GR", "1", "3"), ("first FROM", "1", None), ("last FROM", "4", None)])
def test_of_several_linked_records_the_one_counts_that_the_link_names(several, fever, rash):
    head = HEAD.strip() + " | several\n"
    raw = {"AE": raw_form("AE", AE), "GR": raw_form("GR", GRADES)}
    link = links_of(grid(head + f"GRAE | GR | REFAE | AE | AENO | | | | {several}"))
    frame, findings = with_linked(raw["AE"], "AE", ["GR.GR_STD"], link, raw)

    told = frame["GR.GR_STD"].astype("object").where(frame["GR.GR_STD"].notna(), None).tolist()
    assert (told, findings) == ([fever, rash, None], [])
