"""Rows whose lines the data tell: terms, shifts, visits; one record of a subject taken; subjects without a record."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, printed, shell, subjects, typed
from walk import counted_again, parts_of_wholes

from pipeline.ground.clauses import meets
from pipeline.ground.faults import TrialError
from tlf import families
from tlf.model import NO_RECORDS
from tlf.templates import categories


def made(row, adsl=None, columns=None, **data):
    """The results of one row."""
    said = {"rows": [row]} | ({"columns": columns} if columns else {})
    return families.results(categories, shell(**said), {"adsl": adsl, "decisions": DECISIONS} | data)


def page(row, adsl, columns=None, **data):
    """The printed rows of one row."""
    said = {"rows": [row]} | ({"columns": columns} if columns else {})
    output = shell(**said)
    return printed(families.page(categories, output, made(row, adsl, columns, **data)))


def values(results, statistic="n"):
    """The values of one statistic by the labels of its rows."""
    rows = results[results["STATISTIC"] == statistic]
    return dict(zip(rows["ROWID"], rows["VALUE"], strict=True))


def events(*rows):
    """ADAE of lines `subject, SOC, PT, grade`; a term of None is not coded."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "AEBODSYS", "AEDECOD", "ATOXGRN"])
    return typed(frame.assign(USUBJID="S-0" + frame["USUBJID"].astype(str), TRTEMFL="Y"))


ADAE = events(
    (1, "Nervous", "Headache", 1), (1, "Nervous", "Headache", 3), (1, "Nervous", "Tremor", 2),
    (2, "Nervous", "Tremor", 2),
    (2, "Blood", "Anaemia", 4), (3, "Blood", "Anaemia", 3), (3, "Blood", "Anaemia", 2), (4, "Blood", None, 1),
    (5, "Cardiac", "Arrest", 5),
)  # fmt: skip
GRADE_3 = {"label": "grade >=3", "where": "ATOXGRN >= 3"}
TERMS = {"terms": "TEAE", "of": "adae", "where": 'TRTEMFL == "Y"', "by": ["AEBODSYS", "AEDECOD"]}


def test_a_subject_counts_once_at_every_term_and_the_most_frequent_stands_first():
    results = made({**TERMS, "parts": [GRADE_3]}, subjects(10), adae=ADAE)
    assert values(results) == {
        "TEAE / Blood": 3, "TEAE / Blood / grade >=3": 2,
        "TEAE / Blood / Anaemia": 2, "TEAE / Blood / Anaemia / grade >=3": 2,
        "TEAE / Blood / Missing": 1, "TEAE / Blood / Missing / grade >=3": 0,
        "TEAE / Nervous": 2, "TEAE / Nervous / grade >=3": 1,
        "TEAE / Nervous / Tremor": 2, "TEAE / Nervous / Tremor / grade >=3": 0,
        "TEAE / Nervous / Headache": 1, "TEAE / Nervous / Headache / grade >=3": 1,
        "TEAE / Cardiac": 1, "TEAE / Cardiac / grade >=3": 1,
        "TEAE / Cardiac / Arrest": 1, "TEAE / Cardiac / Arrest / grade >=3": 1,
    }  # fmt: skip
    assert next(iter(values(results))) == "TEAE / Blood" and set(values(results, "N").values()) == {10}
    assert counted_again(results, {"adsl": subjects(10), "adae": ADAE}) == [] and parts_of_wholes(results) == []


def test_terms_without_a_numeric_partner_stand_in_order_of_the_alphabet():
    results = made({**TERMS, "by": ["AEDECOD"], "sort": "order"}, subjects(10), adae=ADAE)
    terms = ("Anaemia", "Arrest", "Headache", "Tremor", "Missing")
    assert list(values(results)) == [f"TEAE / {term}" for term in terms]


def test_terms_in_order_stand_as_their_numeric_partner_does_and_are_called_as_the_row_says():
    visits = ADAE.assign(AVISIT=["Day 100", "Day 30", "Day 30", "Day 7", "Day 7", "Day 7", "Day 30", "Day 7", "Day 7"],
                         AVISITN=[100.0, 30, 30, 7, 7, 7, 30, 7, 7])  # fmt: skip
    row = {**TERMS, "by": ["AVISIT", "ATOXGRN"], "sort": "order", "each": "Grade {level}"}
    results = made(row, subjects(10), adae=visits)
    assert list(values(results)) == [
        "TEAE / Day 7", "TEAE / Day 7 / Grade 1", "TEAE / Day 7 / Grade 2", "TEAE / Day 7 / Grade 3",
        "TEAE / Day 7 / Grade 4", "TEAE / Day 7 / Grade 5", "TEAE / Day 30", "TEAE / Day 30 / Grade 2",
        "TEAE / Day 30 / Grade 3", "TEAE / Day 100", "TEAE / Day 100 / Grade 1",
    ]  # fmt: skip
    assert set(results["ROW"]) >= {"teae / Day 7 / 1"}  # the id is the value


def test_of_several_responses_at_a_visit_the_nearest_counts_alone_and_the_way_back_finds_it():
    scans = typed(pd.DataFrame({
        "USUBJID": ["S-01", "S-01", "S-02", "S-03"], "AVISIT": ["Month 6"] * 4, "AVALC": ["PD", "CR", "CR", "PD"],
        "AWTDIFF": [7.0, 1.0, 0.0, 3.0],
        "ADT": pd.to_datetime(["2026-04-02", "2026-03-25", "2026-03-24", "2026-03-21"])}))  # fmt: skip
    row = {**TERMS, "of": "adrs", "where": 'AVALC != ""', "by": ["AVISIT", "AVALC"], "take": "lowest",
           "value": "AWTDIFF"}  # fmt: skip
    results = made(row, subjects(10), adrs=scans)
    assert values(results) == {"TEAE / Month 6": 3, "TEAE / Month 6 / CR": 2, "TEAE / Month 6 / PD": 1}
    assert counted_again(results, {"adsl": subjects(10), "adrs": scans}) == []


def test_a_response_that_is_nearest_for_nobody_has_no_line_at_its_visit():
    scans = typed(pd.DataFrame({
        "USUBJID": ["S-01", "S-01", "S-02", "S-02"], "AVISIT": ["Month 6"] * 4, "AVALC": ["PD", "CR", "CR", None],
        "AWTDIFF": [7.0, 1.0, 0.0, 3.0],
        "ADT": pd.to_datetime(["2026-04-02", "2026-03-25", "2026-03-24", "2026-03-21"])}))  # fmt: skip
    row = {**TERMS, "of": "adrs", "where": "AWTDIFF >= 0", "by": ["AVISIT", "AVALC"], "take": "lowest",
           "value": "AWTDIFF"}  # fmt: skip
    assert values(made(row, subjects(10), adrs=scans)) == {"TEAE / Month 6": 2, "TEAE / Month 6 / CR": 2}


def test_terms_stand_in_the_order_of_their_values_each_by_its_label_and_others_after_them():
    row = {**TERMS, "by": ["AEDECOD"], "values": ["Tremor", {"value": "Anaemia", "label": "Anaemia of any kind"}]}
    results = made(row, subjects(10), adae=ADAE)
    terms = ("Tremor", "Anaemia of any kind", "Arrest", "Headache", "Missing")
    assert list(values(results)) == [f"TEAE / {term}" for term in terms]
    assert set(results["ROW"]) >= {"teae / Anaemia"}  # the id is the value


@pytest.mark.parametrize("row", [
    {**TERMS, "where": "ATOXGRN > 5"},
    {"shift": "Grades", "of": "adae", "where": "ATOXGRN > 5", "first": {"variable": "ATOXGRN"},
     "then": {"variable": "ATOXGRN"}},
    {"summary": "Grades", "of": "adae", "variable": "ATOXGRN", "by": "AEDECOD", "where": "ATOXGRN > 5", "per": "record",
     "show": "{n:x}"},
])  # fmt: skip
def test_a_table_whose_rows_the_data_do_not_have_says_so(row):
    output = shell(rows=[row])
    table = families.page(categories, 
        output, families.results(categories, output, {"adsl": subjects(10), "decisions": DECISIONS, "adae": ADAE})
    )
    assert (table.rows, table.empty) == ((), NO_RECORDS)


def test_a_part_may_be_called_by_its_term():
    row = {**TERMS, "by": ["AEDECOD"], "parts": [{**GRADE_3, "label": "{level} grade >=3"}]}
    assert values(made(row, subjects(10), adae=ADAE))["TEAE / Anaemia / Anaemia grade >=3"] == 2


def test_parts_of_the_record_with_the_highest_grade_count_a_subject_in_one_of_them():
    parts = [{"label": f"Grade {g}", "where": f"ATOXGRN == {g}"} for g in (1, 2, 3, 4)]
    row = {**TERMS, "by": ["AEBODSYS"], "parts": parts, "take": "highest", "value": "ATOXGRN"}
    results = made(row, subjects(10), adae=ADAE)
    told = {name.removeprefix("TEAE / "): n for name, n in values(results).items() if "Cardiac" not in name}
    assert told == {
        "Blood": 3, "Blood / Grade 1": 1, "Blood / Grade 2": 0, "Blood / Grade 3": 1, "Blood / Grade 4": 1,
        "Nervous": 2, "Nervous / Grade 1": 0, "Nervous / Grade 2": 1, "Nervous / Grade 3": 1, "Nervous / Grade 4": 0,
    }  # fmt: skip
    assert counted_again(results, {"adsl": subjects(10), "adae": ADAE}) == []


@pytest.mark.parametrize(("least", "terms"), [("2", ["Anaemia", "Tremor"]), ("20 %", ["Anaemia", "Tremor"]),
                                              ("21 %", []), ("3", [])])  # fmt: skip
def test_a_term_rarer_than_asked_for_in_every_column_is_left_out(least, terms):
    row = {**TERMS, "by": ["AEDECOD"], "at_least": least}
    assert [name.removeprefix("TEAE / ") for name in values(made(row, subjects(10), adae=ADAE))] == terms


def test_every_column_has_the_terms_that_anybody_has():
    columns = [{"label": "Odd", "where": 'ARM == "O"'}, {"label": "Even", "where": 'ARM == "E"'}]
    adsl = subjects(6, ARM=["O", "E"] * 3)
    told = page({**TERMS, "by": ["AEDECOD"]}, adsl, columns, adae=ADAE)
    assert told["Headache"] == ("1", "0") and told["Tremor"] == ("1", "1") and told["Missing"] == ("0", "1")
    assert list(told) == ["TEAE", "Anaemia", "Tremor", "Arrest", "Headache", "Missing"]


LABS = typed(pd.DataFrame(
    [("S-01", "NEUT", 0, None, "N"), ("S-01", "NEUT", 0, 4, "Y"), ("S-01", "NEUT", 0, 2, "Y"),
     ("S-02", "NEUT", 0, 4, "Y"), ("S-03", "NEUT", 1, None, "N"), ("S-04", "NEUT", None, 2, "Y"),
     ("S-05", "WBC", 0, 1, "Y")],
    columns=["USUBJID", "PARAMCD", "BTOXGRL", "ATOXGRL", "ONTRTFL"]))  # fmt: skip


def test_a_shift_counts_the_combinations_of_baseline_and_worst_grade_that_occur():
    row = {"shift": "NEUT", "of": "adlb", "where": 'PARAMCD == "NEUT"',
           "first": {"variable": "BTOXGRL", "each": "baseline grade {level}"},
           "then": {"variable": "ATOXGRL", "where": 'ONTRTFL == "Y"', "each": "worst grade {level}"}}  # fmt: skip
    results = made(row, subjects(6), adlb=LABS)
    assert values(results) == {
        "NEUT / baseline grade 0 / worst grade 4": 2,
        "NEUT / baseline grade 1 / worst grade MISSING": 1,
        "NEUT / baseline grade MISSING / worst grade 2": 1,
    }
    assert counted_again(results, {"adsl": subjects(6), "adlb": LABS}) == []
    assert page(row, subjects(6), adlb=LABS) == {
        "NEUT": ("",),
        "baseline grade 0": ("",),
        "worst grade 4": ("2",),
        "baseline grade 1": ("",),
        "worst grade MISSING": ("1",),
        "baseline grade MISSING": ("",),
        "worst grade 2": ("1",),
    }


def test_categories_of_a_shift_stand_in_the_order_of_its_values():
    row = {"shift": "NEUT", "of": "adlb", "where": 'PARAMCD == "NEUT"', "values": ["4", "2", "1", "0"],
           "first": {"variable": "BTOXGRL"}, "then": {"variable": "ATOXGRL", "where": 'ONTRTFL == "Y"'}}  # fmt: skip
    found = values(made(row, subjects(6), adlb=LABS))
    assert list(found) == ["NEUT / 1 / MISSING", "NEUT / 0 / 4", "NEUT / MISSING / 2"]


def test_a_shift_may_be_repeated_for_the_values_of_a_variable():
    row = {"shift": "Laboratory", "of": "adlb", "by": "PARAMCD", "first": {"variable": "BTOXGRL"},
           "then": {"variable": "ATOXGRL", "where": 'ONTRTFL == "Y"'}}  # fmt: skip
    results = made(row, subjects(6), adlb=LABS)
    assert {name.removeprefix("Laboratory / "): n for name, n in values(results).items()} == {
        "NEUT / 0 / 4": 2,
        "NEUT / 1 / MISSING": 1,
        "NEUT / MISSING / 2": 1,
        "WBC / 0 / 1": 1,
    }
    assert counted_again(results, {"adsl": subjects(6), "adlb": LABS}) == []
    told = families.page(categories, shell(rows=[row]), results).rows
    assert [(one.cells[0], one.indent) for one in told][:3] == [("Laboratory", 0), ("NEUT", 1), ("0", 2)]
    assert ("WBC", 1) in [(one.cells[0], one.indent) for one in told] and told[-1].cells == ("1", " 1")


def test_levels_of_the_worst_grade_count_each_subject_once_and_say_who_has_no_record():
    row = {
        "levels": "NEUT",
        "of": "adlb",
        "variable": "ATOXGRL",
        "where": 'PARAMCD == "NEUT" and ONTRTFL == "Y"',
        "take": "highest",
        "values": ["0", "2", "4"],
        "each": "NEUT L worst grade {level}",
        "absent": "none",
    }
    results = made(row, subjects(6), adlb=LABS)
    told = {name.removeprefix("NEUT / NEUT L worst grade "): n for name, n in values(results).items()}
    assert told == {"0": 0, "2": 1, "4": 2, "NEUT / Other value": 0, "NEUT / Missing": 0, "none": 3}
    assert counted_again(results, {"adsl": subjects(6), "adlb": LABS}) == []


VISITS = typed(pd.DataFrame({
    "USUBJID": ["S-01", "S-01", "S-02", "S-03", "S-03"], "VISIT": ["D7", "D0", "D7", "D7", "W4"],
    "VISITNUM": [7.0, 0.0, 7.0, 7.0, 28.0], "AVAL": [100.0, None, 400.0, None, 50.0], "QUANTFL": list("YNYNY"),
    "ADT": pd.to_datetime(["2026-01-08", "2026-01-01", "2026-01-08", "2026-01-08", "2026-01-29"])}))  # fmt: skip
COPIES = {"summary": "PB", "of": "adpc", "variable": "AVAL", "show": "{n:x} {nquant:x} {gmean:x.x} ({min:x}, {max:x})"}


def test_by_visit_n_counts_the_samples_and_the_geometric_mean_is_of_the_quantifiable():
    row = {**COPIES, "by": "VISIT", "sort": "VISITNUM", "each": "PB: {level}", "quantifiable": 'QUANTFL == "Y"'}
    assert page(row, subjects(4), adpc=VISITS) == {
        "PB": ("",),
        "PB: D0": ("1 0  NE (NE, NE)",),
        "PB: D7": ("3 2 200.0 (100, 400)",),
        "PB: W4": ("1 1 50.0 (50, 50)",),
    }


def test_a_sample_without_a_result_is_not_counted_beside_those_too_low_to_be_quantified():
    """Three samples of day 7: 100, one below the limit (words, no number), one that was not done."""
    known = typed(pd.DataFrame({"USUBJID": ["S-01", "S-02", "S-03"], "AVAL": [100.0, None, None],
                                "AVALC": ["100", "<5.0", None], "QUANTFL": ["Y", "N", None]}))  # fmt: skip
    row = {**COPIES, "quantifiable": 'QUANTFL == "Y"'}
    results = made(row, subjects(4), adpc=known)
    assert {name: values(results, name)["PB"] for name in ("n", "nquant", "nmiss")} == {"n": 2, "nquant": 1, "nmiss": 1}
    origins = results.set_index("STATISTIC")["WHERE"]
    counted = [len(known[meets(known, origins[name])]) for name in ("n", "nquant", "nmiss")]
    assert counted == [2, 1, 1]  # the way back from each finds its records


def test_visits_that_the_shell_names_stand_in_its_order_also_without_a_sample():
    row = {**COPIES, "show": "{n:x}", "by": "VISIT", "values": ["W4", "D7", "W8"]}
    assert page(row, subjects(4), adpc=VISITS) == {"PB": ("",), "W4": ("1",), "D7": ("2",), "W8": ("0",)}


@pytest.mark.parametrize(
    ("take", "value", "taken"),
    [("highest", "AVAL", 400.0), ("lowest", "AVAL", 100.0), ("first", "", 300.0), ("last", "", 400.0)],
)
def test_which_record_is_taken_and_a_tie_goes_to_the_earlier_date(take, value, taken):
    days = pd.to_datetime(["2026-01-02", "2026-01-01", "2026-01-05", "2026-01-09"])
    frame = typed(pd.DataFrame({"USUBJID": "S-01", "AVAL": [100.0, 300.0, 100.0, 400.0], "ADT": days}))
    row = {**COPIES, "show": "{mean:x}", "take": take, "value": value}
    assert values(made(row, subjects(1), adpc=frame), "mean")["PB"] == taken


@pytest.mark.parametrize(("at", "level"), [("28", "NEG"), ("21", "POS"), ("24.5", "NEG"), ("40", "ND")])
def test_the_record_nearest_a_day_is_taken_and_at_equal_distance_the_later(at, level):
    days = [21.0, 28.0, 35.0]  # 24.5 lies between two of them
    frame = typed(
        pd.DataFrame(
            {
                "USUBJID": "S-01",
                "MRD": ["POS", "NEG", "ND"],
                "AVAL": [1.0, 2.0, 3.0],
                "CARTDY": days,
                "ADT": pd.Timestamp("2026-01-01") + pd.to_timedelta(days, unit="D"),
            }
        )
    )
    row = {"levels": "W4", "of": "adpc", "variable": "MRD", "values": ["POS", "NEG", "ND"], "take": "nearest", "at": at}
    results = made(row, subjects(1), adpc=frame)
    assert [name for name, n in values(results).items() if n] == [f"W4 / {level}"]
    assert counted_again(results, {"adsl": subjects(1), "adpc": frame}) == []
    row = {**COPIES, "show": "{mean:x}", "take": "nearest", "at": at}
    assert values(made(row, subjects(1), adpc=frame), "mean")["PB"] == {"POS": 1, "NEG": 2, "ND": 3}[level]


def test_several_records_of_a_subject_are_refused_unless_the_row_says_what_is_meant():
    known = VISITS.assign(AVAL=[1.0, 2.0, 3.0, 4.0, 5.0])
    with pytest.raises(TrialError, match="say `take:`"):
        made({**COPIES, "show": "{mean:x}"}, subjects(4), adpc=known)
    row = {**COPIES, "show": "{mean:x}", "per": "record"}
    assert values(made(row, subjects(4), adpc=known), "mean")["PB"] == 3


def test_the_first_and_the_last_of_dates_print_as_they_are_written():
    row = {"summary": "First dose", "variable": "TRTSDT", "show": "{min} to {max}"}
    adsl = subjects(3, TRTSDT=pd.to_datetime(["2026-03-01", None, "2025-12-31"]))
    results = made(row, adsl)
    assert page(row, adsl)["First dose"] == ("2025-12-31 to 2026-03-01",)
    assert dict(zip(results["STATISTIC"], results["VALUEC"], strict=True))["min"] == "2025-12-31"
    assert values(results, "max")["First dose"] == 24166  # days since 1960-01-01, as SAS counts them: 01MAR2026
    assert set(results["STATISTIC"]) == {"decision", "N", "n", "nmiss", "min", "median", "max"}


def test_subjects_without_a_record_are_those_of_the_population_who_have_none():
    row = {"count": "Day 7: no sample", "of": "adpc", "without": 'VISIT == "D7"'}
    for number, lacking in ((5, 2), (3, 0)):
        results = made(row, subjects(number), adpc=VISITS)
        assert values(results)["Day 7: no sample"] == lacking
        assert counted_again(results, {"adsl": subjects(number), "adpc": VISITS}) == []
    narrower = {**row, "where": 'VISIT == "D7"', "without": 'VISIT == "D0"'}
    assert values(made(narrower, subjects(5), adpc=VISITS))["Day 7: no sample"] == 2


def test_records_may_be_counted_instead_of_subjects():
    row = {"count": "Samples", "of": "adpc", "where": 'VISIT == "D7"', "per": "record"}
    assert values(made(row, subjects(5), adpc=VISITS))["Samples"] == 3
    assert page(row, subjects(5), adpc=VISITS)["Samples"] == ("3",)


ASKED = "{n:x} ({pct:x.x}) [{records:x}]"


@pytest.mark.parametrize(("row", "told"), [  # events: S-01 3, S-02 2, S-03 2, S-04 1, S-05 1
    ({"count": "Any", "of": "adae", "where": 'TRTEMFL == "Y"'}, {"Any": "5 (50.0) [9]"}),
    ({"count": "Any", "of": "adae", "where": "ATOXGRN >= 3", "denominator": {"where": 'USUBJID != "S-01"'}},
     {"Any": "3 (33.3) [3]"}),
    ({**TERMS, "by": ["AEBODSYS"], "parts": [GRADE_3]},
     {"TEAE": "", "Blood": "3 (30.0) [4]", "Nervous": "2 (20.0) [4]", "Cardiac": "1 (10.0) [1]"}),
])  # fmt: skip
def test_records_may_be_counted_beside_the_subjects(row, told):
    row = {**row, "show": ASKED}
    cells = page(row, subjects(10), adae=ADAE)
    assert {name: cells[name][0] for name in told} == told
    assert cells.get("grade >=3", ("2 (20.0) [2]",)) == ("2 (20.0) [2]",)
    assert "records" not in set(made({**row, "show": ""}, subjects(10), adae=ADAE)["STATISTIC"])


def test_a_clause_may_name_variables_of_the_subject():
    adsl = subjects(3, ARM=["A", "B", "A"])
    row = {"count": "Samples of arm A", "of": "adpc", "where": 'VISIT == "D7" and ARM == "A"'}
    assert values(made(row, adsl, adpc=VISITS))["Samples of arm A"] == 2


def test_a_row_may_be_of_another_set_than_its_output():
    row = {"count": "Screened", "where": 'USUBJID != ""', "population": {"where": 'SCRFL == "Y"'}}
    output = shell(rows=[row], population={"where": 'ENRLFL == "Y"', "label": "Enrolled"})
    adsl = subjects(4, SCRFL="Y", ENRLFL=["Y", "Y", "N", "N"])
    results = families.results(categories, output, {"adsl": adsl, "decisions": DECISIONS})
    assert values(results)["Screened"] == 4 and values(results, "N") == {"Subjects": 2, "Screened": 4}


def test_a_column_that_nobody_stands_in_is_hidden_where_the_output_says_so():
    columns = [{"label": "A", "where": 'ARM == "A"'}, {"label": "B", "where": 'ARM == "B"'}, {"label": "Total"}]
    row = {"count": "All", "where": 'ARM != ""'}
    output = shell(rows=[row], columns=columns, hide_empty="true")
    results = families.results(categories, output, {"adsl": subjects(2, ARM="B"), "decisions": DECISIONS})
    heads = [column.label.split("\n")[0] for column in families.page(categories, output, results).columns]
    assert heads == ["", "B", "Total"]
