"""Checks by SDTM meaning: what variables, terms and messages become in a study's raw fields, and what is lacking."""

import shutil
from pathlib import Path

import pytest
from check_case import ROOT
from read_once import specs_of

from pipeline.gate.checks.catalogue import _meant, load_checks, read_check
from pipeline.gate.checks.meaning import StudyMeaning
from pipeline.ground.faults import TrialError
from pipeline.study.specs import load_specs

HEAD = "form,block,target,rule,source,where\n"
ENTRY = {"id": "X-1", "severity": "major", "responsible": "site", "domain": "AE", "field": "AEOUT",
         "message": "{AETERM} is {AEOUT} on {AEENDTC}.", "why": "A reason."}  # fmt: skip
TERM, START = "AE,,AETERM,assign,AETERM,\n", "AE,,AESTDTC,assign_datetime,AESTDAT,\n"
OUTCOME, END = "AE,,AEOUT,assign_ct,AEOUT,\n", "AE,,AEENDTC,assign_datetime,AEENDAT,\n"
ONGOING = 'AE,,AEENRTPT,hardcode,ONGOING,"AEONGO_STD == ""Y"""\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    home = tmp_path_factory.mktemp("meaning")
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, home / "specs" / name)
    return home


def meant(project, rows, **change):
    """The check as written out for a study with these rows in the sheet of AE."""
    (project / "specs" / "iomab_act" / "mapping" / "ae.csv").write_text(HEAD + rows)
    entry = {word: value for word, value in (ENTRY | change).items() if value is not None}
    return _meant(read_check(entry, Path("x.yaml"), shared=True), StudyMeaning(load_specs(project, "iomab_act")))


@pytest.mark.parametrize(("rows", "where", "expected"), [
    (OUTCOME, 'AEOUT == "FATAL"', 'AEOUT == "FAT"'),
    (OUTCOME, 'AEOUT != "FATAL"', 'not (AEOUT == "FAT")'),
    (OUTCOME, 'AEOUT in ["FATAL", "UNKNOWN", ""]', '(AEOUT in ["FAT", "UNK"]) or (AEOUT == "")'),
    (OUTCOME + END, 'AEOUT == "FATAL" and AEENDTC == ""', '(AEOUT == "FAT") and (AEENDAT == "")'),
    (OUTCOME + ONGOING, 'AEENRTPT == "ONGOING"', 'AEONGO == "Y"'),
    (OUTCOME + ONGOING, 'AEENRTPT == ""', 'AEONGO == ""'),  # the question has no answer
    (OUTCOME + ONGOING, 'AEENRTPT not in ["ONGOING", ""]', 'not ((AEONGO == "Y") or (AEONGO == ""))'),
    # several rows for one variable: constants under conditions, and a code of another field
    ('AE,,AEOUT,hardcode,FATAL,"AESDTH == ""Yes"""\n' + OUTCOME, 'AEOUT == "FATAL"',
     '(AESDTH == "Y") or (AEOUT == "FAT")'),
    (OUTCOME + "AE,,AEHLT,hardcode,GENERAL,\n", 'AEHLT == "GENERAL" and AEOUT == "FATAL"', 'AEOUT == "FAT"'),
    (OUTCOME + "AE,,,coded_as,AESER NY Y,\n", 'AEOUT == "FATAL"', '(AESER == "Y") and (AEOUT == "FAT")'),
    (OUTCOME + 'AE,,,records,,"AESER == ""Yes"""\n', 'AEOUT == "FATAL"', '(AESER == "Y") and (AEOUT == "FAT")'),
    (OUTCOME + START + END, "AESTDTC > AEENDTC", "AESTDAT > AEENDAT"),
    # what was asked for and did not happen is not checked
    (OUTCOME + "AE,,AEOCCUR,lookup,AESER NY,\n", 'AEOUT == "FATAL"', '(not (AESER == "N")) and (AEOUT == "FAT")'),
])  # fmt: skip
def test_a_clause_asks_raw_fields_for_what_means_the_same(project, rows, where, expected):
    (check,) = meant(project, TERM + rows, where=where, message="{AETERM}.")
    assert (expected, ("AE",), "") == (check.where, check.forms, check.lacking)


def test_a_check_looks_at_what_a_block_leaves_to_another_domain_as_at_its_own_records(project, tmp_path):
    shutil.copytree(project / "specs", tmp_path / "specs")
    entry = ENTRY | {"domain": "CM", "field": "CMSTDTC", "where": 'CMCAT == "BRIDGING"', "message": "{CMSTDTC}."}
    found = []
    for rule in ("coded_as", "not_coded_as"):  # the procedures are records of PR, or nothing of them is
        for domain, chosen in (("CM", "not_coded_as"), ("PR", rule)):
            rows = f"BRG,,,{chosen},BRGTYP BRGTYP RADIOTHERAPY,\nBRG,,{domain}CAT,hardcode,BRIDGING,\n"
            rows += f"BRG,,{domain}STDTC,assign_datetime,BRGSTDAT,\n"
            (tmp_path / "specs" / "iomab_act" / "mapping" / f"{domain.lower()}.csv").write_text(HEAD + rows)
        meaning = StudyMeaning(load_specs(tmp_path, "iomab_act"))
        found.append(_meant(read_check(entry, Path("x.yaml"), shared=True), meaning)[0].where)
    assert found == ["", 'BRGTYP != "RT"']


def test_the_message_names_the_fields_the_site_knows(project):
    (check,) = meant(project, TERM + OUTCOME, where='AEOUT == "FATAL"')
    assert check.message == "{AETERM} is {AEOUT} on (not collected)."
    (check,) = meant(project, TERM + OUTCOME + END, where='AEOUT == "FATAL"')
    assert check.message == "{AETERM} is {AEOUT} on {AEENDAT}."


ORDER = {"rule": "out_of_order", "with": {"first": "AESTDTC", "second": "AEENDTC"}, "field": "AEENDTC"}
FATAL = {"rule": "fatal_grade", "field": "AETOXGR",
         "with": {"grade": "AETOXGR", "five": ["5"], "outcome": "AEOUT", "fatal": ["FATAL"],
                  "death": "DD.DDDTC"}}  # fmt: skip
GRADE = "AE,,AETOXGR,assign_ct,AETOXGR,\n"


def test_arguments_are_fields_of_this_and_other_forms_and_codes(project):
    (order,) = meant(project, TERM + OUTCOME + START + END, **ORDER)
    assert (order.field, dict(order.arguments)) == ("AEENDAT", {"first": "AESTDAT", "second": "AEENDAT"})
    (fatal,) = meant(project, TERM + OUTCOME + GRADE, **FATAL)
    assert dict(fatal.arguments) == {"grade": "AETOXGR", "five": ["5"], "outcome": "AEOUT", "fatal": ["FAT"],
                                     "death": "DTH.DTHDAT"}  # fmt: skip
    (after,) = meant(project, TERM + OUTCOME + START, rule="after", field="AESTDTC",
                     **{"with": {"date": "AESTDTC", "milestone": "DM.RFICDTC"}})  # fmt: skip
    assert dict(after.arguments) == {"date": "AESTDAT", "milestone": "IC.ICDAT"}
    (twice,) = meant(project, TERM + OUTCOME + "AE,,AESTDTC,assign_datetime,AESTDAT AEMXDAT,\n", rule="repeated",
                     field="AETERM", **{"with": {"same": ["AETERM", "AESTDTC"]}})  # fmt: skip
    assert twice.arguments["same"] == ["AETERM", "AESTDAT", "AEMXDAT"]  # date and time


@pytest.mark.parametrize(("rows", "change", "lacking"), [
    (START, ORDER, "the study does not collect AE.AEENDTC: no row of mapping/ae.csv takes it from a field"),
    ("AE,,AESTDTC,date_from_day,AESTDAT,\n" + END, ORDER,
     "AE.AESTDTC is counted from AESTDAT (date_from_day), which is no date"),
    (OUTCOME + "AE,,AEHLT,hardcode,OTHER,\n", {"where": 'AEHLT == "GENERAL"'},
     'the study does not collect such records of AE (AEHLT == "GENERAL")'),
    ('AE,,AEOUT,hardcode,UNKNOWN,"AESDTH == ""No"""\n' + GRADE, FATAL, "the study does not collect AE.AEOUT as FATAL"),
])  # fmt: skip
def test_a_check_that_cannot_run_says_what_it_lacks(project, rows, change, lacking):
    (check,) = meant(project, TERM + rows, **change)
    assert (lacking, ()) == (check.lacking, check.forms)


@pytest.mark.parametrize(("change", "said", "cure"), [
    ({"field": "AEENDTX"}, "AE has no variable AEENDTX", "AEENDTC"),
    ({"domain": "AX"}, "There is no domain AX", "AE"),
    ({"where": 'AEOUT == "FATL"'}, "AEOUT never is 'FATL'", "FATAL"),
    ({"rule": "out_of_ordr"}, "Unknown rule", "out_of_order"),
    ({"rule": "after", "with": {"date": "AESTDTC", "milestone": "DM.RFICDT"}}, "DM has no variable RFICDT", "RFICDTC"),
])  # fmt: skip
def test_a_slip_in_a_shared_check_is_told_in_every_study(project, change, said, cure):
    with pytest.raises(TrialError) as error:
        meant(project, TERM + OUTCOME, **change)
    assert said in error.value.what and cure in error.value.cure and "x.yaml" in error.value.where


def test_a_medication_check_looks_at_the_form_of_medication_alone():
    specs = specs_of("iomab_act")
    shared = {check.id: check for check in load_checks(specs, specs.contracts) if check.domain}
    assert {check.forms for name, check in shared.items() if name.startswith("CM-")} == {("CM",)}
    assert [name for name, check in shared.items() if check.lacking] == ["AE-GRADE-BELOW-START"]  # it is not collected
