"""Response at one time point by the Lugano classification (analysis plan 2.2 and 2.4, clarifications 6 and 22)."""

import itertools

import pandas as pd
import pytest

from adam.criteria.lugano import (
    anatomic_response,
    metabolic_response,
    overall_response,
    standard_anatomic,
    standard_metabolic,
)


def test_metabolic_response_row_by_row(table):
    pets = table("""
        case                                       |DONE|EVAL|BASEAVID|SCORE|UPTAKE|NEW|MARROW|MARRPREV|result
        not done                                   |N   |    |Y       |     |      |   |      |        |ND
        not interpretable                          |Y   |N   |Y       |     |      |N  |N     |N       |NE
        no FDG-avid baseline to compare            |Y   |Y   |N       |2    |DEC   |N  |N     |N       |NE
        no baseline PET at all                     |Y   |Y   |        |2    |DEC   |N  |N     |N       |NE
        new FDG-avid focus                         |Y   |Y   |Y       |2    |DEC   |Y  |N     |N       |PMD
        new or recurrent marrow focus              |Y   |Y   |Y       |2    |DEC   |N  |Y     |N       |PMD
        4 and uptake increased                     |Y   |Y   |Y       |4    |INC   |N  |N     |N       |PMD
        5 and uptake increased                     |Y   |Y   |Y       |5    |INC   |N  |N     |N       |PMD
        1, no marrow focus, nothing new            |Y   |Y   |Y       |1    |DEC   |N  |N     |N       |CMR
        2                                          |Y   |Y   |Y       |2    |DEC   |N  |N     |N       |CMR
        3                                          |Y   |Y   |Y       |3    |DEC   |N  |N     |N       |CMR
        3 although uptake increased                |Y   |Y   |Y       |3    |INC   |N  |N     |N       |CMR
        3, marrow focus of the baseline gone       |Y   |Y   |Y       |3    |DEC   |N  |N     |Y       |CMR
        1-3 with a persisting marrow focus         |Y   |Y   |Y       |3    |DEC   |N  |Y     |Y       |PMR
        4 and uptake reduced                       |Y   |Y   |Y       |4    |DEC   |N  |N     |N       |PMR
        5 and uptake reduced, marrow persisting    |Y   |Y   |Y       |5    |DEC   |N  |Y     |Y       |PMR
        4, no significant change                   |Y   |Y   |Y       |4    |NC    |N  |N     |N       |SMD
        X is not scored                            |Y   |Y   |Y       |X    |DEC   |N  |N     |N       |NE
        X with a new focus                         |Y   |Y   |Y       |X    |DEC   |Y  |N     |N       |PMD
        score missing                              |Y   |Y   |Y       |     |DEC   |N  |N     |N       |NE
        change of uptake missing                   |Y   |Y   |Y       |4    |      |N  |N     |N       |NE
        new focus not answered                     |Y   |Y   |Y       |2    |DEC   |   |N     |N       |NE
        marrow focus, state before unknown         |Y   |Y   |Y       |2    |DEC   |N  |Y     |        |NE
        whether done is missing                    |    |Y   |Y       |2    |DEC   |N  |N     |N       |NE
        """)  # fmt: skip
    assert metabolic_response(pets).tolist() == pets["result"].tolist()


def test_nmr_as_collected_is_smd_as_submitted():
    collected = pd.Series(["CMR", "PMR", "NMR", "PMD", "NE", "ND", None, "?"])
    assert standard_metabolic(collected).tolist() == ["CMR", "PMR", "SMD", "PMD", "NE", "ND", "ND", "NE"]


def test_every_way_to_write_a_metabolic_result_has_its_submission_value():
    written = {"CR": "CMR", "PR": "PMR", "SD": "SMD", "PD": "PMD", "NMR": "SMD", "NOT DONE": "ND", "NONE": "ND",
               "CMR": "CMR", "PMR": "PMR", "SMD": "SMD", "PMD": "PMD", "NE": "NE", "ND": "ND", "X": "NE"}  # fmt: skip
    assert standard_metabolic(pd.Series(list(written))).tolist() == list(written.values())


def test_every_way_to_write_a_ct_result_has_its_submission_value():
    written = {"CAR": "CR", "PAR": "PR", "SAD": "SD", "PAD": "PD", "NOT DONE": "ND", "NONE": "ND",
               "CR": "CR", "PR": "PR", "SD": "SD", "PD": "PD", "NE": "NE", "ND": "ND", "X": "NE"}  # fmt: skip
    assert standard_anatomic(pd.Series(list(written))).tolist() == list(written.values())


def test_target_non_target_and_new_lesion_row_by_row(table):
    given = table("""
        target|non_target|new|ct
        CR    |CR        |N  |CR
        CR    |          |N  |CR
        CR    |SD        |N  |PR
        CR    |NE        |N  |PR
        PR    |CR        |N  |PR
        PR    |SD        |N  |PR
        PR    |NE        |N  |PR
        PR    |          |N  |PR
        SD    |CR        |N  |SD
        SD    |SD        |N  |SD
        SD    |NE        |N  |SD
        SD    |          |N  |SD
        NE    |CR        |N  |NE
        NE    |SD        |N  |NE
        NE    |NE        |N  |NE
        NE    |          |N  |NE
        PD    |CR        |N  |PD
        PD    |NE        |U  |PD
        CR    |PD        |N  |PD
        NE    |PD        |U  |PD
        CR    |CR        |Y  |PD
        NE    |NE        |Y  |PD
              |CR        |N  |CR
              |SD        |N  |SD
        CR    |CR        |U  |NE
        SD    |SD        |U  |NE
        CR    |CR        |   |NE
              |NE        |N  |NE
              |          |N  |NE
        ND    |ND        |N  |ND
        ND    |          |   |ND
        """)
    found = anatomic_response(given["target"], given["non_target"], given["new"])
    assert found.tolist() == given["ct"].tolist()


def test_spleen_and_marrow_hold_back_a_response(table):
    given = table("""
        case                                             |target|spleen|marrow|ct
        spleen never enlarged                            |CR    |      |      |CR
        spleen normal again, marrow clear                |CR    |CR    |CR    |CR
        spleen regressed, not normal                     |CR    |PR    |      |PR
        spleen enlarged at baseline, not measured        |CR    |NE    |      |PR
        spleen not regressed by half                     |PR    |SD    |      |SD
        spleen progressed                                |CR    |PD    |      |PD
        marrow involved at baseline, not checked again   |CR    |      |NE    |PR
        marrow still involved                            |CR    |      |SD    |PR
        marrow newly involved                            |CR    |      |PD    |PD
        marrow does not hold back a PR                   |PR    |      |NE    |PR
        """)
    clear, no = pd.Series("CR", index=given.index), pd.Series("N", index=given.index)
    found = anatomic_response(given["target"], clear, no, given["spleen"], given["marrow"])
    assert found.tolist() == given["ct"].tolist()


def test_any_progression_on_ct_is_pd_whatever_else_is_said():
    states, ntl, new = ["CR", "PR", "SD", "NE", None], ["CR", "SD", "NE", None], ["Y", "N", "U", None]
    cases = pd.DataFrame(itertools.product([*states, "PD"], [*ntl, "PD"], new), columns=["t", "n", "new"])
    found = anatomic_response(cases["t"], cases["n"], cases["new"])
    progressed = cases["t"].eq("PD") | cases["n"].eq("PD") | cases["new"].eq("Y")
    assert found.eq("PD").tolist() == progressed.tolist()


OVERALL = """
    pet |ct|proven|overall
    PMD |CR|N     |PD
    PMD |NE|N     |PD
    PMD |  |N     |PD
    CMR |CR|N     |CR
    CMR |PR|N     |CR
    CMR |SD|N     |CR
    CMR |NE|N     |CR
    CMR |  |N     |CR
    CMR |ND|N     |CR
    CMR |PD|Y     |PD
    CMR |PD|N     |CR
    CMR |PD|      |CR
    PMR |CR|N     |PR
    PMR |PR|N     |PR
    PMR |SD|N     |PR
    PMR |NE|N     |PR
    PMR |ND|N     |PR
    PMR |PD|N     |PD
    NMR |CR|N     |SD
    NMR |PR|N     |SD
    NMR |SD|N     |SD
    SMD |NE|N     |SD
    SMD |ND|N     |SD
    NMR |PD|N     |PD
    ND  |CR|N     |PR
    ND  |PR|N     |PR
    ND  |SD|N     |SD
    ND  |PD|N     |PD
    ND  |NE|N     |NE
    ND  |ND|N     |ND
        |  |      |ND
    NE  |PD|N     |PD
    NE  |CR|N     |NE
    NE  |PR|N     |NE
    NE  |SD|N     |NE
    NE  |NE|N     |NE
    NE  |ND|N     |NE
    """


def overall(given: pd.DataFrame, rule: str = "NE", needs_pet: str = "Y") -> list:
    return overall_response(
        given["pet"], given["ct"], given["proven"], ne_pet_rule=rule, ct_cr_needs_pet=needs_pet
    ).tolist()


def test_overall_response_row_by_row(table):
    given = table(OVERALL)
    assert overall(given) == given["overall"].tolist()


def test_the_rule_for_a_pet_that_is_not_evaluable_changes_only_those_rows(table):
    given = table("""
        ct|NE|CT_CAPPED_SD|CT
        CR|NE|SD          |PR
        PR|NE|SD          |PR
        SD|NE|SD          |SD
        PD|PD|PD          |PD
        NE|NE|NE          |NE
        ND|NE|NE          |NE
        """).assign(pet="NE", proven="N")
    for rule in ("NE", "CT_CAPPED_SD", "CT"):
        assert overall(given, rule) == given[rule].tolist(), rule
    others = table(OVERALL).query('pet != "NE"')
    assert overall(others, "CT") == others["overall"].tolist()


def test_a_ct_cr_without_pet_is_cr_where_the_protocol_does_not_ask_for_pet():
    given = pd.DataFrame({"pet": ["ND", "NE"], "ct": ["CR", "CR"], "proven": ["N", "N"]})
    assert overall(given, "CT", needs_pet="N") == ["CR", "CR"]


def test_the_published_test_rows_come_out_under_their_own_rule(table):
    given = table("""
        pet     |ct |overall
        NMR     |SAD|SD
        PMR     |PAR|PR
        CMR     |PAR|CR
        PMD     |PAR|PD
                |PAD|PD
        NMR     |PAR|SD
        NE      |PAR|SD
        NOT DONE|PAR|PR
        NE      |SAD|SD
        PMR     |NE |PR
        CMR     |   |CR
        ND      |NE |ND
        """).assign(proven="N")
    assert overall(given, "CT_CAPPED_SD") == given["overall"].tolist()


def test_an_unknown_rule_is_refused():
    given = pd.DataFrame({"pet": ["NE"], "ct": ["CR"], "proven": ["N"]})
    with pytest.raises(ValueError, match="NE_PET_RULE"):
        overall(given, "PET")
    with pytest.raises(ValueError, match="CT_CR_NEEDS_PET"):
        overall(given, needs_pet="maybe")


def test_columns_without_any_value_mean_not_done():
    empty = pd.Series([None, None], dtype="float")
    given = pd.DataFrame({"pet": empty, "ct": empty, "proven": empty})
    assert overall(given) == ["ND", "ND"]
