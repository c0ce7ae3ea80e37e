"""Family `categories`: counts, proportions, levels and summaries as they print."""

import random

import pandas as pd
import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects
from walk import counted_again, parts_of_wholes

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.templates import categories


def made(output, **data):
    return families.results(categories, output, data | {"decisions": DECISIONS})


def page(output, **data):
    return families.page(categories, output, made(output, **data))


@pytest.mark.parametrize(
    ("x", "n", "rate", "interval"),
    [  # analysis plan 6.3, 1.4 and the study's expected headline results
        (2, 8, "2/8 (25.0)", "(3.2, 65.1)"),
        (13, 33, "13/33 (39.4)", "(22.9, 57.9)"),
        (19, 43, "19/43 (44.2)", "(29.1, 60.1)"),
        (6, 53, "6/53 (11.3)", "(4.3, 23.0)"),
        (0, 6, "0/6 (0.0)", "(0.0, 45.9)"),
        (3, 6, "3/6 (50.0)", "(11.8, 88.2)"),
        (12, 12, "12/12 (100)", "(73.5, 100.0)"),
    ],
)
def test_a_proportion_prints_with_its_denominator_and_its_exact_interval(x, n, rate, interval):
    row = {"count": "Response", "where": 'RESPFL == "Y"', "interval": "exact", "show": "{n:x}/{N:x} ({pct:x.x})"}
    rows = printed(page(shell(rows=[row]), adsl=subjects(n, RESPFL=["Y"] * x + ["N"] * (n - x))))
    assert rows["Response"] == (rate,)
    assert rows["95% CI"] == (interval,)


def test_the_label_of_an_interval_follows_the_decision_on_its_coverage():
    row = {"count": "Response", "where": 'RESPFL == "Y"', "interval": "exact"}
    data = {"adsl": subjects(4, RESPFL="Y"), "decisions": DECISIONS | {"ci_level": 0.9}}
    results = families.results(categories, shell(rows=[row]), data)
    assert "90% CI" in printed(families.page(categories, shell(rows=[row]), results))


@pytest.mark.parametrize(("n", "cell"), [(9, "3"), (10, "3 (30.0)"), (12, "3 (25.0)")])
def test_counts_of_fewer_than_ten_subjects_have_no_percentage(n, cell):
    row = {"count": "Bulky", "where": 'BULKYFL == "Y"'}
    assert printed(page(shell(rows=[row]), adsl=subjects(n, BULKYFL=["Y"] * 3 + ["N"] * (n - 3))))["Bulky"] == (cell,)


def test_a_shell_that_asks_for_a_percentage_has_it_for_any_number():
    row = {"count": "Bulky", "where": 'BULKYFL == "Y"', "show": "{n:x}/{N:x} ({pct:x.x})"}
    assert printed(page(shell(rows=[row]), adsl=subjects(4, BULKYFL=["Y", "N", "N", "N"])))["Bulky"] == ("1/4 (25.0)",)


def test_a_level_nobody_has_prints_and_what_is_no_level_does_not_vanish():
    row = {"levels": "Grade", "variable": "GRADE", "values": ["0", "1", "2"]}
    grades = [0, 0, 0, 0, 0, 0, 0, 1, 7, None]
    rows = printed(page(shell(rows=[row]), adsl=subjects(10, GRADE=grades)))
    assert rows == {
        "Grade": ("",), "0": ("7 (70.0)",), "1": ("1 (10.0)",), "2": ("0",), "Other value": ("1 (10.0)",),
        "Missing": ("1 (10.0)",),
    }


def test_the_counts_of_all_levels_sum_to_the_subjects():
    row = {"levels": "Lines", "variable": "LINES", "values": [{"label": "Two", "where": "LINES == 2"},
                                                            {"label": "More", "where": "LINES > 2"}]}
    results = made(shell(rows=[row]), adsl=subjects(6, LINES=[1, 2, 2, 3, 9, None]))
    assert results.loc[results["STATISTIC"].eq("n"), "VALUE"].sum() == 6


def test_a_decision_in_a_clause_and_in_a_label_is_filled_in():
    row = {"levels": "Age", "variable": "AGE", "values": [{"label": "Under @AGE_CUT", "where": "AGE < @AGE_CUT"},
                                                        {"label": "@AGE_CUT or older", "where": "AGE >= @AGE_CUT"}]}
    output = shell(rows=[row], decisions=["AGE_CUT"])
    data = {"adsl": subjects(12, AGE=[64] * 5 + [65] * 7), "decisions": DECISIONS | {"age_cut": 65}}
    results = families.results(categories, output, data)
    assert printed(families.page(categories, output, results))["65 or older"] == ("7 (58.3)",)
    assert "AGE >= 65" in set(results["WHERE"])


def test_a_decision_the_output_does_not_list_is_named():
    row = {"count": "Old", "where": "AGE >= @AGE_CUT"}
    with pytest.raises(TrialError, match="decision AGE_CUT is not known"):
        page(shell(rows=[row]), adsl=subjects(1, AGE=70))


def test_a_summary_prints_n_mean_sd_median_and_range_of_the_values_there_are():
    statistics = {"n": "{n:x}", "Mean (SD)": "{mean:x.x} ({sd:x.xx})", "Median": "{median:x.x}",
                  "Q1, Q3": "{q1:x.x}, {q3:x.x}", "Min, max": "{min:x}, {max:x}"}
    row = {"summary": "Age", "variable": "AGE", "statistics": statistics}
    rows = printed(page(shell(rows=[row]), adsl=subjects(5, AGE=[50, 60, 70, 80, None])))
    # mean 65; sum of squares 225+25+25+225 = 500, 500/3 = 166.67, root 12.91; quartiles by SAS definition 5
    assert rows["n"] == ("4",)
    assert rows["Mean (SD)"] == ("65.0 (12.91)",)
    assert rows["Q1, Q3"] == ("55.0, 75.0",)
    assert rows["Min, max"] == ("50, 80",)


def test_a_summary_of_nobody_is_blank_and_counts_nought():
    row = {"summary": "Onset", "variable": "ONSET", "statistics": {"n": "{n:x}", "Median": "{median:x.x}"}}
    rows = printed(page(shell(rows=[row]), adsl=subjects(2, ONSET=[None, None]).astype({"ONSET": float})))
    assert (rows["n"], rows["Median"]) == (("0",), ("-",))


def test_a_summary_refuses_two_values_of_one_subject():
    row = {"summary": "Onset", "of": "adcrs", "variable": "AVAL", "show": "{median:x.x}"}
    with pytest.raises(TrialError, match="several records of a subject"):
        page(shell(rows=[row]), adsl=subjects(2), adcrs=records("CRSONS", [1, 1], AVAL=[1.0, 2.0]))


def test_a_base_of_its_own_is_printed_with_the_count():
    row = {"count": "Treated, of those with the event",
           "of": "adcrs", "where": 'PARAMCD == "CRSTOCI" and AVALC == "Y"',
           "denominator": {"of": "adcrs", "where": 'PARAMCD == "CRSMAXGR" and AVALC == "1"'},
           "show": "{n:x}/{N:x} ({pct:x.x})"}
    adcrs = records("CRSTOCI", [1, 2, 3], AVALC=["Y", "N", "N"]).merge(
        records("CRSMAXGR", [1, 2, 3], AVALC=["1", "1", "0"]), how="outer")
    rows = printed(page(shell(rows=[row]), adsl=subjects(5), adcrs=adcrs))
    assert rows["Treated, of those with the event"] == ("1/2 (50.0)",)


def test_a_numerator_lies_inside_its_denominator():
    row = {"count": "Treated, of those with the event", "show": "{n:x}/{N:x} ({pct:x.x})",
           "of": "adcrs", "where": 'PARAMCD == "CRSTOCI" and AVALC == "Y"',
           "denominator": {"of": "adcrs", "where": 'PARAMCD == "CRSMAXGR" and AVALC in ["1", "2"]'}}
    adcrs = pd.concat([records("CRSTOCI", [1, 2, 3], AVALC=["N", "Y", "Y"]),
                       records("CRSMAXGR", [1, 2, 3], AVALC=["2", "0", "0"])])
    results = made(shell(rows=[row]), adsl=subjects(3), adcrs=adcrs)
    assert printed(families.page(categories, shell(rows=[row]), results))[row["count"]] == ("0/1 (0.0)",)
    assert counted_again(results, {"adsl": subjects(3), "adcrs": adcrs}) == []


@pytest.mark.parametrize("seed", range(20))
def test_no_row_of_any_kind_counts_more_than_its_base(seed):
    draw = random.Random(seed)
    who = {code: sorted(draw.sample(range(1, 13), draw.randint(0, 12))) for code in ("GRADE", "TOCI", "STER")}
    adcrs = pd.concat([records(code, some, AVALC=draw.choice("YN")) for code, some in who.items()])
    base = {"of": "adcrs", "where": f'PARAMCD == "GRADE" and AVALC == "{draw.choice("YN")}"'}
    rows = [row | own for name, own in (("of all", {}), ("of those", {"denominator": base})) for row in (
        {"count": f"count {name}", "of": "adcrs", "where": 'PARAMCD == "TOCI"', "interval": "exact"},
        {"levels": f"levels {name}", "of": "adcrs", "variable": "AVALC", "where": 'PARAMCD == "STER"',
         "values": ["Y", "N"]})]
    output = shell(rows=rows, columns=[{"label": "A", "where": 'COHORT == "A"'}, {"label": "All"}])
    data = {"adsl": subjects(12, COHORT=draw.choices("AB", k=12)), "adcrs": adcrs}
    results = made(output, **data)
    assert parts_of_wholes(results) == []
    assert counted_again(results, data) == []


def test_columns_and_sets_narrow_the_population():
    output = shell(
        columns=[{"label": "A", "where": 'COHORT == "A"'}, {"label": "A+B"}],
        sets=[{"label": "Safety", "where": 'SAFFL == "Y"'}, {"label": "Efficacy", "where": 'EASFL == "Y"'}],
        rows=[{"count": "CR", "where": 'CRFL == "Y"', "show": "{n:x}/{N:x}"}],
    )
    adsl = subjects(4, COHORT=["A", "A", "B", "B"], SAFFL=["Y", "Y", "Y", "N"], EASFL=["Y", "N", "Y", "N"], CRFL="Y")
    table = page(output, adsl=adsl)
    assert [row.cells for row in table.rows] == [
        ("Safety", "N=2", "N=3"), ("CR", "2/2", "3/3"), ("Efficacy", "N=1", "N=2"), ("CR", "1/1", "2/2"),
    ]


def test_a_row_is_not_applicable_outside_its_columns_and_the_results_say_why():
    columns = [{"id": name, "label": f"Part {name}", "where": f'COHORT == "{name}"'} for name in "AB"]
    row = {"count": "DLT", "where": 'DLTFL == "Y"', "columns": ["A"], "note": "run-in only"}
    output = shell(columns=columns, rows=[row])
    results = made(output, adsl=subjects(2, COHORT=["A", "B"], DLTFL="Y"))
    assert printed(families.page(categories, output, results))["DLT"] == ("1", "-")
    assert results.loc[results["ROW"].eq("dlt") & results["COLUMN"].eq("B"), "NOTE"].tolist() == ["run-in only"]


def test_a_summary_is_blank_outside_its_columns():
    columns = [{"id": name, "label": f"Part {name}", "where": f'COHORT == "{name}"'} for name in "AB"]
    row = {"summary": "Age", "variable": "AGE", "columns": ["A"], "show": "{n:x} {mean:x.x}"}
    results = made(shell(columns=columns, rows=[row]), adsl=subjects(2, COHORT=["A", "B"], AGE=[60, 61]))
    cells = printed(families.page(categories, shell(columns=columns, rows=[row]), results))["Age"]
    assert cells[0] == "1 60.0"
    assert "61" not in cells[1]


def test_a_table_of_nobody_says_so():
    table = page(shell(population={"where": 'SAFFL == "Y"'}, rows=[{"count": "Any", "where": ""}]),
                 adsl=subjects(3, SAFFL="N"))
    assert (table.rows, table.empty) == ((), "No subjects in this population.")


def test_a_column_head_tells_the_number_of_its_subjects():
    assert page(shell(rows=[{"heading": "x"}]), adsl=subjects(3)).columns[1].label == "All\n(N=3)"


def test_a_note_lists_the_subjects_it_speaks_of():
    note = {"label": "undefined", "where": 'DLTEVLRS == "PERIOD UNDEFINED - NO CAR-T"',
            "text": "No period ({n}): {subjects}."}
    table = page(shell(rows=[{"heading": "x"}], notes=[note]),
                 adsl=subjects(3, DLTEVLRS=["DLT", "PERIOD UNDEFINED - NO CAR-T", "PERIOD UNDEFINED - NO CAR-T"]))
    assert table.rows[-1].cells == ("No period (2): 02, 03.",)


def test_a_note_about_nobody_says_none():
    note = {"label": "undefined", "where": 'DLTEVLRS == "UNDEFINED"', "text": "No period ({n}): {subjects}."}
    assert page(shell(rows=[{"heading": "x"}], notes=[note]), adsl=subjects(1, DLTEVLRS="DLT")).rows[-1].cells == (
        "No period (0): none.",)


def test_every_count_can_be_made_again_from_its_own_row_of_the_results():
    adsl = subjects(6, COHORT=["A", "A", "A", "B", "B", None], SAFFL=["Y", "Y", "N", "Y", "Y", "N"],
                    STAGE=["1", "2", None, "9", "1", "1"], AGE=[50, 51, 52, None, 70, 80])
    adrs = records("BOR", [1, 2, 4], AVALC=["CR", "PD", "CR"])
    output = shell(
        columns=[{"label": "A", "where": 'COHORT == "A"'}, {"label": "Total"}], population={"where": 'SAFFL == "Y"'},
        rows=[{"count": "CR", "of": "adrs", "where": 'PARAMCD == "BOR" and AVALC == "CR"', "interval": "exact"},
              {"levels": "Stage", "variable": "STAGE", "values": ["1", "2"]},
              {"summary": "Age", "variable": "AGE", "show": "{n:x}"}],
    )
    assert counted_again(made(output, adsl=adsl, adrs=adrs), {"adsl": adsl, "adrs": adrs}) == []


def test_two_rows_of_one_name_are_refused():
    rows = [{"count": "CR", "where": ""}, {"count": "CR", "where": ""}]
    with pytest.raises(TrialError, match="two rows are called 'CR'"):
        made(shell(rows=rows), adsl=subjects(1))


@pytest.mark.parametrize(("where", "message"), [
    ('NOSUCH == "Y"', "unknown field NOSUCH(?s:.*)ADSL"), ("AGE ==", "cannot be read(?s:.*)ADSL")])
def test_a_clause_that_cannot_be_read_is_named_with_its_dataset(where, message):
    with pytest.raises(TrialError, match=message):
        made(shell(rows=[{"count": "CR", "where": where}]), adsl=subjects(1, AGE=1))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"count": "Men", "where": 'SEX == "M"'}], "n (%)"),
        ([{"count": "Men", "where": 'SEX == "M"', "show": "{n:x}/{N:x} ({pct:x.x})"}], "n/N (%)"),
        ([{"count": "Men", "where": 'SEX == "M"', "show": "{n:x}/{N:x}"}], "n/N"),
        ([{"count": "Men", "where": 'SEX == "M"', "show": "{n:x}/{N:x} ({pct:x.x})"},
          {"levels": "Sex", "variable": "SEX", "values": ["M", "F"]}], "n (%) or n/N (%)"),
        ([{"count": "Men", "where": 'SEX == "M"', "show": "{n:x}"}], ""),
        ([{"count": "Records", "where": 'SEX == "M"', "per": "record"}], ""),
        ([{"summary": "Age, median", "variable": "AGE", "show": "{median:x.x}"}], ""),
    ],
)  # fmt: skip
def test_the_head_of_a_column_says_what_its_counts_are(rows, said):
    table = page(shell(rows=rows), adsl=subjects(12, SEX="M", AGE=60.0))
    assert table.columns[1].label == "\n".join(filter(None, ("All", "(N=12)", said)))


def test_a_label_speaks_of_a_decision_in_the_words_given_for_it():
    words = {"CI_LEVEL": {str(DECISIONS["ci_level"]): "the usual"}}
    output = shell(rows=[{"count": "Men, @CI_LEVEL", "where": 'SEX == "M"'}], words=words)
    assert "Men, the usual" in printed(page(output, adsl=subjects(12, SEX="M")))


@pytest.mark.parametrize(("words", "cells"), [
    ({}, ("6 (50.0)", "1")), ({"denominator": {"where": "AGE > 60"}}, ("6/10 (60.0)", "1/2")),
    ({"population": {"where": 'AGE > 60'}}, ("6/10 (60.0)", "1/2")),
    ({"denominator": {"where": "AGE > 60"}, "show": "{n:x}"}, ("6", "1")),
])  # fmt: skip
def test_a_share_of_other_subjects_than_the_column_s_head_counts_says_of_how_many(words, cells):
    adsl = subjects(12, SEX=["M", "F"] + ["M"] * 5 + ["F"] * 5, AGE=[61.0] * 10 + [60.0] * 2)
    columns = [{"label": "All"}, {"label": "Few", "where": 'SUBJID in ["01", "02"]'}]
    row = {"count": "Men", "where": 'SEX == "M"'} | words
    assert printed(page(shell(rows=[row], columns=columns), adsl=adsl))["Men"] == cells
