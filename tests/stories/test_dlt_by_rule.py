"""Dose-limiting toxicity by a declared rule: events, expected events that are allowed, who is evaluable and why.

An invented escalation: cells on 10 March 2025 (Day 0), DLT period Day 0 to Day 28 (7 April, 29 days), data cut
30 April 2025, alive on 25 April. A DLT is related and of grade 3 or higher; the reasons stand in the plan's order.
"""

import pytest
from recipes import decisions
from tables import STANDARD, given, shown

from adam.addlt import addlt
from adam.sets import dlt_set
from adam.toxicity.dlt_events import dlt_events
from adam.toxicity.dlt_flags import dlt_flags
from pipeline.study.dlt import load_dlt

CUTOFF = "2025-04-30"
DLT = """
events: 'RELFL == "Y" and ATOXGRN >= 3'
allowable: {table: allowable_ae, begins: [AEMXDTC, AESTDTC], ends: [AEDNDTC, AEENDTC]}
observed: {until: [LSTALVDT, DTHDT], before: [FIRSTTX]}
among: 'COHORT == "ESCALATION"'
blank: 'CARTSDT == ""'
values:
  DOSEPCT: {from: adfa, where: 'PARAMCD == "DOSEPCT"', value: AVAL}
reasons:
  - {reason: NOT ESCALATION, where: 'COHORT != "ESCALATION"'}
  - {reason: DLT, where: DLTN >= 1, in: true}
  - {reason: DOSE BELOW 80 %, where: DOSEPCT < 80, replaced: true}
  - {reason: COMPLETE, where: DLTOBS == DLTLEN, in: true}
  - {reason: "<@DLT_EVAL_FRAC NO DLT", replaced: true}
"""
ALLOWABLE = """AEDECOD,MAX_GRADE,MAX_DAYS
Pyrexia,3,3
Febrile neutropenia,3,
Platelet count decreased,4,28
Infusion related reaction,3,1
"""
NO_DOSES = given("dosing", "USUBJID EXSEQ")
TIMED = {"dosing": NO_DOSES, "onset_time": False, "cutoff": CUTOFF, "period": 1}
DECIDED = {"dlt_med": "CELLS", "dlt_days": 28, "dlt_eval_frac": "1/1"}
PERSON = {"COHORT": "ESCALATION", "CARTSDT": "2025-03-10", "CARTEDT": "2025-03-10", "LSTALVDT": "2025-04-25",
          "CARTSEQ": "1", "CONDSDT": "2025-03-05", "CONDSEQ": "2"}  # fmt: skip


@pytest.fixture
def plan(tmp_path):
    """What the study says, as the build reads it, with its decisions and these instead."""
    (tmp_path / "dlt.yaml").write_text(DLT)
    (tmp_path / "allowable_ae.csv").write_text(ALLOWABLE)
    (told,) = load_dlt(STANDARD, tmp_path).values()
    return lambda **changed: told.read(told.said, decisions() | DECIDED | changed)


def people(text="USUBJID\n1"):
    """Subjects; what the table does not say is as in PERSON."""
    header = text.strip().splitlines()[0].split()
    return given("subjects", text, **{name: value for name, value in PERSON.items() if name not in header})


def events(text):
    """Related events of grade 3: term, grade, start, maximum, fall to grade 2 or lower, end, of subject 1 and on."""
    header = "USUBJID | AEDECOD | ATOXGRN | AESTDTC | AEMXDTC | AEENDTC"
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    kept = [" | ".join([str(n), *row[:4], row[5]]) for n, row in enumerate(rows, 1)]
    adae = given("adae", "\n".join([header, *kept]), RELFL="Y", AESEQ="1")
    fell = given("adae", "USUBJID AEENDTC\n" + "\n".join(f"{n} {row[4]}" for n, row in enumerate(rows, 1)))
    return adae.assign(AEDNDTC=fell["AEENDTC"])


LIMITS = [
    # term | grade | start | maximum | fell to 2 or lower | end | a DLT
    ("Pyrexia | 3 | 2025-03-12 | . | 2025-03-15 | .", False),            # 3 days are allowed
    ("Pyrexia | 3 | 2025-03-12 | . | 2025-03-16 | .", True),             # 4 are not
    ("PYREXIA | 3 | 2025-03-12 | . | 2025-03-15 | .", False),            # the case of a term says nothing
    ("Pyrexia | 4 | 2025-03-12 | . | 2025-03-13 | .", True),             # above its grade
    ("Pyrexia | 3 | 2025-03-12 | 2025-03-14 | 2025-03-17 | .", False),   # counted from the maximum
    ("Pyrexia | 3 | 2025-03-12 | . | . | 2025-03-15", False),            # to the end, where no fall is told
    ("Pyrexia | 3 | 2025-03-12 | . | 2025-03-16 | 2025-03-14", True),    # the fall is told, so it counts
    ("Pyrexia | 3 | 2025-03-12 | . | . | .", True),                      # neither fall nor end
    ("Pyrexia | 3 | 2025-03-12 | . | 2025-03 | .", True),                # a partial date tells no days
    ("Pyrexia | 3 | 2025-03 | . | 2025-03-15 | .", True),
    ("Pyrexia | 3 | 2025-03-12 | 2025-03-20 | 2025-03-15 | .", True),    # fell before the maximum: a negative number
    ("Pyrexia | 3 | 2025-03-12 | . | 2025-03-12 | .", False),            # no day at all
    ("Infusion related reaction | 3 | 2025-03-10 | . | 2025-03-11 | .", False),
    ("Infusion related reaction | 3 | 2025-03-10 | . | 2025-03-12 | .", True),
    ("Platelet count decreased | 4 | 2025-03-20 | . | 2025-04-17 | .", False),   # 28 days
    ("Platelet count decreased | 4 | 2025-03-20 | . | 2025-04-18 | .", True),
    ("Platelet count decreased | 4 | 2025-04-06 | . | 2025-05-01 | .", True),    # after the cut nothing is known
    ("Febrile neutropenia | 3 | 2025-03-12 | . | . | .", False),         # any number of days, no dates needed
    ("Febrile neutropenia | 4 | 2025-03-12 | . | . | .", True),
    ("Seizure | 3 | 2025-03-12 | . | 2025-03-12 | .", True),             # not expected
    ("Seizure | 5 | 2025-03-12 | . | . | .", True),
    ("Seizure | 2 | 2025-03-12 | . | . | .", False),                     # below grade 3
    ("Seizure | 3 | 2025-03-10 | . | . | .", True),                      # Day 0
    ("Seizure | 3 | 2025-04-07 | . | . | .", True),                      # Day 28
    ("Seizure | 3 | 2025-04-08 | . | . | .", False),                     # Day 29
    ("Seizure | 3 | 2025-03-09 | 2025-03-10 | . | .", True),             # begun before, at its worst in the period
    ("Seizure | 3 | 2025-03-09 | . | . | .", False),                     # begun before, maximum at the start
    ("Seizure | 3 | 2025-04 | . | . | .", True),                         # may lie in the period
    ("Seizure | 3 | 2025-02 | . | . | .", False),                        # cannot
]


@pytest.mark.parametrize(("event", "limiting"), LIMITS)
def test_expected_events_within_their_limits_are_no_dlt_and_all_others_of_the_rule_are(plan, event, limiting):
    adae = events(event)
    row = dlt_flags(adae, people(), dlt=plan(), **TIMED).iloc[0]
    limits = dlt_events(adae, people(), dlt=plan(), **TIMED)
    evaluated = dlt_set(people(), limits, plan(), adfa=given("adfa", "USUBJID"))
    assert (row["DLTEVFL"] == "Y", evaluated["DLTFL"].iloc[0] == "Y") == (limiting, limiting)


def test_an_event_that_is_not_related_or_not_graded_is_no_dlt(plan):
    adae = events("Seizure | 3 | 2025-03-12 | . | . | .\nSeizure | . | 2025-03-12 | . | . | .")
    adae["RELFL"] = ["N", "Y"]
    assert len(dlt_events(adae, people("USUBJID\n1\n2"), dlt=plan(), **TIMED)) == 0


DOSES = "USUBJID | PARAMCD | AVAL\nlow | DOSEPCT | 79.9\nlow | WEIGHT | 60\ntoxic | DOSEPCT | 70\nat80 | DOSEPCT | 80"


def test_reasons_stand_in_the_order_of_the_plan_and_a_missing_dose_is_not_below_80_percent(plan):
    subjects = people("""
        USUBJID  COHORT     CARTSDT    LSTALVDT   DTHDT      FIRSTTX
        expand   EXPANSION  2025-03-10 2025-04-25 .          .
        nocells  ESCALATION .          2025-04-25 .          .
        toxic    ESCALATION 2025-03-10 2025-03-14 2025-03-14 .
        low      ESCALATION 2025-03-10 2025-04-25 .          .
        at80     ESCALATION 2025-03-10 2025-04-25 .          .
        nodose   ESCALATION 2025-03-10 2025-04-07 .          .
        early    ESCALATION 2025-03-10 2025-04-06 .          .
        therapy  ESCALATION 2025-03-10 2025-04-25 .          2025-04-07
        after    ESCALATION 2025-03-10 2025-04-25 .          2025-04-08
    """)
    adae = events("Seizure | 4 | 2025-03-12 | . | . | .\n" * 3).assign(USUBJID=["toxic", "expand", "nocells"])
    limiting = dlt_events(adae, subjects, dlt=plan(), **TIMED)
    actual, expected = shown(dlt_set(subjects, limiting, plan(), adfa=given("adfa", DOSES)), """
        USUBJID | DLTEVLFL | DLTEVLRS       | DLTFL
        expand  | N        | NOT ESCALATION | .
        nocells | N        | .              | .
        toxic   | Y        | DLT            | Y
        low     | N        | DOSE BELOW 80 % | .
        at80    | Y        | COMPLETE       | N
        nodose  | Y        | COMPLETE       | N
        early   | N        | <100 % NO DLT  | .
        therapy | N        | <100 % NO DLT  | .
        after   | Y        | COMPLETE       | N
    """)
    assert expected == actual


def test_the_events_of_the_expansion_meet_the_rule_and_are_no_dlt(plan):
    adae = events("Seizure | 4 | 2025-03-12 | . | . | .")
    row = dlt_flags(adae, people("USUBJID COHORT\n1 EXPANSION"), dlt=plan(), **TIMED).iloc[0]
    assert (row["DLTCRFL"], row["DLTEVFL"] == "Y") == ("Y", False)


def test_who_is_replaced_stands_in_addlt_with_the_days_observed(plan):
    subjects = people("USUBJID LSTALVDT\nlow 2025-04-25\nearly 2025-04-06\nall 2025-04-25")
    none = dlt_events(events("Seizure | 2 | 2025-03-12 | . | . | ."), subjects, dlt=plan(), **TIMED)
    actual, expected = shown(addlt(subjects, none, plan(), adfa=given("adfa", DOSES)), """
        USUBJID | DLTSDT     | DLTEDT     | DLTLEN | DLTOBS | DLTREPL | SRCVAR  | SRCSEQ
        low     | 2025-03-10 | 2025-04-07 | 29     | 29     | Y       | EXSTDTC | 1
        early   | 2025-03-10 | 2025-04-07 | 29     | 28     | Y       | EXSTDTC | 1
        all     | 2025-03-10 | 2025-04-07 | 29     | 29     | N       | EXSTDTC | 1
    """)
    assert expected == actual


@pytest.mark.parametrize(("end_from", "med", "end"), [
    ("FIRST", "CELLS", "2025-04-07"), ("LAST", "CELLS", "2025-04-09"), ("START", "COND", "2025-04-02"),
    ("FIRST", "COND", "2025-04-07"),
])  # fmt: skip
def test_the_period_ends_after_the_first_or_last_infusion_or_after_its_start(plan, end_from, med, end):
    subjects = people("USUBJID CARTEDT\n1 2025-03-12")
    none = given("dlt_events", "USUBJID AESEQ")
    made = addlt(subjects, none, plan(dlt_end_from=end_from, dlt_med=med), adfa=given("adfa", "USUBJID"))
    assert str(made["DLTEDT"].iloc[0].date()) == end


def test_a_group_may_have_a_longer_period(tmp_path):
    longer = DLT + "days:\n  - {where: DOSELVLA >= 3, days: 42}\n  - {where: DOSELVLA >= 2, days: 35}\n"
    (tmp_path / "dlt.yaml").write_text(longer)
    (tmp_path / "allowable_ae.csv").write_text(ALLOWABLE)
    (told,) = load_dlt(STANDARD, tmp_path).values()
    subjects = people("USUBJID DOSELVLA\nlow 1\nmiddle 2\nhigh 3")
    plan, none = told.read(told.said, decisions() | DECIDED), given("dlt_events", "USUBJID AESEQ")
    made = addlt(subjects, none, plan, adfa=given("adfa", "USUBJID"))
    assert made["DLTLEN"].tolist() == [29, 36, 43]


def test_a_form_may_tell_dlts_by_itself_with_their_dates(tmp_path):
    told_by_form = DLT.replace("events: 'RELFL == \"Y\" and ATOXGRN >= 3'", "of: fa\nevents: 'FATESTCD == \"DLT\"'")
    (tmp_path / "dlt.yaml").write_text(told_by_form)
    (tmp_path / "allowable_ae.csv").write_text(ALLOWABLE)
    (told,) = load_dlt(STANDARD, tmp_path).values()
    plan, subjects = told.read(told.said, decisions() | DECIDED), people("USUBJID\nin\nafter\nmonth\nnone")
    form = given("fa", """
        USUBJID FASEQ FATESTCD FADTC
        in      3     DLT      2025-04-07
        after   1     DLT      2025-04-08
        month   2     DLT      2025-04
        none    1     OTHER    2025-03-20
    """)
    adae = given("adae", "USUBJID AESEQ AESTDTC DLTYN\nnone 1 2025-03-20 Y")
    limiting = dlt_events(adae, subjects, dlt=plan, **TIMED, fa=form)
    assert told.datasets["dlt_events"] == ("fa",)
    actual, expected = shown(addlt(subjects, limiting, plan, adfa=given("adfa", "USUBJID")), """
        USUBJID | DLTFL | DLTASTDT   | DLTIMPFL | SRCDOM | SRCVAR  | SRCSEQ
        in      | Y     | 2025-04-07 | N        | FA     | FADTC   | 3
        after   | N     | .          | .        | EX     | EXSTDTC | 1
        month   | Y     | 2025-04-01 | Y        | FA     | FADTC   | 2
        none    | N     | .          | .        | EX     | EXSTDTC | 1
    """)
    assert expected == actual
    assert dlt_flags(adae, subjects, dlt=plan, **TIMED)[["DLTEVFL", "DLTCRFL"]].isna().all(axis=None)


def test_a_value_that_a_subject_has_twice_is_told(plan):
    from pipeline.ground.faults import TrialError

    twice = given("adfa", "USUBJID | PARAMCD | AVAL\n1 | DOSEPCT | 70\n1 | DOSEPCT | 90")
    with pytest.raises(TrialError, match="ADFA has several records of 1") as told:
        dlt_set(people(), given("dlt_events", "USUBJID AESEQ"), plan(), adfa=twice)
    assert told.value.where == "dlt.yaml, values, DOSEPCT"


def test_events_from_before_that_did_not_worsen_do_not_count_where_the_plan_says_so(tmp_path):
    (tmp_path / "dlt.yaml").write_text(DLT.replace("allowable:", "worsened: ATOXGRN > 3\n#"))
    (told,) = load_dlt(STANDARD, tmp_path).values()
    plan = told.read(told.said, decisions() | DECIDED)
    adae = events("Seizure | 3 | 2025-03-09 | 2025-03-12 | . | .\nSeizure | 4 | 2025-03-09 | 2025-03-12 | . | .")
    flagged = dlt_flags(adae, people("USUBJID\n1\n2"), dlt=plan, **TIMED)
    assert flagged["DLTEVFL"].fillna("N").tolist() == ["N", "Y"]


@pytest.mark.parametrize(("onset_time", "flagged"), [
    (True, ["N", "Y", "Y", "Y", "Y"]), (False, ["Y", "Y", "Y", "Y", "Y"]),
])  # fmt: skip
def test_on_the_day_of_the_infusion_the_clock_tells_what_began_before_it(plan, onset_time, flagged):
    """Before the infusion at 10:30; at its time; without a time; before it and worse after; on the next day."""
    doses = given("dosing", """
        USUBJID EXSEQ EXCAT EXSTDTC          DATE       APERIOD
        1       1     CELLS 2025-03-10T10:30 2025-03-10 1
    """, GIVENFL="Y")  # fmt: skip
    starts = ["2025-03-10T10:29", "2025-03-10T10:30", "2025-03-10", "2025-03-10T09:00", "2025-03-11T09:00"]
    worst = [".", ".", ".", "2025-03-12", "."]
    rows = [f"1 {n} {start} {day}" for n, (start, day) in enumerate(zip(starts, worst, strict=True), 1)]
    known = {"RELFL": "Y", "ATOXGRN": "3", "AEDECOD": "Seizure"}
    adae = given("adae", "USUBJID AESEQ AESTDTC AEMXDTC\n" + "\n".join(rows), **known)
    adae = adae.assign(AEDNDTC=adae["AEENDTC"])
    told = {**TIMED, "dosing": doses, "onset_time": onset_time}
    assert dlt_flags(adae, people(), dlt=plan(), **told)["DLTEVFL"].fillna("N").tolist() == flagged


TICKED = """
events: 'DLTYN == "Y"'
worsened: AETOXGR > AEGRST
among: ''
blank: 'CARTSDT == ""'
reasons:
  - {reason: DLT, where: DLTN >= 1, in: true}
  - {reason: COMPLETE, where: DLTOBS == DLTLEN, in: true}
  - {reason: ">=@DLT_EVAL_FRAC", where: 'DLTSHRFL == "Y"', in: true}
  - {reason: "<@DLT_EVAL_FRAC NO DLT"}
"""


def test_a_plan_by_the_tick_with_28_days_from_the_first_of_two_infusions(tmp_path):
    """Days 1 to 28 are 10 March to 6 April; three quarters are 21 days; a new therapy ends the observation alone."""
    (tmp_path / "dlt.yaml").write_text(TICKED)
    (told,) = load_dlt(STANDARD, tmp_path).values()
    plan = told.read(told.said, decisions() | {"dlt_med": "CELLS", "dlt_days": 27, "dlt_eval_frac": "3/4"})
    subjects = people("""
        USUBJID CARTSDT    CARTEDT    LSTALVDT   DTHDT      FIRSTTX
        day28   2025-03-10 2025-03-11 2025-04-25 .          2025-03-20
        day29   2025-03-10 2025-03-11 2025-04-25 .          .
        worse   2025-03-10 2025-03-10 2025-04-25 .          .
        alike   2025-03-10 2025-03-11 2025-04-25 .          .
        d21     2025-03-10 2025-03-11 2025-03-30 2025-03-30 .
        d20     2025-03-10 2025-03-11 2025-03-29 2025-03-29 .
        therapy 2025-03-10 2025-03-11 2025-04-25 .          2025-03-30
        never   .          .          2025-04-25 .          .
    """)
    adae = given("adae", """
        USUBJID AESEQ AESTDTC    AEMXDTC    AEGRST AETOXGR
        day28   1     2025-04-06 .          3      3
        day29   1     2025-04-07 .          3      3
        worse   1     2025-03-01 2025-03-12 1      3
        alike   1     2025-03-01 2025-03-12 3      3
        never   1     2025-03-20 .          3      3
    """, DLTYN="Y")  # fmt: skip
    actual, expected = shown(dlt_set(subjects, dlt_events(adae, subjects, dlt=plan, **TIMED), plan), """
        USUBJID | DLTEVLFL | DLTEVLRS     | DLTFL
        day28   | Y        | DLT          | Y
        day29   | Y        | COMPLETE     | N
        worse   | Y        | DLT          | Y
        alike   | Y        | COMPLETE     | N
        d21     | Y        | >=75 %       | N
        d20     | N        | <75 % NO DLT | .
        therapy | N        | <75 % NO DLT | .
        never   | N        | .            | .
    """)
    assert expected == actual
