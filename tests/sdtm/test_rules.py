"""The rules of mapping sheets: coded values, numbers, dates, visits, and what is told when a value is wrong."""

import pandas as pd
import pytest
from small_study import TERMS, VISITS, raw_form

from pipeline.ground.metadata import Variable
from sdtm.mapping.inputs import RuleInputs
from sdtm.mapping.rules import RULES


def applied(rule, source, records, codelist=""):
    """Values (missing as None) and findings of one rule on raw records of the form F."""
    inputs = RuleInputs(Variable("X", codelist=codelist), TERMS, VISITS)
    answer = RULES[rule].make(raw_form("F", records), source.split(), inputs)
    values = [None if pd.isna(value) else value for value in answer.values]
    found = pd.concat(answer.findings)[["check", "record", "field", "value"]].values.tolist() if answer.findings else []
    return values, found


@pytest.mark.parametrize(("coded", "decode", "submission"), [
    ("1", "Light", "MILD"),
    ("3", "Light", "SEVERE"),
    (".", "light", "MILD"),
    ("1", ".", "MILD"),
    ("MILD", ".", "MILD"),
    (".", ".", None),
])  # fmt: skip
def test_the_coded_value_wins_over_the_text(coded, decode, submission):
    values, _ = applied("assign_ct", "SEV", f"SUBJECT | SEV | SEV_STD\n1 | {decode} | {coded}", "SEVERITY")
    assert [submission] == values


@pytest.mark.parametrize(("year", "month", "day", "date"), [
    ("2025", "JUN", "12", "2025-06-12"),
    ("2025", "June", "3", "2025-06-03"),
    ("2025", "6", "3", "2025-06-03"),
    ("2025.0", "6.0", "12.0", "2025-06-12"),
    ("2025", "JUN", ".", "2025-06"),
    ("2025", "6", "UN", "2025-06"),
    ("2025", "UNK", "UN", "2025"),
    ("2025", ".", ".", "2025"),
    ("2025", ".", "12", "2025---12"),
    (".", ".", ".", None),
])  # fmt: skip
def test_a_date_in_three_fields_is_one_date_with_its_unknown_parts_left_away(year, month, day, date):
    records = f"SUBJECT | Y | M | D\n1 | {year} | {month} | {day}"
    assert applied("date_of_parts", "Y M D", records) == ([date], [])


@pytest.mark.parametrize(("parts", "told"), [
    ("2025 | APR | 31", "31 APR 2025"), ("2025 | 13 | 1", "2025-13-01"), (". | JUN | 12", "12 JUN"),
    ("25 | JUN | 12", "12 JUN 25"),
])  # fmt: skip
def test_parts_that_are_no_date_are_missing_and_told(parts, told):
    assert applied("date_of_parts", "Y M D", f"SUBJECT | Y | M | D\n1 | {parts}") == (
        [None], [["SDTM-DATE", "R1", "Y", told]])


def test_the_time_beside_a_date_in_three_fields_is_read():
    records = "SUBJECT | Y | M | D | T\n1 | 2025 | JUN | 12 | 8:30"
    assert applied("date_of_parts", "Y M D T", records) == (["2025-06-12T08:30"], [])


def test_a_text_without_its_code_is_used_and_told():
    records = "SUBJECT | SEV | SEV_STD\n1 | Light | 1\n1 | Light | ."
    assert applied(
        "assign_ct", "SEV", records, "SEVERITY") == (["MILD", "MILD"], [["SDTM-DECODE", "R2", "SEV", "Light"]])


def test_a_value_outside_the_codelist_stays_as_collected_and_is_told():
    records = "SUBJECT | SEV | SEV_STD\n1 | Medium | 2"
    assert applied("assign_ct", "SEV", records, "SEVERITY") == (["2"], [["SDTM-CT", "R1", "SEV", "2"]])


def test_a_codelist_may_be_named_in_the_source():
    assert applied("lookup", "SEEN NY", "SUBJECT | SEEN\n1 | Yes\n1 | NO") == (["Y", "N"], [])


@pytest.mark.parametrize(("collected", "number"), [
    ("36.6", 36.6), (" 7", 7.0), ("-1", -1.0), (".5", 0.5), ("37,1", None), ("n/a", None), ("<0.1", None),
    ("1e3", None), (".", None),
])  # fmt: skip
def test_only_digits_with_a_decimal_point_are_a_number(collected, number):
    values, found = applied("assign_number", "TEMP", f"SUBJECT | TEMP\n1 | {collected}")
    told = [["SDTM-NUM", "R1", "TEMP", collected]] if number is None and collected != "." else []
    assert ([number], told) == (values, found)


@pytest.mark.parametrize(("collected", "told"), [("<0.1", 0), ("> 5", 0), ("BLQ", 0), ("37,1", 1), ("lost", 1)])
def test_a_result_beyond_a_limit_is_missing_but_no_mistake(collected, told):
    values, found = applied("assign_result", "RES", f"SUBJECT | RES\n1 | {collected}")
    assert ([None], told) == (values, len(found))


@pytest.mark.parametrize(("collected", "text"), [
    ("BLQ", "<25"), ("<25", "<25"), ("<50", "<25"), ("1837", "1837"), (">9", ">9"),
])  # fmt: skip
def test_below_the_limit_of_quantification_reads_as_less_than_the_limit(collected, text):
    assert ([text], []) == applied("below_limit", "RES LLOQ", f"SUBJECT | RES | LLOQ\n1 | {collected} | 25")


@pytest.mark.parametrize(("date", "time", "iso", "told"), [
    ("12 MAR 2025", "08:15", "2025-03-12T08:15", []),
    ("UN MAR 2025", "08:15", "2025-03", []),
    ("UN UNK UNK", ".", None, []),
    ("31 FEB 2024", ".", None, [["SDTM-DATE", "R1", "D", "31 FEB 2024"]]),
    ("12 MAR 2025", "25:70", "2025-03-12", [["SDTM-DATE", "R1", "T", "25:70"]]),
])  # fmt: skip
def test_an_impossible_date_or_time_is_missing_and_told(date, time, iso, told):
    assert ([iso], told) == applied("assign_datetime", "D T", f"SUBJECT | D | T\n1 | {date} | {time}")


@pytest.mark.parametrize(("date", "time", "iso"), [
    ("12MAR2025:08:30:00", ".", "2025-03-12T08:30"),
    ("12MAR2025:08:30:00", "09:15", "2025-03-12T09:15"),
    ("2025-03-12T00:00:00Z", "8:15", "2025-03-12T08:15"),
    ("2025-03-12T00:00:00Z", ".", "2025-03-12"),
    ("2025-03-12", "24:00", "2025-03-13T00:00"),
    ("2025-03-12T24:00", ".", "2025-03-13"),
])  # fmt: skip
def test_a_time_in_the_date_field_counts_where_the_time_field_is_empty(date, time, iso):
    assert ([iso], []) == applied("assign_datetime", "D T", f"SUBJECT | D | T\n1 | {date} | {time}")


def test_one_impossible_value_among_good_ones_is_told():
    dates = "SUBJECT | D | T\n1 | 12 MAR 2025 | 08:15\n1 | 31 FEB 2024 | 08:15\n1 | 13 MAR 2025 | 25:70"
    values, found = applied("assign_datetime", "D T", dates)
    assert values == ["2025-03-12T08:15", None, "2025-03-13"]
    assert found == [["SDTM-DATE", "R2", "D", "31 FEB 2024"], ["SDTM-DATE", "R3", "T", "25:70"]]
    numbers = applied("assign_number", "N", "SUBJECT | N\n1 | 7\n1 | 37,1")
    assert numbers == ([7.0, None], [["SDTM-NUM", "R2", "N", "37,1"]])


@pytest.mark.parametrize(("folder", "number", "name", "visitnum"), [
    ("SCR", "1", "SCREENING", 1.0),
    ("DOSE", "1", "DAY 0", 5.0),
    ("UNS", "1", "UNSCHEDULED 1", 17.0),
    ("UNS", "12", "UNSCHEDULED 12", 17.0),
    ("UNS", "100", "UNSCHEDULED 100", 17.0),
    ("LOG", "1", None, None),
])  # fmt: skip
def test_a_visit_has_its_planned_number_and_an_unscheduled_one_its_folder_in_its_name(folder, number, name, visitnum):
    records = f"SUBJECT | FOLDER | FOLDERSEQ\n1 | {folder} | {number}"
    assert ([name], [visitnum]) == (
        applied("visit", "FOLDER FOLDERSEQ", records)[0], applied("visitnum", "FOLDER FOLDERSEQ", records)[0])


def test_a_vendors_name_of_a_visit_is_understood_and_an_unknown_one_is_told():
    records = "SUBJECT | VISIT\n1 | day 0 pre\n1 | D0\n1 | WEEK 3"
    assert applied("visitnum", "VISIT", records) == ([5.0, 5.0, None], [["SDTM-VISIT", "R3", "VISIT", "WEEK 3"]])


def test_link_ids_put_a_word_in_front_of_the_number():
    assert applied("link_id", "T NR", "SUBJECT | NR\n1 | 2\n1 | .") == (["T2", None], [])


@pytest.mark.parametrize(("rule", "source", "records", "severity", "sentence"), [
    ("assign_number", "N", "N\n1 | 37,1", "major",
     "N '37,1' is not a number (a decimal point is needed). Correct it; until then it is missing."),
    ("assign_datetime", "D", "D\n1 | 31 FEB 2024", "major",
     "D '31 FEB 2024' is not a date that can be read. Correct it; until then the date is missing."),
    ("assign_datetime", "D T", "D | T\n1 | 12 MAR 2025 | 25:70", "minor",
     "T '25:70' is not a time of day. Correct it; until then only the date is used."),
    ("lookup", "S SEVERITY", "S\n1 | Medium", "major",
     "S 'Medium' is not in the codelist SEVERITY. Correct it in the database, or add it to codelists.csv: SEVERITY,N,"
     "Medium,TERM,,. Until then it stays as collected, and nothing that asks for a term of SEVERITY counts it."),
    ("lookup", "S SEVERITY", "S | S_STD\n1 | Light | .\n1 | Light | 1", "minor",
     "S has the text 'Light' but no coded value; the text is used. Enter the coded value."),
    ("visitnum", "V", "V\n1 | WEEK 3", "minor",
     "V 'WEEK 3' is not a visit of this study. Correct it, or add the name to visits.csv."),
])
def test_a_wrong_value_is_told_in_a_sentence_with_its_cure(rule, source, records, severity, sentence):
    inputs = RuleInputs(Variable("X"), TERMS, VISITS)
    (found,) = RULES[rule].make(raw_form("F", f"SUBJECT | {records}"), source.split(), inputs).findings
    assert found[["severity", "message"]].values.tolist() == [[severity, sentence]]


@pytest.mark.parametrize(("rule", "source", "records", "expected"), [
    ("assign", "A", "A\n1 | a B", ["a B"]),
    ("assign_upper", "A", "A\n1 | a B", ["A B"]),
    ("assign_code", "A", "A | A_STD\n1 | Light | 1", ["1"]),
    ("hardcode", "TWO WORDS", "A\n1 | .\n1 | 2", ["TWO WORDS", "TWO WORDS"]),
    ("join", "A B C", "A | B | C\n1 | x | y | z\n1 | . | y | .\n1 | x | . | z\n1 | . | . | .",
     ["x-y-z", "y", "x-z", None]),
    ("link_id", "T A B", "A | B\n1 | 1 | 2\n1 | . | 2\n1 | . | .", ["T1-2", "T2", None]),
    ("visit", "A", "A\n1 |  scr\n1 | D0\n1 | nowhere", ["SCREENING", "DAY 0", None]),
    ("visit", "A B", "A | B\n1 | SCR | 2\n1 | UNS | .", ["SCREENING", "UNSCHEDULED"]),
    ("visitnum", "A B", "A | B\n1 | SCR | 2\n1 | UNS | .", [1.0, 17.0]),
])
def test_the_rules_that_choose_join_and_name(rule, source, records, expected):
    assert applied(rule, source, f"SUBJECT | {records}")[0] == expected


@pytest.mark.parametrize("text", ["<5", "<=5", ">= 5.5", "< .5", "BLQ", "bloq", "nd", "<5."])
def test_a_result_may_be_said_to_lie_beyond_a_limit(text):
    assert applied("assign_result", "RES", f"SUBJECT | RES\n1 | {text}") == ([None], [])


@pytest.mark.parametrize("text", ["=5", "<", "<a", "BLQX", "NDX", "5<"])
def test_what_only_looks_like_a_limit_is_told(text):
    assert applied("assign_result", "RES", f"SUBJECT | RES\n1 | {text}")[1] == [["SDTM-NUM", "R1", "RES", text]]


@pytest.mark.parametrize(("collected", "limit", "text"), [
    ("blq", "25", "<25"), ("BLQ", ".", "BLQ"), (" ND", "25", "<25"), (">=9", "25", ">=9"), (".", "25", None),
    ("5.09E+03", "25", "5090"), ("1e-1", ".", "0.1"), ("16.50", "25", "16.50"), ("NEGATIVE", ".", "NEGATIVE"),
])
def test_without_a_limit_the_text_stays(collected, limit, text):
    assert applied("below_limit", "RES LLOQ", f"SUBJECT | RES | LLOQ\n1 | {collected} | {limit}")[0] == [text]


def test_each_rule_takes_these_words():
    assert {name: " ".join(rule.words) for name, rule in RULES.items()} == {
        "assign": "field", "assign_upper": "field", "assign_code": "field", "assign_ct": "field",
        "code_number": "field",
        "lookup": "field list", "assign_number": "field", "assign_result": "field", "assign_datetime": "field field?",
        "date_of_parts": "field field field field?",
        "hardcode": "text text*", "join": "field field*", "link_id": "text field field*",
        "below_limit": "field field", "visit": "field field?", "visitnum": "field field?", "part": "field text count",
        "date_from_day": "field count?", "date_from_month": "field", "day_of_date": "field",
        "days_between": "field field?", "months_between": "field field?",
    }


@pytest.mark.parametrize("word", ["Not detected", " not detected ", "не обнаружено"])
def test_a_laboratorys_own_word_for_nothing_quantified_is_below_the_limit(word):
    terms = pd.concat([TERMS, pd.DataFrame({"codelist": "BELOWLQ", "collected": ["NOT DETECTED", "НЕ ОБНАРУЖЕНО"],
                                            "submission": "BLQ"})]).astype("str")  # fmt: skip
    inputs, records = RuleInputs(Variable("X"), terms, VISITS), raw_form("F", "SUBJECT | RES | LLOQ\n1 | 7 | 25")
    records["RES"] = word
    number = RULES["assign_result"].make(records, ["RES"], inputs)
    assert (number.values.isna().tolist(), number.findings) == ([True], ())
    assert RULES["below_limit"].make(records, ["RES", "LLOQ"], inputs).values.tolist() == ["<25"]


def test_a_result_may_be_written_with_a_power_of_ten():
    values, found = applied("assign_result", "RES", "SUBJECT | RES\n1 | 5.09E+03\n1 | 1.2e-1\n1 | 1e3x")
    assert (values, found) == ([5090.0, 0.12, None], [["SDTM-NUM", "R3", "RES", "1e3x"]])
