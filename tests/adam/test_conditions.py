"""What conditions.yaml declares: flags of records and of subjects, and the value of one record."""

import pytest
from tables import STANDARD, as_text, conformed, given, shown

from adam.conditions import declared
from adam.derive.conditions import laid_upon
from pipeline.ground.conditions import Condition
from pipeline.study.specs import load_specs

SUBJECT = ("CARTSDT", "TRTSDT", "DTHDT", "EOSDECOD")

PEOPLE = """
    USUBJID | CARTSDT    | TRTSDT
    A       | 2025-01-10 | 2025-01-05
    B       | 2025-01-10 | 2025-01-05
    C       | .          | 2025-01-05
"""
LABS = """
    USUBJID | LBTESTCD | LBSTRESN | LBDTC      | LBSEQ
    A       | IGG      | 5        | 2025-01-10 | 1
    A       | IGG      | 3        | 2025-01-12 | 2
    A       | IGG      | 3        | 2025-01-11 | 3
    A       | IGG      | .        | 2025-01-20 | 4
    A       | NEUT     | 1        | 2025-01-12 | 5
    B       | IGG      | 2        | 2025-01-10 | 1
    C       | IGG      | 1        | 2025-01-12 | 1
"""


def made(condition, **named):
    return declared(condition, given("subjects", PEOPLE), **named)


def value(**words):
    """The condition on immunoglobulin after the infusion."""
    where = 'LBTESTCD == "IGG" and CARTDY > 0'
    return Condition("IGG", of="adsl", source="lb", value="LBSTRESN", **{"where": where, "take": "lowest"} | words)


def test_a_subject_has_the_flag_when_any_record_meets_the_clause_and_the_record_is_its_source():
    condition = Condition("IGGFL", of="adsl", source="lb", where='LBTESTCD == "IGG" and LBSTRESN < 4 and CARTDY > 0')
    actual, expected = shown(made(condition, lb=given("lb", LABS)), """
        USUBJID | IGGFL | SRCDOM | SRCVAR | SRCSEQ
        A       | Y     | LB     | LBDTC  | 3
        B       | N     | .      | .      | .
        C       | N     | .      | .      | .
    """)
    assert expected == actual


@pytest.mark.parametrize(("take", "number", "seq"), [
    ("lowest", "3", "3"),  # of two, the earlier
    ("highest", "3", "3"), ("first", "3", "3"), ("last", "3", "2"),  # the record of 20 January has no value
])  # fmt: skip
def test_of_one_record_the_value_is_taken_ties_by_date(take, number, seq):
    actual, expected = shown(made(value(take=take), lb=given("lb", LABS)), f"""
        USUBJID | IGG      | SRCSEQ
        A       | {number} | {seq}
        B       | .        | .
    """)
    assert expected == actual


def test_of_two_records_on_a_day_the_sequence_decides():
    twice = "USUBJID | LBTESTCD | LBSTRESN | LBDTC\nA | IGG | 7 | 2025-01-12\nA | IGG | 8 | 2025-01-12"
    assert [made(value(take=take), lb=given("lb", twice))["IGG"][0] for take in ("first", "last")] == [7, 8]


def test_where_there_is_no_record_stands_what_is_said_but_nothing_outside_among():
    actual, expected = shown(made(value(otherwise="0", among='CARTSDT != ""'), lb=given("lb", LABS)), """
        USUBJID | IGG
        A       | 3
        B       | 0
        C       | .
    """)
    assert expected == actual


def test_a_condition_names_another_and_a_set():
    low = Condition("LOWFL", of="adsl", where='IGG < 4 and INFFL == "Y"', among='IGG != ""')
    infused = given("infused_set", "USUBJID INFFL\nA Y")
    others = {"adsl_igg": made(value(), lb=given("lb", LABS)), "infused_set": infused}
    actual, expected = shown(made(low, **others), "USUBJID | LOWFL\nA | Y\nB | .\nC | .")
    assert expected == actual


EVENTS = """
    USUBJID | AESEQ | ASTDT      | ATOXGRN | TRTEMFL
    A       | 1     | 2025-01-12 | 3        | Y
    A       | 2     | 2025-01-08 | 4        | N
    C       | 1     | 2025-01-08 | 3        | Y
"""


def test_records_are_flagged_by_clauses_on_them_on_their_subject_and_on_each_other():
    severe = Condition("SEVFL", of="adae", where="ATOXGRN >= 3 and CARTDY >= 0")
    both = Condition("BOTHFL", of="adae", where='SEVFL == "Y" and TRTEMFL == "Y"', among='CARTSDT != ""')
    events = given("adae", EVENTS)
    result = laid_upon(events, (severe, both), "adae", given("subjects", PEOPLE), {})
    assert list(result.columns) == [*events.columns, "SEVFL", "BOTHFL"]
    assert result["SEVFL"].tolist() == ["Y", "N", "N"]
    assert result["BOTHFL"].fillna(".").tolist() == ["Y", "N", "."]


def test_a_value_becomes_a_parameter_for_whoever_has_it():
    findings = given("adfa", "USUBJID | PARCAT1 | PARAMCD | AVALC | ASEQ\nA | DISEASE | STAGE | IV | 1")
    condition = value(take="last", among='CARTSDT != ""')
    parameter = Condition(**{**vars(condition), "of": "adfa", "label": "Last IgG"})
    result = laid_upon(findings, (parameter,), "adfa", given("subjects", PEOPLE), {
        "adfa_igg": made(parameter, lb=given("lb", LABS))})  # fmt: skip
    assert result[["USUBJID", "PARAMCD", "PARAM", "AVAL", "AVALC", "SRCSEQ"]].to_numpy().tolist()[1:] == [
        ["A", "IGG", "Last IgG", 3, "3", 2]
    ]
    assert list(result.columns) == list(findings.columns)


def test_of_cases_the_first_that_holds_is_the_value():
    status = Condition("IGGSTAT", of="adsl", otherwise="UNKNOWN", among='CARTSDT != ""', cases={
        "LOW": "IGG < 4", "NORMAL": 'IGG != ""', "NOT TREATED": 'TRTSDT == ""'})  # fmt: skip
    people = PEOPLE + "    D | 2025-01-10 | .\n    E | 2025-01-10 | 2025-01-05\n"
    igg = given("adsl", "USUBJID | AGE\nA | 3\nB | 4").rename(columns={"AGE": "IGG"})[["USUBJID", "IGG"]]
    actual, expected = shown(declared(status, given("subjects", people), adsl_igg=igg), """
        USUBJID | IGGSTAT
        A       | LOW
        B       | NORMAL
        C       | .
        D       | NOT TREATED
        E       | UNKNOWN
    """)
    assert expected == actual


def test_cases_of_records_go_by_clauses_on_them():
    kind = Condition("KIND", of="adae", cases={"SEVERE": "ATOXGRN >= 3 and CARTDY >= 0", "OTHER": ""})
    result = laid_upon(given("adae", EVENTS), (kind,), "adae", given("subjects", PEOPLE), {})
    assert result["KIND"].tolist() == ["SEVERE", "OTHER", "OTHER"]


@pytest.mark.parametrize(("where", "expected"), [
    ("CHG <= -2", "Y"), ("CHG < -2", "N"), ("PCHG == -40", "Y"),
    ("R2BASE == 0.6 and BASE == 5", "Y"), ("R2BASE > 1", "N"),
])  # fmt: skip
def test_records_are_compared_with_a_number_of_the_subject(where, expected):
    base = given("adsl", "USUBJID | AGE\nA | 5").rename(columns={"AGE": "IGGBL"})[["USUBJID", "IGGBL"]]
    where = f'LBTESTCD == "IGG" and CARTDY > 0 and {where}'
    condition = Condition("IGG", of="adsl", source="lb", base="IGGBL", where=where)
    assert made(condition, lb=given("lb", LABS), adsl_iggbl=base)["IGG"].tolist() == [expected, "N", "N"]


STAYS = """
    USUBJID | HOSEQ | HOSTDTC    | HOENDTC
    A       | 1     | 2025-01-02 | 2025-01-24
    A       | 2     | 2025-01-05 | 2025-01-19
    B       | 1     | 2025-01-08 | .
"""


def test_records_may_be_dated_by_another_of_their_dates():
    discharged = Condition("INPTDAY", of="adsl", source="ho", date="HOENDTC", take="last", value="CARTDY")
    actual, expected = shown(made(discharged, ho=given("ho", STAYS)), """
        USUBJID | INPTDAY | ADT        | SRCDOM | SRCVAR  | SRCSEQ
        A       | 14      | 2025-01-24 | HO     | HOENDTC | 1
        B       | .       | .          | .      | .       | .
    """)
    assert expected == actual


@pytest.mark.parametrize(("where", "flags"), [
    ("CARTDY >= 53", ["Y", "N", "N"]), ("CARTDY < 53", ["N", "Y", "N"]), ("", ["Y", "Y", "Y"]),
])  # fmt: skip
def test_a_date_of_the_subject_is_asked_which_day_it_is(where, flags):
    people = given("subjects", """
        USUBJID | CARTSDT    | LSTALVDT
        A       | 2025-01-10 | 2025-03-04
        B       | 2025-01-10 | 2025-03-03
        C       | .          | 2025-03-04
    """)
    found = declared(Condition("MAIN53FL", of="adsl", source="subjects", date="LSTALVDT", where=where), people)
    assert found["MAIN53FL"].tolist() == flags
    assert found["SRCDOM"].isna().all()  # no record of a domain says so


def test_all_cases_that_hold_may_be_told():
    failing = {"I02": "AGE < 18", "I04": "AGE < 30", "E04": 'SEX == "F"'}
    people = given("subjects", "USUBJID AGE SEX\n1 17 F\n2 20 M\n3 40 F\n4 40 M")
    found = declared(Condition("IEFAIL", of="adsl", cases=failing, joined="; "), people)
    assert found["IEFAIL"].fillna(".").tolist() == ["I02; I04; E04", "I04", "E04", "."]
    none = declared(Condition("IEFAIL", of="adsl", cases=failing, joined="; ", otherwise="NONE"), people)
    assert none["IEFAIL"].tolist()[-1] == "NONE"


@pytest.mark.parametrize(("name", "known", "told"), [
    ("EOTSTT", {"CARTSDT": "2025-02-08", "TRTSDT": "2025-02-01", "DTHDT": "2025-02-09"}, "COMPLETED"),
    ("EOTSTT", {"EOSDECOD": "DEATH"}, "NOT STARTED"),
    ("EOTSTT", {"TRTSDT": "2025-02-01", "EOSDECOD": "OTHER"}, "DISCONTINUED"),
    ("EOTSTT", {"TRTSDT": "2025-02-01", "DTHDT": "2025-02-09"}, "DISCONTINUED"),
    ("EOTSTT", {"TRTSDT": "2025-02-01"}, "ONGOING"),
    ("EOP01STT", {"CARTSDT": "2025-02-08", "TRTSDT": "2025-02-01", "DTHDT": "2025-02-09"}, "COMPLETED"),
    ("EOP01STT", {"TRTSDT": "2025-02-01", "DTHDT": "2025-02-09"}, "DISCONTINUED"),
    ("EOP01STT", {}, "NOT STARTED"),
    ("STAGEGR1", {"STAGE": "IIE"}, "I-II"), ("STAGEGR1", {"STAGE": "4"}, "III-IV"), ("STAGEGR1", {"STAGE": "X"}, "."),
    ("IPIGR1", {"IPI": "2"}, "0-2"), ("IPIGR1", {"IPI": "3"}, "3-5"), ("IPIGR1", {}, "."),
    ("REFRFL", {"RELREF": "REF"}, "Y"), ("REFRFL", {"RELREF": "REL"}, "N"), ("REFRFL", {}, "."),
])  # fmt: skip
def test_the_standard_groups_subjects_by_treatment_and_disease(name, known, told):
    condition = load_specs(STANDARD.parents[1], "iomab_act").declared.by_name[name]
    people = conformed("subjects", given("subjects", "USUBJID\nA", **{k: v for k, v in known.items() if k in SUBJECT}))
    before = given("baseline", "USUBJID\nA", **{k: v for k, v in known.items() if k not in SUBJECT})
    assert as_text(declared(condition, people, baseline=before)[name]).tolist() == [told]


@pytest.mark.parametrize(("days", "told"), [("30", "N Y"), ("31", "Y N"), (".", ". .")])
def test_a_death_is_within_30_days_of_the_last_treatment_or_after_them(days, told):
    known = load_specs(STANDARD.parents[1], "iomab_act").declared.by_name
    people, died = given("subjects", "USUBJID\nA"), given("standing", f"USUBJID LDDTHELD\nA {days}")
    flags = [as_text(declared(known[name], people, standing=died)[name])[0] for name in ("DTHA30FL", "DTHB30FL")]
    assert " ".join(flags) == told
