"""Baseline characteristics: the last before the first treatment day, disease history, prior lines."""

from tables import given, shown, supp

from adam.course.baseline import baseline


def characteristics(**domains):
    empty = {
        "fa": "USUBJID FACAT FATESTCD FASTRESC", "rs": "USUBJID RSTESTCD RSSTRESC RSDTC",
        "vs": "USUBJID VSTESTCD VSSTRESN VSDTC", "cm": "USUBJID CMCAT CMSCAT CMGRPID", "pr": "USUBJID PRCAT",
    }  # fmt: skip
    suppcm = supp("CM", "CMSEQ", domains.pop("suppcm", "USUBJID SEQ QNAM QVAL"))
    tables = {name: given(name, domains.get(name, header)) for name, header in empty.items()}
    treated = given("exposure", "USUBJID TRTSDT\n1 2025-03-04")
    return baseline(given("dm", "USUBJID\n1\n2"), **tables, suppcm=suppcm, exposure=treated)


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
