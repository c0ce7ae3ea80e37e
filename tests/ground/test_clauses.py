"""One reader of every `where`: what it says of records, what it does with missing values, and what it refuses."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.ground.clauses import check, filled, meeting, meets, names, quoted, read
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import BESIDE, parsed

PEOPLE = pd.DataFrame(
    {
        "SEX": pd.Series(["F", "M", None, ""], dtype="str"),
        "RACE": pd.Series(["F", "A", None, None], dtype="str"),
        "AGE": [64.0, 65.0, np.nan, 70.5],
        "N": [1, 2, 3, 4],
        "SUM": [0.1 + 0.2, 0.301, 0.299, np.nan],
        "DAY": pd.to_datetime(["2026-01-31", "2026-06-30", None, "2026-07-01"]).astype("datetime64[s]"),
        "NOTE": pd.Series([None, None, None, None], dtype="object"),
    }
)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ('SEX == "F"', [0]),
        ('SEX != "F"', [1, 2, 3]),
        ('"F" == SEX', [0]),
        ("SEX == 'F'", [0]),
        ('SEX == ""', [2, 3]),
        ('SEX != ""', [0, 1]),
        ('SEX in ["F", "M"]', [0, 1]),
        ('SEX in ("M",)', [1]),
        ('SEX not in ["F"]', [1, 2, 3]),
        ('SEX in ["", "F"]', [0, 2, 3]),
        ('SEX not in ["", "F"]', [1]),
        ("SEX == RACE", [0]),
        ("SEX != RACE", [1, 2, 3]),
        ("AGE >= 65", [1, 3]),
        ("AGE < 65", [0]),
        ("SUM == 0.3", [0]),  # 0.1 + 0.2, which is 0.30000000000000004
        ("SUM != 0.3", [1, 2, 3]),
        ("SUM <= 0.3", [0, 2]),
        ("SUM > 0.3", [1]),
        ("SUM >= 0.3", [0, 1]),
        ("SUM < 0.3", [2]),
        ("not AGE < 65", [1, 2, 3]),
        ("65 <= AGE", [1, 3]),
        ("AGE > -1", [0, 1, 3]),
        ("64 < AGE <= 70.5", [1, 3]),
        ("AGE == 70.5", [3]),
        ("AGE != 65", [0, 2, 3]),
        ("AGE in [64, 65]", [0, 1]),
        ("AGE != AGE", [2]),
        ("AGE == AGE", [0, 1, 3]),
        ("SEX != SEX", [2]),
        ('AGE == ""', [2]),
        ('AGE != ""', [0, 1, 3]),
        ("N >= 3", [2, 3]),
        ("N in [1, 4]", [0, 3]),
        ("N > 2 and AGE > 70 or N == 1", [0, 3]),
        ("N > 2 and (AGE > 70 or N == 3)", [2, 3]),
        ('not (SEX == "F" or SEX == "M")', [2, 3]),
        ("not not N == 1", [0]),
        ('DAY <= "2026-06-30"', [0, 1]),
        ('DAY == ""', [2]),
        ('DAY > "2026-06-30"', [3]),
        ('NOTE == "x"', []),
        ("NOTE > 3", []),
        ('NOTE != "x"', [0, 1, 2, 3]),
        ('NOTE == ""', [0, 1, 2, 3]),
        ("NOTE == SEX", []),
        ("", [0, 1, 2, 3]),
        ("  ", [0, 1, 2, 3]),
    ],
)
def test_a_clause_chooses_the_records_it_speaks_of(clause, expected):
    assert expected == list(np.flatnonzero(meets(PEOPLE, clause)))
    assert expected == list(meeting(PEOPLE, clause).index)


@pytest.mark.parametrize(
    "clause", ['SEX == "F"', "N >= 3", "AGE != AGE", 'DAY == ""', 'SEX not in ["F"]', "not N == 1"]
)
def test_a_clause_of_no_records_chooses_none(clause):
    assert list(meets(PEOPLE.iloc[:0], clause)) == []
    assert bool == meets(PEOPLE.iloc[:0], clause).dtype


@pytest.mark.parametrize(
    "clause",
    [
        '@pd.io.common.os.system("touch x") == 0',
        'AGE.to_csv("x") == 1',
        "(AGE*9**9**9)>0",
        "AGE + 1 > 2",
        "AGE ** 2 > 1",
        "open('x')",
        "__import__('os') == 1",
        'SEX.str.len == "F"',
        'SEX[0] == "F"',
        'f"{SEX}" == "F"',
        "(N := 3) == 3",
        "[N for N in SEX] == 1",
        "lambda: N == 1",
        "`SEX` == 1",
        "N == 1; N == 2",
        "N if N == 1 else N",
        'SEX == {"F"}',
        "N @ N == 1",
        "N == 1 & N == 2",
        "N == 1 | N == 2",
        "~N == 1",
        "N = 1",
        "N",
        '"F" == "F"',
        "1 == 1",
        "not",
        "N ==",
        "== 1",
        "N in 3",
        'SEX in "F"',
        "SEX in []",
        'SEX in ["F", 1]',
        "SEX in [N]",
        "N == True",
        "SEX is None",
        "SEX == None",
        'SEX == "F',
        "SEX == 'F\\n'",
        "(N == 1",
        "N == 1)",
        "N == 1 N == 2",
        "N == 0x10",
        "N == 1_000",
        "N == 1e9999",
        "N == 1j",
        "N == --1",
        "N not 1",
        "\0",
        "(" * 500 + "N == 1" + ")" * 500,
        "not " * 3000 + "N == 1",
        "N == 1 or " * 5000 + "N == 1",
        "N == " + "9" * 5000,
        "N == 1 #",
        "$",
    ],
)
def test_what_is_no_comparison_is_refused_in_words(clause):
    with pytest.raises(TrialError) as error:
        meets(PEOPLE, clause, "specs/x/tlf/t.yaml, line 3")
    assert "cannot be read" in error.value.what and "line 3" in error.value.where and error.value.cure


def test_unknown_fields_and_decisions_are_named_with_what_is_near():
    with pytest.raises(TrialError, match="unknown field AEG") as error:
        check("AEG > 3 and N == 1", list(PEOPLE), "here")
    assert (error.value.where, error.value.cure) == ("here", "did you mean AGE?")
    with pytest.raises(TrialError, match="unknown decision AGE_CUTT"):
        check("AGE > @AGE_CUTT", list(PEOPLE), "here", decisions=["AGE_CUT"])
    with pytest.raises(TrialError, match="unknown field sex"):
        meets(PEOPLE, 'sex == "F"')


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        ("SEX == 1", "SEX holds a text, 1 is a number"),
        ('AGE == "65"', 'AGE holds a number, "65" is a text'),
        ('N in ["1"]', "N holds a number"),
        ("SEX == AGE", "SEX holds a text, AGE is a number"),
        ('DAY == "June"', "DAY holds dates, 'June' is none"),
        ('DAY > "2026-02-31"', "is none"),
        ("DAY > 3", "DAY holds a date"),
    ],
)
def test_a_text_is_never_compared_with_a_number(clause, message):
    with pytest.raises(TrialError, match=message):
        meets(PEOPLE, clause)


def test_decisions_are_filled_in_as_literals_before_a_clause_is_evaluated():
    decisions = {"age_cut": 65.0, "scale": 'a "b" \\', "both": ["A", "B"], "flag": True, "nothing": None}
    given = (
        'AGE >= @AGE_CUT and SEX == @SCALE and RACE in @BOTH and SEX == "a@scale" and RACE == @FLAG and N != @nothing'
    )
    expected = (
        'AGE >= 65 and SEX == "a \\"b\\" \\\\" and RACE in ["A", "B"] and SEX == "a@scale" and RACE == "Y" and N != ""'
    )
    assert expected == filled(given, decisions)
    with pytest.raises(TrialError, match="decision OTHER is not known"):
        filled("AGE > @OTHER", decisions)
    with pytest.raises(TrialError, match="names the decision AGE_CUT"):
        meets(PEOPLE, "AGE > @AGE_CUT")


@pytest.mark.parametrize("value", ["F", 'say "yes"', "back\\slash", "it's", "a\nb", "@x", ""])
def test_a_quoted_value_is_read_back_as_it_was(value):
    assert value == read(f"SEX == {quoted(value)}").comparisons[0].right


def test_a_clause_knows_its_fields():
    assert names('N > 1 and (SEX == "AGE" or not AGE in [1]) and N < @CUT') == ["N", "SEX", "AGE"]
    assert names("") == []


def test_a_clause_reads_as_pandas_reads_it():
    for clause in (
        'SEX == "F" or N >= 3',
        "not (AGE < 65) and N != 2",
        "AGE != AGE",
        'SEX in ["F"] or AGE == 65',
        "SEX != RACE",
    ):
        assert PEOPLE.eval(clause).tolist() == meets(PEOPLE, clause).tolist()


@pytest.mark.parametrize("clause", [
    '(A == "x") and (B == "y")',
    '(A == "x" or B == "y") and S == "1-01"',
    '((A == "x") and (B in ["y", "z"])) and (C > 1) and S == "(1) and (2)"',
    '(not (A == "x")) and (0 < C <= 2) and (C == @LIMIT) and (A == "y")',
])  # fmt: skip
def test_parts_in_parentheses_that_all_must_hold_are_read_one_by_one_as_the_whole_is(clause):
    one_by_one = parsed.__wrapped__(clause)
    spaced = parsed.__wrapped__(f"{clause} ")  # read in one pass

    assert BESIDE.fullmatch(clause) and not BESIDE.fullmatch(spaced.text)
    assert replace(one_by_one, text="") == replace(spaced, text="")


def test_a_slip_in_one_of_them_is_told_at_its_place_in_the_whole():
    with pytest.raises(TrialError, match="character 19, '='"):
        read('(A == "x") and (B = 3)')


def test_a_list_may_name_all_subjects_of_a_large_study():
    """The clause of a grade leaves out by name who had a higher one; of 20,000 that is half a million signs."""
    frame = pd.DataFrame({"USUBJID": [f"STUDY-SITE-{at:05d}" for at in range(20_000)]})
    met = meets(frame, f"USUBJID not in {quoted(list(frame['USUBJID'][1:]))}")
    assert frame["USUBJID"][met].tolist() == ["STUDY-SITE-00000"]
