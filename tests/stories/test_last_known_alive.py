"""Last known alive and death (clarifications 3, 4). Data cut 30 June 2026."""

import pandas as pd
import pytest
from tables import alive_of_standard, as_text, given, shown, supp

from adam.course.alive import alive
from adam.course.survival_status import survival_status
from pipeline.ground.course import AliveSource

CUTOFF = "2026-06-30"
EMPTY = {
    "dd": "USUBJID DDTESTCD DDORRES DDSTRESC DDDTC", "ss": "USUBJID SSSTRESC SSDTC", "vs": "USUBJID VSDTC",
    "lb": "USUBJID LBDTC", "pc": "USUBJID PCDTC", "mi": "USUBJID MIDTC", "rs": "USUBJID RSCAT RSSTRESC RSDTC",
    "tr": "USUBJID TRSTRESC TRDTC", "fa": "USUBJID FACAT FADTC", "qs": "USUBJID QSCAT QSDTC",
    "ex": "USUBJID EXDOSE EXSTDTC", "pr": "USUBJID PRCAT PRSTDTC",
}
NO_CONTACT = "USUBJID SEQ QNAM QVAL"


def status(
    people="1", last_contact=NO_CONTACT, lstalv_leuk=False, sources=(), enrolled="", given_for="SCREENED", **domains
):
    tables = {name: given(name, domains.get(name, header)) for name, header in EMPTY.items()}
    dm = given("dm", "USUBJID\n" + "\n".join(people.split()))
    ended = supp("DS", "DSSEQ", last_contact)
    ds = given("ds", "USUBJID DSSEQ\n" + "\n".join(sorted({f"1 {seq}" for seq in ended["IDVARVAL"]})))
    shown = alive(sources or alive_of_standard(lstalv_leuk), **tables, ds=ds, suppds=ended)
    milestones = pd.DataFrame({"USUBJID": enrolled.split(), "DSDECOD": "ENTERED INTO TRIAL"}, dtype="str")
    return survival_status(dm, tables["dd"], milestones, shown, given_for, CUTOFF)


VARIABLES = {"EX": "EXSTDTC", "PR": "PRSTDTC", "SUPPDS": "QVAL"}


def last_alive(**domains):
    row = status(**domains).iloc[0]
    assert row["LALVVAR"] == VARIABLES.get(row["LALVDOM"], f"{row['LALVDOM']}DTC")
    return row["LSTALVDT"].strftime("%Y-%m-%d"), row["LALVDOM"]


@pytest.mark.parametrize(("domain", "records"), [
    ("ss", "USUBJID SSSTRESC SSDTC\n1 ALIVE 2026-05-01"),
    ("vs", "USUBJID VSDTC\n1 2026-05-01T10:00"),
    ("lb", "USUBJID LBDTC\n1 2026-05-01"),
    ("pc", "USUBJID PCDTC\n1 2026-05-01"),
    ("mi", "USUBJID MIDTC\n1 2026-05-01"),
    ("rs", "USUBJID | RSCAT | RSTESTCD | RSSTRESC | RSDTC\n1 | LUGANO CLASSIFICATION | OVRLRESP | CR | 2026-05-01"),
    ("tr", "USUBJID TRSTRESC TRDTC\n1 12 2026-05-01"),
    ("fa", "USUBJID | FACAT | FADTC\n1 | CRS ASSESSMENT | 2026-05-01"),
    ("qs", "USUBJID QSCAT QSDTC\n1 ICE 2026-05-01"),
    ("ex", "USUBJID EXDOSE EXSTDTC\n1 50 2026-05-01"),
])
def test_each_of_these_records_shows_a_subject_alive(domain, records):
    assert last_alive(**{domain: records}) == ("2026-05-01", domain.upper())


def test_the_last_contact_on_the_end_of_study_form_shows_a_subject_alive():
    contact = "USUBJID SEQ QNAM QVAL\n1 3 LSTCTDTC 2026-05-01\n1 3 OTHER 2026-06-01"
    assert last_alive(last_contact=contact) == ("2026-05-01", "SUPPDS")
    assert status(last_contact=contact)["LALVSEQ"].tolist() == [3]


def test_the_latest_of_them_counts():
    records = {"vs": "USUBJID VSDTC\n1 2026-05-01", "lb": "USUBJID LBDTC\n1 2026-05-03"}
    assert last_alive(**records) == ("2026-05-03", "LB")


@pytest.mark.parametrize("records", [
    {"ss": "USUBJID SSSTRESC SSDTC\n1 UNKNOWN 2026-06-01\n1 DEAD 2026-06-02"},
    {"rs": "USUBJID | RSCAT | RSSTRESC | RSDTC\n1 | ECOG | 1 | 2026-06-01"},
    {"rs": "USUBJID | RSCAT | RSTESTCD | RSSTRESC | RSDTC\n1 | LUGANO CLASSIFICATION | OVRLRESP | ND | 2026-06-01"},
    {"fa": "USUBJID | FACAT | FADTC\n1 | DISEASE HISTORY | 2026-06-01"},
    {"ex": "USUBJID EXDOSE EXSTDTC\n1 0 2026-06-01"},
    {"pr": "USUBJID PRCAT PRSTDTC\n1 LEUKAPHERESIS 2026-06-01"},
    {"lb": "USUBJID LBDTC\n1 2026-07-01"},  # after the data cut: ignored, not clipped
])
def test_these_do_not_count(records):
    assert last_alive(**({"vs": "USUBJID VSDTC\n1 2026-05-01"} | records)) == ("2026-05-01", "VS")


def test_a_leukapheresis_counts_when_lstalv_leuk_is_yes():
    pr = "USUBJID PRCAT PRSTDTC\n1 LEUKAPHERESIS 2026-06-01\n1 OTHER 2026-06-02"
    assert last_alive(pr=pr, lstalv_leuk=True) == ("2026-06-01", "PR")


@pytest.mark.parametrize(("given_for", "dates"), [
    ("SCREENED", ["2026-05-01", "2026-05-02"]), ("ENROLLED", ["2026-05-01", "."]),
])  # fmt: skip
def test_a_study_may_ask_enrolled_subjects_alone_whether_they_are_known_alive(given_for, dates):
    seen = {"vs": "USUBJID VSDTC\n1 2026-05-01\n2 2026-05-02", "dd": "USUBJID DDTESTCD DDDTC\n2 PRCDTH 2026-05"}
    made = status("1 2", enrolled="1", given_for=given_for, **seen)
    assert as_text(made["LSTALVDT"]).tolist() == dates and made["LALVDOM"].isna().tolist() == [False, dates[1] == "."]
    assert as_text(made["DTHDT"]).tolist() == [".", "2026-05-02"]  # a death is known of anybody


def test_nobody_is_alive_after_the_death():
    dd = "USUBJID DDTESTCD DDDTC\n1 PRCDTH 2026-05-20"
    assert last_alive(dd=dd, lb="USUBJID LBDTC\n1 2026-05-10\n1 2026-06-01") == ("2026-05-20", "LB")
    assert last_alive(dd=dd, lb="USUBJID LBDTC\n1 2026-05-10") == ("2026-05-10", "LB")


def test_death_comes_from_the_death_report_with_cause_and_category():
    dd = """
        USUBJID | DDTESTCD | DDORRES             | DDSTRESC            | DDDTC
        1       | PRCDTH   | Lymphoma            | LYMPHOMA            | 2026-05-20
        1       | DTHCAT   | Disease progression | DISEASE PROGRESSION | 2026-05-20
    """
    ss = "USUBJID SSSTRESC SSDTC\n1 DEAD 2026-05-21\n2 DEAD 2026-05-21"
    actual, expected = shown(status("1 2", dd=dd, ss=ss), """
        USUBJID | DTHFL | DTHDT      | DTHCAUS  | DTHCGR1
        1       | Y     | 2026-05-20 | Lymphoma | DISEASE PROGRESSION
        2       | .     | .          | .        | .
    """)
    assert actual == expected


@pytest.mark.parametrize(("seen", "death"), [
    ("2026-04-20", "2026-05-01"),  # last seen before the month: its first day
    ("2026-05-12", "2026-05-12"),  # last seen within it: that day
    ("2026-06-12", "2026-05-31"),  # a record after it is an error: the last possible day
])
def test_a_death_in_an_unknown_day_of_a_month_is_the_last_contact_within_it(seen, death):
    result = status(vs=f"USUBJID VSDTC\n1 {seen}", dd="USUBJID DDTESTCD DDDTC\n1 PRCDTH 2026-05").iloc[0]
    assert (result["DTHDT"].strftime("%Y-%m-%d"), result["DTHDTF"]) == (death, "D")


def test_a_death_without_a_date_is_the_last_contact_and_flagged_a_dated_one_is_not():
    deaths = "USUBJID DDTESTCD DDDTC\n1 PRCDTH 2026-05-20\n2 PRCDTH ."
    actual, expected = shown(status("1 2", dd=deaths, vs="USUBJID VSDTC\n1 2026-05-12\n2 2026-05-12"), """
        USUBJID | DTHDT      | DTHDTF
        1       | 2026-05-20 | .
        2       | 2026-05-12 | Y
    """)
    assert actual == expected


def test_of_several_records_of_the_last_day_the_contact_is_named_then_the_later_record():
    visits, contact = "USUBJID VSDTC\n1 2026-05-01\n1 2026-05-02", "USUBJID SSSTRESC SSDTC\n1 ALIVE 2026-05-02"
    assert last_alive(vs=visits) == last_alive(vs=visits, ss="USUBJID SSSTRESC SSDTC") == ("2026-05-02", "VS")
    assert status(vs=visits)["LALVSEQ"].tolist() == [2]
    assert last_alive(vs=visits, ss=contact) == ("2026-05-02", "SS")


@pytest.mark.parametrize("records", [
    {"qs": "USUBJID QSCAT QSDTC\n1 OTHER 2026-06-01"},
    {"tr": "USUBJID TRSTRESC TRDTC\n1 . 2026-06-01"},
    {"rs": "USUBJID | RSCAT | RSTESTCD | RSSTRESC | RSDTC\n1 | LUGANO CLASSIFICATION | OVRLRESP | . | 2026-06-01"},
])
def test_an_examination_without_a_result_shows_nobody_alive(records):
    assert last_alive(**({"vs": "USUBJID VSDTC\n1 2026-05-01"} | records)) == ("2026-05-01", "VS")


@pytest.mark.parametrize(("domain", "records"), [
    ("fa", "USUBJID | FACAT | FADTC\n1 | ICANS ASSESSMENT | 2026-05-01"),
    ("ex", "USUBJID EXDOSE EXSTDTC\n1 . 2026-05-01"),  # given, the dose not written down
    ("lb", "USUBJID LBDTC\n1 2026-06-30"),  # on the day of the data cut
])
def test_these_show_a_subject_alive_as_well(domain, records):
    assert last_alive(**{domain: records})[1] == domain.upper()


def test_the_first_death_report_and_its_record_count():
    dd = """
        USUBJID | DDSEQ | DDTESTCD | DDORRES  | DDSTRESC | DDDTC
        1       | 5     | PRCDTH   | Sepsis   | SEPSIS   | 2026-05-21
        1       | 4     | PRCDTH   | Lymphoma | LYMPHOMA | 2026-05-20
        1       | 6     | DTHCAT   | Other    | OTHER    | 2026-05-20
    """
    actual, expected = shown(status(dd=dd), """
        USUBJID | DTHFL | DTHDT      | DTHDTF | DTHSEQ | DTHCAUS  | DTHCGR1
        1       | Y     | 2026-05-20 | .      | 4      | Lymphoma | OTHER
    """)
    assert actual == expected


@pytest.mark.parametrize(("seen", "death"), [("2026-05-01", "2026-05-01"), ("2026-05-31", "2026-05-31")])
def test_a_last_contact_on_either_end_of_the_month_of_death_is_the_day_of_death(seen, death):
    result = status(vs=f"USUBJID VSDTC\n1 {seen}", dd="USUBJID DDTESTCD DDDTC\n1 PRCDTH 2026-05").iloc[0]
    assert result["DTHDT"].strftime("%Y-%m-%d") == death


def test_a_study_says_which_records_show_a_subject_alive():
    sources = (AliveSource("lb", "LBDTC"), AliveSource("fa", "FADTC", 'FACAT == "GVHD"'))
    fa = "USUBJID | FACAT | FADTC\n1 | GVHD | 2026-05-03\n1 | CRS ASSESSMENT | 2026-05-09"
    found = status(sources=sources, fa=fa, vs="USUBJID VSDTC\n1 2026-05-08", lb="USUBJID LBDTC\n1 2026-05-02").iloc[0]
    assert (found["LSTALVDT"].strftime("%Y-%m-%d"), found["LALVDOM"]) == ("2026-05-03", "FA")
