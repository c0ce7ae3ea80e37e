"""Baseline characteristics: the last before the first treatment day, disease history, prior lines."""

import pytest
from tables import STANDARD, given, shown, supp

from adam.course.baseline import baseline
from adam.course.prior_lines import prior_lines
from pipeline.ground.course import BaselineSource, BaselineValue
from pipeline.study.course import load_baselines

DOSED = """
    USUBJID | EXSEQ | EXCAT        | EXSTDTC          | GIVENFL | DATE       | APERIOD
    1       | 1     | CONDITIONING | 2025-03-04       | Y       | 2025-03-04 | 1
    1       | 2     | CELLS        | 2025-03-10T11:00 | Y       | 2025-03-10 | 1
"""


def characteristics(age_cut=65, values=(), **domains):
    empty = {
        "fa": "USUBJID FACAT FATESTCD FASTRESC", "rs": "USUBJID RSTESTCD RSSTRESC RSDTC",
        "vs": "USUBJID VSTESTCD VSSTRESN VSDTC", "cm": "USUBJID CMCAT CMSCAT CMGRPID",
        "pr": "USUBJID PRCAT PRSCAT PRGRPID", "lb": "USUBJID LBTESTCD LBSTRESN LBDTC",
    }  # fmt: skip
    supps = [supp(of, f"{of}SEQ", domains.pop(f"supp{of.lower()}", "USUBJID SEQ QNAM QVAL")) for of in ("CM", "PR")]
    tables = {name: given(name, domains.get(name, header)) for name, header in empty.items()}
    treated = given("exposure", "USUBJID TRTSDT CARTSDT\n1 2025-03-04 2025-03-10")
    dosed = given("dosing", DOSED)
    people = given("dm", domains.get("dm", "USUBJID\n1\n2"))
    of_standard = load_baselines(STANDARD, STANDARD / "none").value({})
    lines = prior_lines(tables["cm"], supps[0], tables["pr"], supps[1])
    return baseline(people, **tables, prior_lines=lines, exposure=treated, dosing=dosed,
                    baselines=values or of_standard, age_cut=age_cut, period=1)  # fmt: skip


def test_the_older_group_begins_at_the_age_decided():
    made = {cut: characteristics(cut, dm="USUBJID AGE\n1 64\n2 65\n3 66\n4 .") for cut in (65, 66)}
    groups = {cut: people["AGEGR1"] for cut, people in made.items()}
    assert groups[65].fillna(".").tolist() == ["<65", ">=65", ">=65", "."]
    assert groups[66].fillna(".").tolist() == ["<66", "<66", ">=66", "."]
    assert made[66]["AGEGR1N"].fillna(0).tolist() == [1, 1, 2, 0]


def test_the_last_value_before_the_first_treatment_day_is_the_baseline():
    vs = """
        USUBJID VSTESTCD VSSTRESN VSDTC
        1       WEIGHT   70       2025-02-01
        1       WEIGHT   72       2025-03-03
        1       WEIGHT   75       2025-03-04
        1       HEIGHT   180      2025-02-01
        2       WEIGHT   60       2025-03-20
    """
    actual, expected = shown(characteristics(vs=vs), """
        USUBJID | WEIGHTBL | HEIGHTBL | BMIBL
        1       | 72       | 180      | 22.2222
        2       | 60       | .        | .
    """)
    assert actual == expected


def test_disease_history_stands_in_columns():
    fa = """
        USUBJID | FACAT           | FATESTCD | FASTRESC
        1       | DISEASE HISTORY | IPI      | 3
        1       | DISEASE HISTORY | STAGE    | IV
        1       | DISEASE HISTORY | BULKY    | Y
        1       | OTHER           | DBLHIT   | Y
    """
    actual, expected = shown(characteristics(fa=fa), """
        USUBJID | IPI | STAGE | BULKYFL | DBLHIT
        1       | 3   | IV    | Y       | .
        2       | .   | .     | .       | .
    """)
    assert actual == expected


def test_prior_lines_are_counted_and_what_they_contained_is_flagged():
    cm = """
        USUBJID | CMSEQ | CMCAT                    | CMSCAT              | CMGRPID
        1       | 1     | PRIOR ANTICANCER THERAPY | CHEMO-IMMUNOTHERAPY | 1
        1       | 2     | PRIOR ANTICANCER THERAPY | CHEMOTHERAPY        | 2
        1       | 3     | PRIOR ANTICANCER THERAPY | CHEMOTHERAPY        | 2
        2       | 1     | PRIOR ANTICANCER THERAPY | BISPECIFIC ANTIBODY | 1
        2       | 2     | BRIDGING                 | .                   | .
    """
    suppcm = "USUBJID SEQ QNAM QVAL\n1 2 SCTTYPE AUTOLOGOUS\n1 1 BISPFL N\n2 1 SCTTYPE NONE"
    found = characteristics(cm=cm, suppcm=suppcm)
    actual, expected = shown(found, """
        USUBJID | NPRIORLN | PRIBSFL | PRISCTFL | BRIDGFL
        1       | 2        | N       | Y        | N
        2       | 1        | Y       | N        | Y
    """)
    assert actual == expected


@pytest.mark.parametrize(("test", "variable", "value"), [
    ("STAGE", "STAGE", "IV"), ("COO", "COO", "GCB"), ("DXSUB", "DXSUB", "DLBCL"), ("DBLHIT", "DBLHIT", "Y"),
    ("RELREF", "RELREF", "REFRACTORY"), ("BULKY", "BULKYFL", "Y"), ("IPI", "IPI", 3.0), ("EXNOD", "EXNOD", 2.0),
])
def test_each_fact_of_the_disease_has_its_variable_the_first_record_counts(test, variable, value):
    shown_ = f"{value:g}" if isinstance(value, float) else value
    fa = "USUBJID | FACAT | FATESTCD | FASTRESC\n" + "\n".join(
        f"1 | DISEASE HISTORY | {test} | {text}" for text in (shown_, "9"))
    found = characteristics(fa=fa)
    assert found[variable].tolist()[0] == value
    assert found[variable].notna().tolist() == [True, False]


def test_the_performance_status_before_treatment_is_a_number_and_what_is_none_does_not_count():
    rs = """
        USUBJID RSTESTCD RSSTRESC RSDTC
        1       ECOG101  1        2025-03-01
        1       ECOG101  .        2025-03-02
        1       ECOG101  2        2025-02-01
        1       OTHER    4        2025-03-03
        2       ECOG101  0        2025-03-20
    """
    assert characteristics(rs=rs)["ECOGBL"].tolist() == [1, 0]


def test_prior_therapy_is_known_by_category_or_qualifier_and_bridging_by_either_domain():
    cm = """
        USUBJID | CMSEQ | CMCAT                    | CMSCAT                           | CMGRPID
        1       | 1     | PRIOR ANTICANCER THERAPY | HIGH-DOSE THERAPY AND TRANSPLANT | 1
        1       | 2     | GENERAL                  | BISPECIFIC ANTIBODY              | 9
        2       | 1     | PRIOR ANTICANCER THERAPY | CHEMOTHERAPY                     | 1
    """
    actual, expected = shown(
        characteristics(cm=cm, suppcm="USUBJID SEQ QNAM QVAL\n2 1 BISPFL Y\n2 1 SCTTYPE ALLOGENEIC",
                        pr="USUBJID PRCAT\n1 BRIDGING\n2 OTHER"), """
        USUBJID | NPRIORLN | PRIBSFL | PRISCTFL | BRIDGFL
        1       | 1        | N       | Y        | Y
        2       | 1        | Y       | Y        | N
    """)
    assert actual == expected


def test_a_prior_line_of_radiotherapy_is_a_procedure_and_counts_with_the_drugs():
    cm = """
        USUBJID | CMSEQ | CMCAT                    | CMSCAT              | CMGRPID
        1       | 1     | PRIOR ANTICANCER THERAPY | CHEMO-IMMUNOTHERAPY | 1
        1       | 2     | PRIOR ANTICANCER THERAPY | CHEMO-IMMUNOTHERAPY | 2
    """
    pr = """
        USUBJID | PRSEQ | PRCAT                    | PRSCAT       | PRGRPID
        1       | 1     | PRIOR ANTICANCER THERAPY | RADIOTHERAPY | 2
        1       | 2     | PRIOR ANTICANCER THERAPY | RADIOTHERAPY | 3
        2       | 1     | IMAGING                  | .            | .
    """
    actual, expected = shown(characteristics(cm=cm, pr=pr, supppr="USUBJID SEQ QNAM QVAL\n1 2 SCTTYPE AUTOLOGOUS"), """
        USUBJID | NPRIORLN | PRIBSFL | PRISCTFL | BRIDGFL
        1       | 3        | N       | Y        | N
        2       | .        | N       | N        | N
    """)
    assert actual == expected


@pytest.mark.parametrize(("date", "counts"), [
    ("2025-03-03", True), ("2025-03-04", False), ("2025-03", True), ("2025", True), (".", False),
])  # fmt: skip
def test_a_value_counts_by_its_first_possible_day_before_the_first_treatment(date, counts):
    made = characteristics(vs=f"USUBJID VSTESTCD VSSTRESN VSDTC\n1 HEIGHT 180 {date}")
    assert made["HEIGHTBL"].notna().tolist() == [counts, False]


def test_of_two_values_of_one_day_the_later_record_counts():
    rows = "USUBJID VSSEQ VSTESTCD VSSTRESN VSDTC\n1 2 WEIGHT 71 2025-03-01\n1 1 WEIGHT 70 2025-03-01"
    assert characteristics(vs=rows)["WEIGHTBL"].tolist()[0] == 71


def test_a_line_without_a_number_is_told_by_its_treatment():
    cm = "USUBJID | CMSEQ | CMCAT | CMTRT\n" + "\n".join(
        f"1 | {n} | PRIOR ANTICANCER THERAPY | {drug}" for n, drug in enumerate(("A", "A", "B")))
    assert characteristics(cm=cm)["NPRIORLN"].fillna(0).tolist() == [2, 0]


@pytest.mark.parametrize(("domain", "category", "flag"), [
    ("cm", "BRIDGING", "Y"), ("pr", "BRIDGING", "Y"), ("cm", "GENERAL", "N"), ("pr", "LEUKAPHERESIS", "N"),
])  # fmt: skip
def test_bridging_is_a_drug_or_a_procedure_of_that_category(domain, category, flag):
    rows = f"USUBJID | {domain.upper()}SEQ | {domain.upper()}CAT\n1 | 1 | {category}"
    assert characteristics(**{domain: rows})["BRIDGFL"].tolist() == [flag, "N"]


WEIGHTS = """
    USUBJID | VSSEQ | VSTESTCD | VISIT     | VSSTRESN | VSDTC
    1       | 1     | WEIGHT   | SCREENING | 70.25    | 2025-02-01
    1       | 2     | WEIGHT   | DAY -6    | 74       | 2025-03-04
    1       | 3     | WEIGHT   | DAY 0     | 72       | 2025-03-10T10:30
    1       | 4     | WEIGHT   | DAY 0     | 90       | 2025-03-10T11:30
    1       | 5     | WEIGHT   | DAY 0     | 91       | 2025-03-10
    1       | 6     | WEIGHT   | DAY 9     | 60       | 2025-03-19
    2       | 1     | WEIGHT   | SCREENING | 80       | 2025-02-01
"""
WEIGHT = 'VSTESTCD == "WEIGHT"'


@pytest.mark.parametrize(("words", "expected"), [
    ({}, [70.25, 80]),  # before the first treatment
    ({"before": "CARTSDT"}, [74, 80]),
    ({"before": "CARTSDT", "day": "in"}, [91, 80]),
    ({"before": "CARTSDT", "day": "time"}, [72, 80]),  # with a time before that of the infusion
    ({"before": "CARTSDT", "take": "first"}, [70.25, 80]),
    ({"before": "CARTSDT", "take": "highest", "day": "in"}, [91, 80]),
    ({"before": "CARTSDT", "take": "lowest"}, [70.25, 80]),
    ({"before": "CARTSDT", "untreated": "none"}, [74, None]),
    ({"where": f'{WEIGHT} and VISIT == "SCREENING"', "before": "CARTSDT"}, [70.25, 80]),  # of a visit
    ({"where": f"{WEIGHT} and CARTDY >= -7 and CARTDY <= 0", "before": "CARTSDT", "day": "in"}, [91, None]),
])  # fmt: skip
def test_a_value_at_baseline_is_the_record_that_its_rule_takes(words, expected):
    one = BaselineValue("WEIGHTBL", sources=(BaselineSource("vs", "VSSTRESN", **({"where": WEIGHT} | words)),))
    height = BaselineValue("HEIGHTBL", sources=(BaselineSource("vs", "VSSTRESN", "VSTESTCD == 'HEIGHT'"),))
    found = characteristics(vs=WEIGHTS, values=(one, height))["WEIGHTBL"]
    assert [None if value != value else value for value in found] == expected


def test_who_has_no_value_from_one_source_has_it_from_the_next_and_it_is_rounded_half_up():
    sources = (BaselineSource("vs", "VSSTRESN", f"{WEIGHT} and CARTDY > 0", "CARTSDT", "in"),
               BaselineSource("vs", "VSSTRESN", WEIGHT))  # fmt: skip
    values = (BaselineValue("WEIGHTBL", decimals="1", sources=sources), BaselineValue("HEIGHTBL", sources=sources))
    assert characteristics(vs=WEIGHTS, values=values)["WEIGHTBL"].tolist() == [70.3, 80]


@pytest.mark.parametrize(("name", "columns"), [
    ("fa", "FATESTCD | FASTRESN | FADTC   | FASEQ | FACAT | FASTRESC"),
    ("cm", "CMTRT    | CMDOSE   | CMSTDTC | CMSEQ | CMCAT | CMSCAT | CMGRPID"),
])  # fmt: skip
def test_a_value_at_baseline_may_come_from_any_dataset_also_one_that_tells_disease_and_therapy(name, columns):
    test, value = [column.strip() for column in columns.split("|")][:2]
    cells = " | ".join(["1", "BLAST", "12", "2025-03-01", "1"] + ["X"] * (columns.count("|") - 3))
    sources = (BaselineSource(name, value, f'{test} == "BLAST"'),)
    values = tuple(BaselineValue(code, sources=sources) for code in ("BMBL", "WEIGHTBL", "HEIGHTBL"))
    made = characteristics(values=values, **{name: f"USUBJID | {columns}\n{cells}"})
    assert made["BMBL"].fillna(0).tolist() == [12, 0]
