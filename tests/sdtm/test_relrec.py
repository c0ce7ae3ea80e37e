"""RELREC: which datasets hang together, one to many (SDTMIG 3.4, 8.3), and which records (8.2)."""

import pytest
from small_study import grid, raw_form

from pipeline.ground.metadata import StudySettings
from sdtm.relrec import relrec

LINKS = "link | form | keys | to_form | to_keys | where | to_where | domains\n"
TU = "USUBJID | TULNKID\nS1 | T1\nS1 | T2\nS2 | T1"
TR = "USUBJID | TRLNKID | TRLNKGRP\nS1 | T1 | D30\nS1 | T1 | D90\nS1 | T2 | D30"
RS = "USUBJID | RSLNKGRP\nS1 | D30\nS1 | D30\nS1 | D90"


def made(links="", tu=TU, tr=TR, rs=RS, **named):
    return relrec(StudySettings(study="ST"), grid(LINKS + links), grid(tu), grid(tr), grid(rs), **named)


def test_datasets_are_one_or_many_as_their_records_are():
    links = made()
    assert links[["STUDYID", "RDOMAIN", "IDVAR", "RELTYPE", "RELID"]].to_numpy().tolist() == [
        ["ST", "TU", "TULNKID", "ONE", "TUTR"], ["ST", "TR", "TRLNKID", "MANY", "TUTR"],
        ["ST", "TR", "TRLNKGRP", "MANY", "TRRS"], ["ST", "RS", "RSLNKGRP", "MANY", "TRRS"],
    ]  # fmt: skip
    assert links[["USUBJID", "IDVARVAL"]].isna().all(axis=None)  # of whole datasets, not of records
    assert made(rs="USUBJID | RSLNKGRP\nS1 | D30\nS1 | D90\nS2 | D30")["RELTYPE"].iloc[-1] == "ONE"


def test_samples_and_the_parameters_made_of_them_are_related_by_their_group():
    pc, pp = grid("USUBJID | PCGRPID\nS1 | C 1\nS1 | C 1"), grid("USUBJID | PPGRPID\nS1 | C 1")
    links = made("", *(text.splitlines()[0] for text in (TU, TR, RS)), pc=pc, pp=pp)
    assert links[["RDOMAIN", "IDVAR", "RELTYPE", "RELID"]].to_numpy().tolist() == [
        ["PC", "PCGRPID", "MANY", "PCPP"], ["PP", "PPGRPID", "ONE", "PCPP"]]  # fmt: skip


@pytest.mark.parametrize(("tu", "tr", "rs", "expected"), [
    (TU.splitlines()[0], TR, RS, ["TRRS", "TRRS"]), (TU, TR, "USUBJID | RSLNKGRP\nS1 | .", ["TUTR", "TUTR"]),
    (TU.splitlines()[0], TR.splitlines()[0], RS, []),
])  # fmt: skip
def test_only_datasets_that_the_study_has_are_related(tu, tr, rs, expected):
    assert expected == made(tu=tu, tr=tr, rs=rs)["RELID"].tolist()


def test_records_that_a_link_connects_are_related_by_their_sequence_numbers():
    ae = grid("USUBJID | AESEQ | _FORM | _LINE\nS1 | 1 | AE | 3\nS1 | 2 | AE | 2\nS2 | 1 | AE | 4\nS2 | 2 | XX | 2")
    cm = grid("USUBJID | CMSEQ | _FORM | _LINE\nS1 | 1 | CM | 2\nS1 | 2 | CM | 3\nS2 | 1 | CM | 4")
    numbers = {"ae_mapped": ae.astype({"AESEQ": "int64", "_LINE": "int64"}),
               "cm_mapped": cm.astype({"CMSEQ": "int64", "_LINE": "int64"})}  # fmt: skip
    raw = {"raw:AE": raw_form("AE", "SUBJECT | AENO\nS1 | 1\nS1 | 2\nS2 | 1"),
           "raw:CM": raw_form("CM", "SUBJECT | CMAE\nS1 | 2\nS1 | 1;2\nS2 | 9")}  # fmt: skip
    links = made("CMAE | CM | CMAE | AE | AENO | | | CM AE", TU[:17], TR[:28], **numbers, **raw)

    told = links[["RELID", "USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL"]].sort_values(["RELID", "RDOMAIN"])
    assert told.to_numpy().tolist() == [  # AENO 1 is line 2, AESEQ 2
        ["CMAE1", "S1", "AE", "AESEQ", "1"], ["CMAE1", "S1", "CM", "CMSEQ", "1"],
        ["CMAE2", "S1", "AE", "AESEQ", "1"], ["CMAE2", "S1", "CM", "CMSEQ", "2"],
        ["CMAE3", "S1", "AE", "AESEQ", "2"], ["CMAE3", "S1", "CM", "CMSEQ", "2"],
    ]  # fmt: skip
    assert links["RELTYPE"].isna().all()
