"""ADCM, ADMH, ADDV: records of events and interventions with analysis dates, made by their specs alone."""

from pathlib import Path

import pandas as pd
import pytest
from read_once import specs_of
from tables import given, shown, supp

from adam.classes import occurrences
from adam.derive.conditions import laid_upon
from pipeline.engine.graph import build_graph
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
SPECS = specs_of("iomab_act")
PEOPLE = """
    USUBJID | TRTSDT     | CARTSDT    | CARTSDY | DTHDT
    1       | 2025-01-10 | 2025-01-16 | 0       | 2025-03-05
    2       | 2025-01-10 | 2025-01-16 | 1       | .
    3       | .          | .          | .       | .
"""


def made(name, records, qualifiers="1 1 OTHER X"):
    """The dataset of a domain's records, data cut 2025-03-31."""
    spec = SPECS.datasets[name].own
    table = f"USUBJID SEQ QNAM QVAL\n{qualifiers}"
    named = {f"supp{spec.of}": supp(spec.of.upper(), f"{spec.of.upper()}SEQ", table)}
    return occurrences(given(spec.of, records), spec, given("subjects", PEOPLE), "2025-03-31", **named)


def flagged(records):
    """ADCM with its conditions."""
    dataset = made("adcm", records)
    return laid_upon(dataset, SPECS.inputs["adcm_conditions"].value(SPECS.decisions), "adcm",
                     given("subjects", PEOPLE), {})  # fmt: skip


def test_a_partial_start_is_its_first_possible_day_and_a_partial_end_its_last_not_after_death_or_data_cut():
    dataset = made("adcm", """
        USUBJID | CMSEQ | CMTRT | CMSTDTC    | CMENDTC
        1       | 1     | A     | 2025-01    | 2025-03
        2       | 2     | B     | 2024       | 2025
        2       | 3     | C     | 2025-01-15 | 2025-01
        2       | 4     | D     | 2025-01-16 | 2025-04-02
        2       | 5     | E     | .          | .
        3       | 6     | F     | 2025-01-16 | .
    """)
    actual, expected = shown(dataset.rename(columns={"CMSEQ": "AESEQ"}), """
        AESEQ | ASEQ | ASTDT      | ASTDTF | AENDT      | AENDTF | ASTDY | AENDY | CARTDY | SRCDOM | SRCVAR | SRCSEQ
        1     | 1    | 2025-01-01 | D      | 2025-03-05 | D      | -9    | 55    | -15    | CM     | CMTRT  | 1
        2     | 2    | 2024-01-01 | M      | 2025-03-31 | M      | -375  | 81    | -381   | CM     | CMTRT  | 2
        3     | 3    | 2025-01-15 | .      | 2025-01-31 | D      | 6     | 22    | -1     | CM     | CMTRT  | 3
        4     | 4    | 2025-01-16 | .      | 2025-04-02 | .      | 7     | 83    | 1      | CM     | CMTRT  | 4
        5     | 1    | .          | .      | .          | .      | .     | .     | .      | CM     | CMTRT  | 5
        6     | 1    | 2025-01-16 | .      | .          | .      | .     | .     | .      | CM     | CMTRT  | 6
    """)
    assert actual == expected


def test_records_are_numbered_by_date_then_sequence():
    dataset = made("admh", """
        USUBJID | MHSEQ | MHTERM | MHSTDTC
        1       | 1     | A      | 2020
        1       | 2     | B      | 2019-12-31
        1       | 3     | C      | 2020-01-01
    """)
    assert dataset.set_index("MHSEQ")["ASEQ"].to_dict() == {1: 2, 2: 1, 3: 3}
    assert (dataset["SRCVAR"].unique().tolist(), dataset["AENDT"].isna().all()) == (["MHTERM"], True)


def test_a_deviation_has_no_end_and_a_domain_without_qualifiers_none():
    spec = SPECS.datasets["addv"].own
    records = given("dv", "USUBJID | DVSEQ | DVTERM | DVSTDTC\n1 | 1 | LATE | 2025-01-17")
    dataset = occurrences(records, spec, given("subjects", PEOPLE), "2025-03-31")
    assert {*spec.names} <= {*dataset.columns}
    assert dataset[["ASTDY", "CARTDY"]].iloc[0].to_list() == [8, 1]


def test_the_qualifiers_that_the_spec_lists_stand_beside_their_record():
    dataset = made("adcm", "USUBJID | CMSEQ | CMTRT\n1 | 1 | A\n1 | 2 | B", "1 2 LOTRESP CR\n1 2 OTHER X")
    assert dataset["LOTRESP"].fillna("").to_list() == ["", "CR"]
    assert "OTHER" not in dataset


@pytest.mark.parametrize(("record", "prior", "concomitant"), [
    ("1 | GENERAL                       | . | 2025-01-09 | 2025-01-09", "Y", "N"),
    ("1 | GENERAL                       | . | 2025-01-09 | 2025-01-10", "Y", "Y"),
    ("1 | GENERAL                       | . | 2025-01-10 | .", "N", "Y"),
    ("1 | GENERAL                       | . | .          | .", ".", "Y"),
    ("1 | PRIOR ANTICANCER THERAPY      | . | .          | .", "Y", "N"),
    ("1 | SUBSEQUENT ANTICANCER THERAPY | . | 2025-02-10 | .", "N", "N"),
    ("3 | GENERAL                       | . | 2025-01-09 | .", ".", "."),
    ("3 | PRIOR ANTICANCER THERAPY      | . | 2024       | .", "Y", "."),
])  # fmt: skip
def test_prior_is_what_began_before_the_first_treatment_and_concomitant_what_had_not_ended_then(
    record, prior, concomitant
):
    subject, rest = record.split("|", 1)
    dataset = flagged(f"USUBJID|CMSEQ|CMTRT|CMCAT|CMDECOD|CMSTDTC|CMENDTC\n{subject}|1|A|{rest}")
    assert dataset[["PREFL", "CONTRTFL"]].fillna(".").iloc[0].to_list() == [prior, concomitant]


@pytest.mark.parametrize(("category", "drug", "flags"), [
    ("BRIDGING | CORTICOSTEROIDS", "DEXAMETHASONE", ["BRIDGEFL"]),
    ("SUBSEQUENT ANTICANCER THERAPY | .", ".", ["SUBSEQFL"]),
    ("CRS-ICANS TREATMENT | TOCILIZUMAB", ".", ["TOCTRTFL"]),
    ("GENERAL | .", "TOCILIZUMAB", ["TOCTRTFL"]),
    ("GENERAL | .", "ACICLOVIR", []),
])  # fmt: skip
def test_what_a_record_was_given_for_is_said_by_its_category_and_drug(category, drug, flags):
    dataset = flagged(f"USUBJID|CMSEQ|CMTRT|CMCAT|CMSCAT|CMDECOD\n1|1|A|{category}|{drug}")
    assert [name for name in ("BRIDGEFL", "TOCTRTFL", "SUBSEQFL") if dataset[name].eq("Y").all()] == flags


@pytest.mark.parametrize("study", studies(ROOT))
def test_a_study_has_the_dataset_of_each_domain_that_it_collects_and_no_condition_of_others(study):
    specs = specs_of(study)
    collected = {f"ad{name}" for name in ("cm", "mh", "dv") if name not in specs.not_collected}
    assert {name for name in build_graph(specs) if name in ("adcm", "admh", "addv")} == collected
    assert {one.of for one in specs.declared.conditions} <= {*specs.datasets}


def test_an_empty_domain_gives_an_empty_dataset_with_its_variables():
    dataset = made("adcm", "USUBJID | CMSEQ | CMTRT")
    assert (len(dataset), {*SPECS.datasets["adcm"].own.names} - {*dataset.columns}) == (
        0, {"PREFL", "CONTRTFL", "BRIDGEFL", "TOCTRTFL", "SUBSEQFL"}
    )  # fmt: skip
    assert isinstance(dataset["ASTDT"].dtype, type(pd.Series(pd.to_datetime([])).dtype))


def test_a_stay_lasts_both_its_days_and_has_no_duration_where_a_date_is_not_whole_or_its_end_before_its_start():
    spec = SPECS.datasets["adho"].own
    records = given("ho", """
        USUBJID | HOSEQ | HODECOD       | HOTERM   | HOSTDTC    | HOENDTC
        1       | 1     | HOSPITAL STAY | HOSPITAL | 2025-01-17 | 2025-01-17
        1       | 2     | HOSPITAL STAY | HOSPITAL | 2025-02-01 | 2025-02-10T08:00
        1       | 3     | HOSPITAL STAY | HOSPITAL | 2025-02-20 | 2025-03
        1       | 4     | HOSPITAL STAY | HOSPITAL | 2025-03-20 | .
        1       | 5     | HOSPITAL STAY | HOSPITAL | 2025-03-21 | 2025-03-16
    """)
    dataset = occurrences(records, spec, given("subjects", PEOPLE), "2025-03-31")

    assert dataset["ADURN"].fillna(-1).tolist() == [1, 10, -1, -1, -1]
