"""A study says of an endpoint or a response of the standard only what differs."""

import pytest
from endpoint_files import told

from pipeline.ground.faults import TrialError
from pipeline.study.endpoints import load_endpoints
from pipeline.study.responses import load_responses


def made(code, text):
    """The words of a parameter of the standard, with what a study's file says of it."""
    word = text.partition(":")[0]
    load = load_responses if word == "response" else load_endpoints
    return next(one for one in told({"own.yaml": text}, load=load).said["made"] if one[word] == code)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("PFS", "endpoint: PFS\npopulation: RESP\n", {"clause": 'RESPFL == "Y"', "origin": "@TTE_ORIGIN"}),
        ("OS", "endpoint: OS\nlabel: OS (months)\nunit: months\n", {"unit": "months", "label": "OS (months)"}),
        ("BOR", "response: BOR\nbest: [CR, PR]\n", {"best": ["CR", "PR"], "recode": {"NR": "SD", "REL": "PD"}}),
        ("CRBEST", "response: CRBEST\nwithout: [to]\n", {"yes": "@COMPLETE_RESPONSES", "to": None}),
        ("CRBEST", "response: CRBEST\nwindow: DAY 28\n", {"window": "DAY 28", "to": None}),
        ("CRBEST", "response: CRBEST\nbest: [CR, PR]\n", {"best": ["CR", "PR"], "yes": None}),
    ],
)
def test_what_a_study_does_not_say_is_as_in_the_standard(code, text, expected):
    words = made(code, text)

    assert {word: words.get(word) for word in expected} == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("endpoint: OS\npopulation: RESP\n", True),
        ("endpoint: OS\nsituations: [death, alive]\n", True),
        ("endpoint: OS\norigin: CELLS\n", False),
        ("endpoint: OS\nsituations: [{event: DEATH, cause: 2}, alive]\n", False),
    ],
)
def test_a_sentence_on_the_rule_of_the_standard_goes_with_that_rule(text, kept):
    assert ("footnote" in made("OS", text)) == kept


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("endpoint: PFS\nwithout: [among]\n", "PFS of the standard says no `among:`", 2),
        ("endpoint: PFS\nwithout: [origin]\n", "`origin:` must be there", 2),
        ("endpoint: PFS\norigin: CELS\n", "Unknown source 'CELS'", 2),
        ("endpoint: BOR\npopulation: INF\n", "BOR is a code of `response:`, in bor.yaml", 1),
        ("endpoint: MYPFS\nlabel: Mine\n", "lacks `population:`", 1),
        ("endpoint: PFS\npopulatoin: INF\n", "unknown word 'populatoin'", 2),
    ],
)
def test_a_slip_is_told_in_the_file_of_the_study(text, what, line):
    with pytest.raises(TrialError, match=what) as error:
        made("", text)

    assert f"own.yaml, line {line}," in error.value.where
