"""Texts longer than 200 bytes go on where the standard says, and nothing of them is lost."""

import pandas as pd
import pytest
from exported_frames import exported

from pipeline.publish.export.long_text import NO_WAY, in_parts, numbered, parts

SUPP = "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM QLABEL QVAL QORIG QEVAL"
MODEL = exported("suppxx", SUPP, []).spec
WORDS = " ".join(f"word{n:03d}" for n in range(60))  # 479 bytes
FIRST, SECOND, THIRD = WORDS[:199], WORDS[200:399], WORDS[400:]


def qualifiers(one):
    return one.data[["USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL", "QORIG"]].fillna("").to_numpy().tolist()


@pytest.mark.parametrize(("text", "longest", "expected"), [
    ("one two three", 7, ["one two", "three"]), ("one two three", 8, ["one two", "three"]),
    ("one two three", 6, ["one", "two", "three"]), ("unbroken", 3, ["unb", "rok", "en"]), ("short", 200, ["short"]),
    ("жар и озноб", 11, ["жар и", "озноб"]), ("发热发热", 7, ["发热", "发热"]),
])  # fmt: skip
def test_a_text_is_cut_between_words_and_never_within_a_sign(text, longest, expected):
    assert parts(text, "utf-8", longest) == expected


def test_what_an_event_says_further_stands_in_suppae_with_a_number_behind_the_name():
    ae = exported("ae", "STUDYID USUBJID AESEQ:integer AETERM", [("S", "S-1", 1, "short"), ("S", "S-2", 7, WORDS)])

    made, told = in_parts({"ae": ae}, MODEL, "ascii")

    assert made["ae"].data["AETERM"].tolist() == ["short", FIRST]
    assert made["suppae"].name == "SUPPAE"
    assert qualifiers(made["suppae"]) == [
        ["S-2", "AESEQ", "7", "AETERM1", SECOND, "CRF"], ["S-2", "AESEQ", "7", "AETERM2", THIRD, "CRF"],
    ]  # fmt: skip
    assert [(row.VARIABLE, row.VALUE, row.HOW) for row in pd.concat(told).itertuples()] == [
        ("AETERM", WORDS, "goes on in SUPPAE.AETERM1, SUPPAE.AETERM2")]  # fmt: skip


def test_a_domain_that_has_qualifiers_keeps_them_and_a_long_one_goes_on_beside_itself():
    ae = exported("ae", "STUDYID USUBJID AESEQ:integer AETERM", [("S", "S-1", 1, WORDS)])
    supp = exported("suppae", SUPP, [("S", "AE", "S-1", "AESEQ", "1", "AETERM1", "Taken", WORDS, "CRF", None)])

    made, _ = in_parts({"ae": ae, "suppae": supp}, MODEL, "ascii")

    assert {name: value for *_, name, value, _ in qualifiers(made["suppae"])} == {
        "AETERM1": FIRST, "AETERM11": SECOND, "AETERM12": THIRD, "AETERM2": SECOND, "AETERM3": THIRD}  # fmt: skip


def test_an_analysis_dataset_and_a_comment_go_on_in_a_further_variable():
    adae = exported("adae", "STUDYID USUBJID AETERM AESEV", [("S", "S-1", WORDS, "MILD")])
    co = exported("co", "STUDYID USUBJID COVAL COVAL1", [("S", "S-1", "a", WORDS)])

    made, _ = in_parts({"adae": adae, "co": co}, MODEL, "ascii")

    assert list(made["adae"].data) == ["STUDYID", "USUBJID", "AETERM", "AETERM1", "AETERM2", "AESEV"]
    assert made["adae"].data.iloc[0].tolist()[2:] == [FIRST, SECOND, THIRD, "MILD"]
    assert made["co"].data.iloc[0].tolist()[2:] == ["a", FIRST, SECOND, THIRD]
    assert [v.label for v in made["adae"].spec.variables][3] == "Label of AETERM 1"


@pytest.mark.parametrize(("name", "variables", "row"), [
    ("ti", "STUDYID IETEST", ("S", WORDS)), ("suppae", SUPP, ("S", "AE", "S", "", "", "X", WORDS, "v", "CRF", None)),
    ("co", "STUDYID USUBJID COVAL COVAL1", ("S", "S-1", WORDS, "goes on")),
])  # fmt: skip
def test_a_text_that_has_no_place_to_go_on_is_told_and_stays_whole(name, variables, row):
    made, told = in_parts({name: exported(name, variables, [row])}, MODEL, "ascii")

    assert WORDS in made[name].data.iloc[0].tolist()
    assert [(found["HOW"].tolist(), found["WRITTEN"].isna().all()) for found in told] == [([NO_WAY], True)]


def test_a_long_text_that_the_file_has_no_signs_for_stays_whole_for_it_is_refused_as_it_is():
    text = "жар " * 60 + "end"
    made, told = in_parts({"ae": exported("ae", "STUDYID USUBJID AETERM", [("S", "S-1", text)])}, MODEL, "ascii")

    assert made["ae"].data["AETERM"].tolist() == [text] and told == [] and list(made) == ["ae"]


@pytest.mark.parametrize(("name", "count", "taken", "expected"), [
    ("AETERM", 2, (), ("AETERM1", "AETERM2")), ("AEACNOTH", 2, (), ("AEACNOT1", "AEACNOT2")),
    ("COVAL4", 1, ("COVAL", "COVAL1", "COVAL2", "COVAL3", "COVAL4"), ("COVAL5",)),
    ("AVALC", 1, ("AVALC1",), ("AVALC2",)), ("AVALC", 10, (), (*(f"AVALC{n}" for n in range(1, 11)),)),
])  # fmt: skip
def test_names_go_on_in_numbers_of_at_most_eight_letters(name, count, taken, expected):
    assert numbered(name, count, taken) == expected
