"""Vital signs and ECG as analysis values: value, baseline, change, visit and time on treatment (analysis plan 8.3)."""

from dataclasses import replace

import pandas as pd
import pytest
from built import example, made
from tables import as_text, given, table

from adam.course.on_treatment import on_treatment
from adam.derive.findings import analysis_values, derive_vars_base
from pipeline.ground.faults import TrialError
from pipeline.study.datasets import with_what_is_asked

PEOPLE = {
    "dm": given("dm", "USUBJID | RFICDTC\nA | 2025-01-02\nB | 2025-01-02"),
    "ex": given("ex", """
        USUBJID | EXCAT        | EXTRT | EXDOSE | EXDOSU | EXSTDTC
        A       | CONDITIONING | FLU   | 50     | mg     | 2025-03-04
        A       | CELLS        | CAR   | 100    | 10^6   | 2025-03-10
    """),
}


def as_shown(dataset: pd.DataFrame, expected: str) -> tuple[list, list]:
    """The records of a dataset in its order, and those expected, in the columns of the table."""
    asked = table(expected).fillna(".")
    found = pd.DataFrame({name: as_text(dataset[name]) for name in asked})
    return found.to_numpy().tolist(), asked.to_numpy().tolist()


@pytest.fixture(scope="module")
def analysed():
    given_signs = given("vs", """
        USUBJID | VSTESTCD | VSSTRESN | VSSTRESC | VSSTRESU | VSLOBXFL | VSTPT | VSDTC
        A       | TEMP     | 36.0     | 36.0     | C        | .        | .     | 2025-03
        A       | TEMP     | 36.5     | 36.5     | C        | .        | .     | 2025-03-03T08:00
        A       | TEMP     | 36.8     | 36.8     | C        | Y        | PRE   | 2025-03-04T08:00
        A       | TEMP     | 37.0     | 37.0     | C        | .        | POST  | 2025-03-04T12:00
        A       | TEMP     | 38.0     | 38.0     | C        | .        | .     | 2025-03-10
        A       | TEMP     | 37.5     | 37.5     | C        | .        | .     | 2025-03-16
        A       | TEMP     | 37.6     | 37.6     | C        | .        | .     | 2025-03-18T07:00
        A       | TEMP     | 37.7     | 37.7     | C        | .        | .     | 2025-03-18T19:00
        A       | TEMP     | .        | .        | C        | .        | .     | 2025-03-17
        A       | TEMP     | 37.1     | 37.1     | C        | .        | .     | 2025-06-18
        A       | TEMP     | 36.9     | 36.9     | C        | .        | .     | 2025-06-19
        B       | TEMP     | 36.7     | 36.7     | C        | Y        | .     | 2025-02-01
    """, VSTEST="Temperature")
    traces = given("eg", """
        USUBJID | EGTESTCD | EGTEST         | EGSTRESN | EGSTRESC | EGLOBXFL | EGDTC
        A       | INTP     | Interpretation | .        | NORMAL   | Y        | 2025-03-01
        A       | INTP     | Interpretation | .        | ABNORMAL | .        | 2025-03-12
        A       | QTCFAG   | QTcF           | .        | >500     | .        | 2025-03-12
        A       | QTCFAG   | QTcF           | 400      | 400      | .        | 2025-03-12
    """)
    return made(example(), PEOPLE | {"vs": given_signs, "eg": traces}, ["advs", "adeg"])[0]


def test_a_result_has_its_baseline_change_visit_and_time_on_treatment(analysed):
    """Day 7 is 6 to 8, the planned day 7; Day 100 is 93 to 107; on treatment ends on day 100 (2025-06-18)."""
    found, expected = as_shown(analysed["advs"], """
        USUBJID ASEQ ADT ADTF ADY CARTDY AVAL ABLFL BASE CHG AVISIT AVISITN AWTARGET AWTDIFF ONTRTFL ANL01FL
        A       1    2025-03-01 D    -3   -9     36   .     36.8 .    .            .       .        .       .       .
        A       2    2025-03-03 .    -1   -7     36.5 .     36.8 .    .            .       .        .       .       .
        A       3    2025-03-04 .    1    -6     36.8 Y     36.8 .    Baseline     0       .        .       .       Y
        A       4    2025-03-04 .    1    -6     37   .     36.8 0.2  Conditioning 4       -6       0       Y       Y
        A       5    2025-03-10 .    7    0      38   .     36.8 1.2  [Day_0]      5       0        0       Y       Y
        A       6    2025-03-16 .    13   6      37.5 .     36.8 0.7  [Day_7]      7       7        1       Y       .
        A       9    2025-03-17 .    14   7      .    .     36.8 .    [Day_7]      7       7        0       Y       .
        A       7    2025-03-18 .    15   8      37.6 .     36.8 0.8  [Day_7]      7       7        1       Y       .
        A       8    2025-03-18 .    15   8      37.7 .     36.8 0.9  [Day_7]      7       7        1       Y       Y
        A       10   2025-06-18 .    107  100    37.1 .     36.8 0.3  [Day_100]    11      100      0       Y       Y
        A       11   2025-06-19 .    108  101    36.9 .     36.8 0.1  [Day_100]    11      100      1       .       .
        B       1    2025-02-01 .    .    .      36.7 .     .    .    .            .       .        .       .       .
    """.replace("[", "").replace("]", ""))
    assert found == [[cell.replace("_", " ") for cell in row] for row in expected]


def test_a_result_of_a_partial_date_is_a_baseline_only_where_each_of_its_days_is_before():
    """Treated on 2025-03-04: what is dated 2025-02 was before, what is dated 2025-03 may have been after."""
    people = given("on_treatment", "USUBJID TRTSDT BASEDT CARTSDT\nA 2025-03-04 2025-03-04 2025-03-10")
    pulse = given("vs", """
        USUBJID | VSTESTCD | VSSTRESN | VSSTRESC | VSDTC
        A       | HR       | 65       | 65       | 2025-02
        A       | HR       | 70       | 70       | 2025-03
        A       | HR       | 80       | 80       | 2025-03-11
        A       | TEMP     | 37       | 37       | 2025
    """, VSTEST="Sign")
    values = derive_vars_base(analysis_values(pulse, "VS", people), pd.Series(False, pulse.index))
    found, expected = as_shown(values, """
        PARAMCD AVAL ABLFL BASE CHG AFTERFL
        HR      65   Y     65   .   .
        HR      70   .     65   .   .
        HR      80   .     65   15  Y
        TEMP    37   .     .    .   .
    """)
    assert found == expected


def test_percent_change_is_of_the_baseline_and_the_source_is_the_record(analysed):
    one = analysed["advs"].query("ASEQ == 5").iloc[0]
    assert round(one["PCHG"], 6) == round(100 * 1.2 / 36.8, 6)
    assert one[["SRCDOM", "SRCVAR", "SRCSEQ", "PARAMCD", "PARAM", "AVALU"]].tolist() == [
        "VS", "VSSTRESN", 5, "TEMP", "Temperature", "C"]  # fmt: skip


def test_a_result_in_words_has_a_baseline_in_words_and_a_limit_counts_as_its_number(analysed):
    found, expected = as_shown(analysed["adeg"], """
        ASEQ PARAMCD AVAL AVALC    BASEC  BASE ABLFL SRCVAR
        1    INTP    .    NORMAL   NORMAL .    Y     EGSTRESC
        2    INTP    .    ABNORMAL NORMAL .    .     EGSTRESC
        3    QTCFAG  500  .        .      .    .     EGSTRESN
        4    QTCFAG  400  .        .      .    .     EGSTRESN
    """)
    assert found == expected


SUBJECT = {"TRTSDT": "2025-03-04", "CONDSDT": "2025-03-04", "CARTSDT": "2025-03-10", "NACTDT": "2025-05-01"}
UNTREATED = dict.fromkeys(SUBJECT)
NO_CONDITIONING = SUBJECT | {"CONDSDT": None, "TRTSDT": "2025-03-10", "NACTDT": None}


@pytest.mark.parametrize(
    ("subject", "base", "treated", "end", "newtx", "expected"),
    [
        (SUBJECT, "TREATMENT", "TREATMENT", 100, True, ("2025-03-04", "2025-03-04", "2025-04-30")),
        (SUBJECT, "CONDITIONING", "CELLS", 100, False, ("2025-03-04", "2025-03-10", "2025-06-18")),
        (SUBJECT, "CELLS", "CONDITIONING", None, False, ("2025-03-10", "2025-03-04", ".")),
        (SUBJECT, "CELLS", "CELLS", None, True, ("2025-03-10", "2025-03-10", "2025-04-30")),
        (NO_CONDITIONING, "CONDITIONING", "CONDITIONING", 30, True, ("2025-03-10", "2025-03-10", "2025-04-09")),
        (UNTREATED, "TREATMENT", "TREATMENT", 100, True, (".", ".", ".")),
    ],
)
def test_baseline_and_time_on_treatment_begin_with_the_dose_that_is_asked_for(
    subject, base, treated, end, newtx, expected
):
    people = pd.DataFrame({name: pd.to_datetime([date]).astype("datetime64[s]") for name, date in subject.items()})
    people = people.assign(STUDYID="S", USUBJID="A", CARTSDY=0.0)
    made_of = on_treatment(people, base, treated, end, newtx)
    assert tuple(as_text(made_of[name]).iloc[0] for name in ("BASEDT", "ONTRTSDT", "ONTRTEDT")) == expected


def test_without_a_day_0_the_last_day_counts_from_day_1():
    dates = {name: pd.to_datetime([date]) for name, date in NO_CONDITIONING.items()}
    people = pd.DataFrame(dates).assign(STUDYID="S", USUBJID="A", CARTSDY=1.0)
    assert as_text(on_treatment(people, "CELLS", "CELLS", 53, True)["ONTRTEDT"]).tolist() == ["2025-05-01"]


def test_a_study_that_does_not_collect_a_domain_has_no_dataset_of_it():
    specs = example()
    gone = with_what_is_asked(specs.datasets, replace(specs.study, not_collected=("VS",)))
    assert ("advs" in gone, "adeg" in gone) == (False, True)


def test_a_dataset_of_records_that_nobody_makes_is_told_with_the_nearest_name():
    specs = example()
    lost = replace(specs, datasets=specs.datasets | {"advs": replace(specs.datasets["advs"], of="vvs")})
    with pytest.raises(TrialError, match="Nobody makes 'vvs', which advs needs") as error:
        made(lost, PEOPLE, ["advs"])
    assert "vs" in error.value.cure


def test_a_questionnaire_has_its_score_by_assessment_and_question_without_a_unit():
    """The class asks for no units: QS has none. The last before the first dose is the baseline."""
    scores = given("qs", """
        USUBJID | QSCAT | QSTESTCD | QSSTRESN | QSSTRESC | QSLOBXFL | QSDTC
        A       | ICE   | ICETOT   | 10       | 10       | Y        | 2025-03-01
        A       | ICE   | ICETOT   | 7        | 7        | .        | 2025-03-12
        A       | ICE   | ICEUNA   | .        | N        | .        | 2025-03-12
    """)
    made_of = made(example(), PEOPLE | {"qs": scores}, ["adqs"])[0]["adqs"]
    found, expected = as_shown(made_of, """
        USUBJID PARCAT1 PARAMCD ADT        AVAL AVALC ABLFL BASE CHG
        A       ICE     ICETOT  2025-03-01 10   .     Y     10   .
        A       ICE     ICETOT  2025-03-12 7    .     .     10   -3
        A       ICE     ICEUNA  2025-03-12 .    N     .     .    .
    """)
    assert found == expected
    assert "AVALU" not in made_of
