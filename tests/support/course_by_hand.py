"""Nine subjects told in SDTM, and what the analysis plan makes of them by hand (days counted on a calendar).

A1 responds and progresses; A2 gets conditioning alone, and has a DLT; B1 has no scan before a new therapy; B2 is
transplanted in response; B3 dies after two missed assessments; S1 was screened and no more. A3 is observed a day short
of three quarters of the DLT period; B4 is scanned, and B5 progresses, on the day on which another therapy starts.
"""

import pandas as pd
from tables import table

SDTM = {
    "DM": "USUBJID\nA1\nA2\nA3\nB1\nB2\nB3\nB4\nB5\nS1",
    "SUPPDM": """
        USUBJID QNAM   QVAL
        A1      PARTCD A
        A2      PARTCD A
        A3      PARTCD A
        B4      PARTCD B
        B5      PARTCD B
        B1      PARTCD B
        B2      PARTCD B
        B3      PARTCD B""",
    "DS": """
        USUBJID|DSSEQ|DSDECOD              |DSCAT             |DSSTDTC
        A1     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-01-01
        A2     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-01-20
        A2     |2    |WITHDRAWAL BY SUBJECT|DISPOSITION EVENT |2025-02-16
        A3     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-01-20
        B4     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-02-01
        B5     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-02-01
        B1     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-02-01
        B2     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-02-01
        B3     |1    |ENTERED INTO TRIAL   |PROTOCOL MILESTONE|2025-02-01
        S1     |1    |SCREEN FAILURE       |DISPOSITION EVENT |2025-02-01""",
    "EX": """
        USUBJID EXCAT        EXDOSE EXSTDTC
        A1      CONDITIONING 50     2025-01-10T10:00
        A1      CELLS        .      2025-01-20T11:00
        A2      CONDITIONING 50     2025-02-01
        A2      CELLS        0      2025-02-08
        A3      CONDITIONING 50     2025-02-01
        A3      CELLS        90     2025-02-10
        B4      CELLS        90     2025-03-10
        B5      CELLS        90     2025-03-10
        B1      CONDITIONING 50     2025-03-01
        B1      CELLS        90     2025-03-10
        B2      CONDITIONING 50     2025-03-01
        B2      CELLS        90     2025-03-10
        B3      CELLS        90     2025-03-10""",
    "PR": """
        USUBJID|PRCAT                        |PRSCAT|PROCCUR|PRSTDTC
        A1     |LEUKAPHERESIS                |      |Y      |2025-01-02
        A2     |LEUKAPHERESIS                |      |Y      |2025-01-22
        B1     |LEUKAPHERESIS                |      |Y      |2025-02-02
        B2     |LEUKAPHERESIS                |      |       |2025-02-02
        B3     |LEUKAPHERESIS                |      |N      |2025-02-02
        B2     |SUBSEQUENT ANTICANCER THERAPY|HSCT  |       |2025-06-01""",
    "CM": """
        USUBJID|CMCAT                        |CMOCCUR|CMSTDTC
        B1     |SUBSEQUENT ANTICANCER THERAPY|       |2025-05-01
        A3     |SUBSEQUENT ANTICANCER THERAPY|       |2025-03-02
        B4     |SUBSEQUENT ANTICANCER THERAPY|       |2025-05-01
        B5     |SUBSEQUENT ANTICANCER THERAPY|       |2025-06-01
        B1     |GENERAL                      |       |2025-03-12""",
    "DD": """
        USUBJID|DDTESTCD|DDSTRESC           |DDDTC
        A1     |DTHCAT  |DISEASE PROGRESSION|2025-09-10
        B3     |DTHCAT  |OTHER              |2025-11-30""",
    "SS": "USUBJID SSSTRESC SSDTC\nB1 ALIVE 2025-08-01\nB1 UNKNOWN 2025-09-01\nB2 ALIVE 2025-10-01",
    "VS": "USUBJID VSDTC\nA1 2025-09-01\nA2 2025-02-15\nA3 2025-04-01\nB1 2026-01-05",  # the last after the cut
    "TR": "USUBJID TRTESTCD TRSTRESC TREVAL TRDTC\nA1 PETEVAL Y INVESTIGATOR 2025-01-08",
    "RS": """
        USUBJID|RSSEQ|RSTESTCD|RSCAT                |RSSTRESC|RSEVAL              |RSDTC
        A1     |1    |OVRLRESP|LUGANO CLASSIFICATION|PR      |INVESTIGATOR        |2025-02-20
        A1     |2    |OVRLRESP|LUGANO CLASSIFICATION|CR      |INVESTIGATOR        |2025-04-30
        A1     |3    |OVRLRESP|LUGANO CLASSIFICATION|PD      |INVESTIGATOR        |2025-07-25
        A1     |4    |OVRLRESP|LUGANO CLASSIFICATION|PD      |INDEPENDENT ASSESSOR|2025-02-20
        A3     |1    |OVRLRESP|LUGANO CLASSIFICATION|SD      |INVESTIGATOR        |2025-02-01
        B4     |1    |OVRLRESP|LUGANO CLASSIFICATION|PR      |INVESTIGATOR        |2025-05-01
        B5     |1    |OVRLRESP|LUGANO CLASSIFICATION|PD      |INVESTIGATOR        |2025-06-01
        B1     |1    |OVRLRESP|LUGANO CLASSIFICATION|ND      |INVESTIGATOR        |2025-04-10
        B2     |1    |OVRLRESP|LUGANO CLASSIFICATION|CR      |INVESTIGATOR        |2025-04-10
        B2     |2    |OVRLRESP|LUGANO CLASSIFICATION|PD      |INVESTIGATOR        |2025-10-01
        B3     |1    |OVRLRESP|LUGANO CLASSIFICATION|SD      |INVESTIGATOR        |2025-04-12""",
    "AE": """
        USUBJID|AESEQ|AEDECOD                  |AEBODSYS|AESER|AETOXGR|AEOUT             |AESTDTC   |AEENDTC
        A1     |1    |Cytokine release syndrome|Immune  |N    |2      |RECOVERED/RESOLVED|2025-01-22|2025-01-25
        A1     |2    |Cytokine release syndrome|Immune  |Y    |3      |RECOVERED/RESOLVED|2025-01-26|2025-01-28
        A1     |3    |Cytokine release syndrome|Immune  |N    |1      |RECOVERED/RESOLVED|2025-02-05|2025-02-07
        A1     |4    |Headache                 |Nervous |N    |1      |RECOVERED/RESOLVED|2025-01-05|2025-01-06
        A1     |5    |Nausea                   |Gastro  |N    |2      |RECOVERED/RESOLVED|2025-01   |.
        A1     |6    |Fatigue                  |General |N    |1      |RECOVERED/RESOLVED|2025-05-01|2025-05-02
        A1     |7    |Cough                    |Chest   |N    |1      |RECOVERED/RESOLVED|2025-04-30|2025-05-02
        A2     |1    |Thrombocytopenia         |Blood   |Y    |4      |RECOVERED/RESOLVED|2025-02-10|2025-02-14
        B1     |1    |Neurotoxicity            |Nervous |N    |2      |RECOVERED/RESOLVED|2025-03   |2025-03-20
        B2     |1    |Neurotoxicity            |Nervous |N    |1      |RECOVERED/RESOLVED|2025-03-15|2025-03-17
        B3     |1    |Sepsis                   |Infect  |Y    |4      |FATAL             |2025-03-20|2025-11-30""",
    "SUPPAE": """
        USUBJID IDVARVAL QNAM    QVAL
        A1      1        AESICAT CRS
        A1      2        AESICAT CRS
        A1      3        AESICAT CRS
        A2      1        DLTYN   Y
        B1      1        AESICAT ICANS
        B2      1        AESICAT ICANS""",
    "LB": """
        USUBJID LBSEQ LBTESTCD LBSTRESC LBSTRESN LBSTRESU LBSTNRLO LBSTNRHI LBDTC
        A1      1     NEUT     4        4        10^9/L   1.5      7        2025-01-08
        A1      2     NEUT     <0.1     .        10^9/L   1.5      7        2025-01-25
        A1      3     HGB      110      110      g/L      120      160      2025-01-08
        A1      4     HGB      80       80       g/L      120      160      2025-01-25
        A1      5     PLAT     75       75       10^9/L   150      400      2025-01-25
        A1      6     ALT      60       60       U/L      .        40       2025-01-08
        A1      7     ALT      90       90       U/L      .        40       2025-01-25
        A1      8     AST      120      120      U/L      .        40       2025-01-25
        A1      9     BILI     30       30       umol/L   .        20       2025-01-25
        A1      10    CREAT    60       60       umol/L   .        100      2025-01-08
        A1      11    CREAT    100      100      umol/L   .        100      2025-01-25
        A1      12    WBC      3.5      3.5      10^9/L   .        10       2025-01-25
        A1      13    LYM      0.5      0.5      10^9/L   1.0      4        2025-01-25
        A1      14    LYM      0.1      0.1      10^9/L   1.0      4        2025-05-01
        B1      1     NEUT     0.4      0.4      10^9/L   1.5      7        2025-05-02
        B3      1     NEUT     1.0      1.0      10^9/L   1.5      7        2025-03-10""",
}

ADSL = """
    USUBJID|ENRLFL|ITTFL|SAFFL|INFFL|EASFL|EASEXRSN    |COHORT|DLTEVLFL|DLTEVLRS  |DLTFL
    A1     |Y     |Y    |Y    |Y    |Y    |            |A     |Y       |COMPLETE  |N
    A2     |Y     |Y    |Y    |N    |N    |WITHDREW    |A     |Y       |DLT       |Y
    A3     |Y     |N    |Y    |Y    |N    |ALIVE NO SCAN|A     |N       |<75 % NO DLT|.
    B4     |Y     |N    |Y    |Y    |Y    |            |B     |N       |NOT PART A|.
    B5     |Y     |N    |Y    |Y    |Y    |            |B     |N       |NOT PART A|.
    B1     |Y     |Y    |Y    |Y    |N    |ALIVE NO SCAN|B    |N       |NOT PART A|.
    B2     |Y     |Y    |Y    |Y    |Y    |            |B     |N       |NOT PART A|.
    B3     |Y     |N    |Y    |Y    |Y    |            |B     |N       |NOT PART A|.
    S1     |N     |N    |N    |N    |N    |NOT TREATED |      |N       |NOT PART A|."""
DATES = """
    USUBJID CONDSDT    CARTSDT    TRTSDT     DTHDT      LSTALVDT   NACTDT
    A1      2025-01-10 2025-01-20 2025-01-10 2025-09-10 2025-09-01 .
    A2      2025-02-01 .          2025-02-01 .          2025-02-15 .
    A3      2025-02-01 2025-02-10 2025-02-01 .          2025-04-01 2025-03-02
    B4      .          2025-03-10 2025-03-10 .          2025-05-01 2025-05-01
    B5      .          2025-03-10 2025-03-10 .          2025-06-01 2025-06-01
    B1      2025-03-01 2025-03-10 2025-03-01 .          2025-08-01 2025-05-01
    B2      2025-03-01 2025-03-10 2025-03-01 .          2025-10-01 2025-06-01
    B3      .          2025-03-10 2025-03-10 2025-11-30 2025-04-12 .
    S1      .          .          .          .          .          ."""
ADRS = """
    USUBJID BOR     CRD30 CRD100 CRBEST
    A1      CR      N     Y      Y
    B1      MISSING N     N      N
    A3      MISSING N     N      N
    B4      MISSING N     N      N
    B5      MISSING N     N      N
    B2      CR      Y     N      Y
    B3      SD      N     N      N"""
ADTTE = """
    USUBJID PARAMCD AVAL CNSR ADT
    A1      PFS     187  0    2025-07-25
    A1      PFSEMA  187  0    2025-07-25
    A1      OS      234  0    2025-09-10
    A1      DOR     156  0    2025-07-25
    A1      RFS     87   0    2025-07-25
    A3      PFS     1    2    2025-02-10
    A3      PFSEMA  1    5    2025-02-10
    A3      OS      51   1    2025-04-01
    B4      PFS     53   2    2025-05-01
    B4      PFSEMA  53   4    2025-05-01
    B4      OS      53   1    2025-05-01
    B5      PFS     84   0    2025-06-01
    B5      PFSEMA  84   0    2025-06-01
    B5      OS      84   1    2025-06-01
    B1      PFS     1    2    2025-03-10
    B1      PFSEMA  1    5    2025-03-10
    B1      OS      145  1    2025-08-01
    B2      PFS     32   3    2025-04-10
    B2      PFSEMA  206  0    2025-10-01
    B2      OS      206  1    2025-10-01
    B2      DOR     1    3    2025-04-10
    B2      RFS     1    3    2025-04-10
    B3      PFS     34   1    2025-04-12
    B3      PFSEMA  266  0    2025-11-30
    B3      OS      266  0    2025-11-30"""
ADCRS = """
    USUBJID CRSMAXGR CRSONS CRSDUR ICANSMAX ICANSONS ICANSDUR
    A1      3        3      7      0        .        .
    B1      0        .      .      2        .        .
    B2      0        .      .      1        6        3
    B3      0        .      .      0        .        .
    A3      0        .      .      0        .        .
    B4      0        .      .      0        .        .
    B5      0        .      .      0        .        ."""
ADAE = """
    USUBJID AESEQ AEDECOD                   TRTEMFL ATOXGRN
    A1      1     Cytokine_release_syndrome Y       2
    A1      2     Cytokine_release_syndrome Y       3
    A1      3     Cytokine_release_syndrome Y       1
    A1      4     Headache                  .       1
    A1      5     Nausea                    Y       2
    A1      6     Fatigue                   .       1
    A1      7     Cough                     Y       1
    A2      1     Thrombocytopenia          Y       4
    B1      1     Neurotoxicity             Y       2
    B2      1     Neurotoxicity             Y       1
    B3      1     Sepsis                    Y       5"""
ADLB = """
    USUBJID PARAMCD ONTRTFL ATOXGRL ATOXGRH
    A1      NEUT    Y       4       .
    A1      NEUT    .       0       .
    A1      HGB     Y       2       .
    A1      PLAT    Y       1       .
    A1      ALT     Y       .       1
    A1      AST     Y       .       1
    A1      BILI    Y       .       1
    A1      CREAT   Y       .       2
    A1      WBC     Y       .       0
    A1      LYM     Y       2       0
    B1      NEUT    .       4       .
    B3      NEUT    Y       2       ."""


def _long(text: str, value: str) -> pd.DataFrame:
    """A record per subject and parameter."""
    return table(text).melt("USUBJID", var_name="PARAMCD", value_name=value)


def adam() -> dict[str, pd.DataFrame]:
    """ADaM as the plan asks for it, by name; every call makes it anew, so that a test may change it."""
    adsl, dates = table(ADSL), table(DATES).set_index("USUBJID").apply(pd.to_datetime)
    adtte = table(ADTTE).astype({"AVAL": "float64", "CNSR": "float64"})
    return {
        "ADSL": adsl.merge(dates, left_on="USUBJID", right_index=True),
        "ADRS": _long(ADRS, "AVALC"),
        "ADTTE": adtte.assign(ADT=pd.to_datetime(adtte["ADT"])),
        "ADCRS": _long(ADCRS, "AVAL").astype({"AVAL": "float64"}),
        "ADAE": table(ADAE).astype({"AESEQ": "float64", "ATOXGRN": "float64"}),
        "ADLB": table(ADLB),
    }


def sdtm() -> dict[str, pd.DataFrame]:
    """The SDTM by name."""
    return {name: table(text) for name, text in SDTM.items()}
