"""All recipes together on a few subjects, on nobody, in another order; and what they must not do."""

import pandas as pd
import pytest
from recipes import everything, recipe_functions
from tables import given, shown, spec, spec_types, supp

pytestmark = pytest.mark.slow


def study():
    """Three subjects: A responds, is transplanted and lives; B dies of CRS; C fails screening."""
    return {
        "dm": given("dm", """
            USUBJID | SUBJID | SITEID | AGE | SEX | RFICDTC
            A       | 1      | 101    | 64  | F   | 2024-12-01
            B       | 2      | 101    | 65  | M   | 2024-12-02
            C       | 3      | 101    | .   | M   | 2024-12-03
        """),
        "suppdm": supp("DM", "", "USUBJID SEQ QNAM QVAL\nA . PARTCD A\nB . PARTCD B"),
        "ds": given("ds", """
            USUBJID | DSCAT              | DSSCAT              | DSDECOD        | DSTERM | DSSTDTC
            A       | PROTOCOL MILESTONE | .                   | ENTERED INTO TRIAL       | .      | 2024-12-10
            B       | PROTOCOL MILESTONE | .                   | ENTERED INTO TRIAL       | .      | 2024-12-11
            B       | DISPOSITION EVENT  | STUDY PARTICIPATION | DEATH          | .      | 2025-01-25
            C       | DISPOSITION EVENT  | .                   | SCREEN FAILURE | Other  | 2024-12-12
        """),
        "ex": given("ex", """
            USUBJID | EXCAT        | EXTRT | EXDOSE | EXSTDTC
            A       | CONDITIONING | IOD   | 50     | 2025-01-04
            A       | CELLS        | AXI   | 100    | 2025-01-10
            B       | CONDITIONING | IOD   | 50     | 2025-01-04
            B       | CELLS        | AXI   | 100    | 2025-01-10
        """),
        "pr": given("pr", """
            USUBJID | PRCAT                         | PRSCAT | PRSTDTC
            A       | LEUKAPHERESIS                 | .      | 2024-12-15
            B       | LEUKAPHERESIS                 | .      | 2024-12-15
            A       | SUBSEQUENT ANTICANCER THERAPY | HSCT   | 2025-05-01
        """),
        "dd": given("dd", """
            USUBJID | DDTESTCD | DDORRES                    | DDSTRESC                 | DDDTC
            B       | PRCDTH   | Cytokine release syndrome  | CYTOKINE RELEASE         | 2025-01-25
            B       | DTHCAT   | Study treatment toxicity   | STUDY TREATMENT TOXICITY | 2025-01-25
        """),
        "ss": given("ss", "USUBJID SSSTRESC SSDTC\nA ALIVE 2026-06-01\nB DEAD 2025-01-25"),
        "tr": given("tr", "USUBJID TRTESTCD TRSTRESC TRDTC\nA PETEVAL Y 2024-12-20\nB PETEVAL Y 2024-12-20"),
        "rs": given("rs", """
            USUBJID | RSCAT                 | RSEVAL       | RSTESTCD | RSSTRESC | VISIT   | RSDTC
            A       | LUGANO CLASSIFICATION | INVESTIGATOR | OVRLRESP | PR       | DAY 30  | 2025-02-10
            A       | LUGANO CLASSIFICATION | INVESTIGATOR | METBRESP | PMR      | DAY 30  | 2025-02-10
            A       | LUGANO CLASSIFICATION | INVESTIGATOR | OVRLRESP | CR       | DAY 100 | 2025-04-20
            A       | ECOG                  | .            | ECOG101  | 1        | DAY 0   | 2024-12-30
            A       | ECOG                  | .            | ECOG101  | 2        | DAY 0   | 2025-01-04
        """),
        "ae": given("ae", """
            USUBJID | AEDECOD                   | AESTDTC    | AEENDTC    | AETOXGR | AEOUT
            B       | Cytokine release syndrome | 2025-01-12 | 2025-01-25 | 4       | FATAL
            A       | Pneumonia                 | 2025-02-01 | 2025-02-05 | 3       | RECOVERED/RESOLVED
        """),
        "suppae": supp("AE", "AESEQ", "USUBJID SEQ QNAM QVAL\nA 1 DLTYN Y\nB 1 DLTYN Y\nB 1 AESICAT CRS"),
    }


@pytest.fixture(scope="module")
def analysed():
    return everything(study())


def test_the_subjects_are_in_the_sets_they_belong_to(analysed):
    actual, expected = shown(analysed["adsl"], """
        USUBJID | COHORT | ENRLFL | SAFFL | INFFL | EASFL | EASEXRSN                | DLTEVLFL | DLTFL | RESPFL
        A       | A      | Y      | Y     | Y     | Y     | .                       | Y        | Y     | Y
        B       | B      | Y      | Y     | Y     | N     | TOXIC DEATH BEFORE SCAN | N        | .     | N
        C       | .      | N      | N     | N     | N     | NOT IN THE SAFETY SET   | N        | .     | N
    """)
    assert actual == expected


def test_the_subjects_have_their_dates_and_status(analysed):
    actual, expected = shown(analysed["adsl"], """
        USUBJID | TRTSDT     | CARTSDT    | HSCTDT     | DTHDT      | LSTALVDT   | EOSSTT         | DATASTAT
        A       | 2025-01-04 | 2025-01-10 | 2025-05-01 | .          | 2026-06-01 | ONGOING        | ONGOING
        B       | 2025-01-04 | 2025-01-10 | .          | 2025-01-25 | 2025-01-10 | DISCONTINUED   | DEAD
        C       | .          | .          | .          | .          | .          | SCREEN FAILURE | SCREEN FAILURE
    """)
    assert actual == expected


def test_the_leukapheresis_of_a_subject_has_its_date_and_record(analysed):
    actual, expected = shown(analysed["subjects"], """
        USUBJID | LEUKDT     | LEUKSEQ | ENRLDT     | SFREAS
        A       | 2024-12-15 | 1       | 2024-12-10 | .
        C       | .          | .       | .          | Other
    """)
    assert actual == expected


def test_ecog_at_baseline_is_the_last_before_the_first_treatment_day(analysed):
    assert analysed["adsl"]["ECOGBL"].tolist()[0] == 1


def test_the_older_age_group_begins_at_the_age_decided(analysed):
    assert analysed["adsl"]["AGEGR1"].fillna(".").tolist() == ["<65", ">=65", "."]


def test_time_to_event_of_the_subjects(analysed):
    actual, expected = shown(analysed["adtte"], """
        USUBJID | PARAMCD | STARTDT    | ADT        | AVAL | CNSR | EVNTDESC
        A       | PFS     | 2025-01-10 | 2025-04-20 | 101  | 3    | Stem-cell transplant
        A       | PFSEMA  | 2025-01-10 | 2025-04-20 | 101  | 4    | Alive without progression
        A       | OS      | 2025-01-10 | 2026-06-01 | 508  | 1    | Alive
        A       | DOR     | 2025-02-10 | 2025-04-20 | 70   | 3    | Stem-cell transplant
        B       | PFS     | 2025-01-10 | 2025-01-25 | 16   | 0    | Death
        B       | OS      | 2025-01-10 | 2025-01-25 | 16   | 0    | Death
    """)
    assert actual == expected


def test_what_else_is_told_of_the_subjects(analysed):
    actual, expected = shown(analysed["adsl"], """
        USUBJID | LEUKFL | RFICDT     | CONDDOSE | EOSDT      | DCSREAS | LSTALVSR
        A       | Y      | 2024-12-01 | 50       | .          | .       | SS.SSDTC 1
        B       | Y      | 2024-12-02 | 50       | 2025-01-25 | DEATH   | EX.EXSTDTC 2
        C       | N      | 2024-12-03 | .        | .          | .       | .
    """)
    assert actual == expected


def test_times_have_their_unit_and_the_record_that_ends_them(analysed):
    actual, expected = shown(analysed["adtte"], """
        USUBJID | PARAMCD | AVALU | CNSDTDSC                 | SRCDOM | SRCVAR | SRCSEQ
        A       | PFS     | DAYS  | Last adequate assessment | RS     | RSDTC  | 3
        A       | OS      | DAYS  | Last known alive         | SS     | SSDTC  | 1
        B       | PFS     | DAYS  | .                        | DD     | DDDTC  | 1
    """)
    assert actual == expected


def test_values_of_crs_have_their_scale_and_source(analysed):
    actual, expected = shown(analysed["adcrs"], """
        USUBJID | PARAMCD  | TOXSCALE   | SRCDOM | SRCVAR  | SRCSEQ
        B       | CRSMAXGR | ASTCT 2019 | AE     | AETOXGR | 1
        B       | CRSONS   | ASTCT 2019 | AE     | AESTDTC | 1
        A       | CRSMAXGR | ASTCT 2019 | .      | .       | .
    """)
    assert actual == expected


def test_time_points_are_numbered_with_their_days_and_window(analysed):
    adrs = analysed["adrs"]
    recorded = adrs[adrs["PARAMCD"] == "OVR"]
    names = ["ADY", "CARTDY", "AWTARGET", "ASEQ", "SRCVAR"]
    assert recorded[names].to_numpy().tolist() == [[38, 31, 30, 8, "RSSTRESC"], [107, 100, 100, 9, "RSSTRESC"]]


def test_events_and_findings_name_their_source(analysed):
    found = everything({"fa": given("fa", "USUBJID FACAT FATESTCD FASTRESC\nA HISTORY STAGE IV")})["adfa"]
    assert analysed["adae"]["SRCVAR"].tolist() == ["AETERM", "AETERM"]
    assert found[["SRCDOM", "SRCVAR", "SRCSEQ"]].to_numpy().tolist() == [["FA", "FASTRESC", 1]]


def test_the_origin_of_survival_may_be_the_first_treatment():
    tte = everything(study(), tte_origin="TREATMENT")["adtte"]
    assert tte.loc[tte["PARAMCD"] == "OS", "AVAL"].tolist() == [514, 22]


def test_a_death_of_crs_is_grade_5(analysed):
    crs = analysed["adcrs"]
    assert crs.loc[crs["PARAMCD"] == "CRSMAXGR", "AVAL"].tolist() == [0, 5]


def test_each_infused_subject_has_one_record_per_parameter(analysed):
    for name, once in (("adcrs", 17), ("adrs", 9)):
        records = analysed[name]
        records = records[~records["PARAMCD"].isin(["OVR", "OVRD", "CRSEP", "ICAEP"])]  # by assessment, by episode
        assert records.groupby(["USUBJID", "PARAMCD"]).size().eq(1).all()
        assert records.groupby("USUBJID").size().tolist() == [once, once]


SOURCES = ("SRCDOM", "SRCVAR", "SRCSEQ"), ("LALVDOM", "LALVVAR", "LALVSEQ"), ("NACTDOM", None, "NACTSEQ")


@pytest.mark.parametrize(("dom", "var", "seq"), SOURCES)
def test_every_source_is_a_record_that_was_given_and_a_variable_that_it_has(analysed, dom, var, seq):
    found = [made for made in (analysed[name] for name in recipe_functions()) if dom in made and seq in made]
    records = pd.concat(found).dropna(subset=[dom])
    assert len(records)
    for row in records.to_dict("records"):
        domain = row[dom].lower()
        given_to = study()[domain].query("USUBJID == @row['USUBJID']")
        assert row[seq] in given_to[f"{row[dom]}SEQ"].tolist(), row
        assert var is None or row[var] in spec_types(domain), row


@pytest.mark.parametrize(("dataset", "labels"), [
    ("adrs", {
        "OVR": "Overall Response by Investigator", "OVRD": "Overall Response Derived from PET and CT",
        "BOR": "Best Overall Response", "ORR": "Objective Response (CR or PR)",
        "ORRBEST": "Objective Response Through Day 100 Window", "CRD30": "Complete Response at Day 30",
        "CRD100": "Complete Response at Day 100", "CRBEST": "Complete Response Through Day 100 Window",
        "RSP": "First Response (CR or PR)", "PD": "First Progression", "LSTA": "Last Adequate Assessment",
    }),
    ("adcrs", {
        "CRSMAXGR": "CRS Maximum Grade", "CRSONS": "CRS Onset Day (infusion day = 1)",
        "CRSDUR": "CRS Duration of First Episode (days)", "CRSTOCI": "CRS Tocilizumab Given",
        "CRSSTER": "CRS Corticosteroid Given", "CRSDERGR": "CRS Maximum Grade from Daily Components",
        "CRSDAYGR": "CRS Maximum Daily Grade by Investigator", "ICANSMAX": "ICANS Maximum Grade",
        "ICANSONS": "ICANS Onset Day (infusion day = 1)", "ICANSDUR": "ICANS Duration of First Episode (days)",
        "ICANSTOC": "ICANS Tocilizumab Given", "ICANSSTE": "ICANS Corticosteroid Given",
        "ICADERGR": "ICANS Maximum Grade from Daily Components",
        "ICADAYGR": "ICANS Maximum Daily Grade by Investigator", "ICEMIN": "ICANS Lowest ICE Score",
        "CRSEPN": "CRS Number of Episodes", "CRSEP": "CRS Maximum Grade of the Episode",
        "ICAEPN": "ICANS Number of Episodes",
    }),
])
def test_each_parameter_has_the_label_of_the_plan(analysed, dataset, labels):
    made = analysed[dataset]
    assert dict(zip(made["PARAMCD"], made["PARAM"], strict=True)) == labels


def test_responses_as_numbers_days_and_windows(analysed):
    actual, expected = shown(analysed["adrs"], """
        USUBJID | PARAMCD | AVALC   | AVAL | ADT        | ADY | CARTDY | VISIT   | AVISIT  | ANL01FL | SRCDOM | SRCVAR
        A       | BOR     | CR      | 1    | 2025-04-20 | 107 | 100    | DAY 100 | Day 100 | Y       | RS     | RSSTRESC
        A       | RSP     | Y       | 1    | 2025-02-10 | 38  | 31     | DAY 30  | Day 30  | Y       | RS     | RSSTRESC
        A       | PD      | N       | 0    | .          | .   | .      | .       | .       | Y       | .      | .
        A       | LSTA    | Y       | 1    | 2025-04-20 | 107 | 100    | DAY 100 | Day 100 | Y       | RS     | RSSTRESC
        A       | CRD30   | N       | 0    | .          | .   | .      | .       | .       | Y       | .      | .
        A       | CRD100  | Y       | 1    | 2025-04-20 | 107 | 100    | DAY 100 | Day 100 | Y       | RS     | RSSTRESC
        B       | BOR     | MISSING | 6    | .          | .   | .      | .       | .       | Y       | .      | .
    """)
    assert actual == expected


def test_nobody_gives_empty_datasets():
    datasets = everything({})
    assert {name: len(datasets[name]) for name in recipe_functions()} == dict.fromkeys(recipe_functions(), 0)


def test_the_order_of_the_records_does_not_matter(analysed):
    turned = {domain: dataset.iloc[::-1].reset_index(drop=True) for domain, dataset in study().items()}
    again = everything(turned)
    for name in recipe_functions():
        keys = spec(name)["keys"]
        first, second = (made[name].sort_values(keys, ignore_index=True) for made in (analysed, again))
        pd.testing.assert_frame_equal(first, second)


def test_recipes_do_not_change_what_they_are_given():
    datasets = study()
    everything(datasets)
    for domain, dataset in study().items():
        pd.testing.assert_frame_equal(datasets[domain], dataset)


def test_a_recipe_that_forgets_a_variable_of_its_spec_is_found_out(monkeypatch):
    forgetful = {"enrolled_set": lambda cutoff: pd.DataFrame({"STUDYID": []})}
    monkeypatch.setattr("recipes.recipe_functions", lambda: forgetful)
    with pytest.raises(KeyError, match="ENRLFL"):
        everything({})
