"""The register of accepted deviations: what it silences, until when, and what is said of a wrong line."""

from dataclasses import replace

import pytest
from mini_study import extract, files, project, vital

from pipeline.gate.accepted import read_register
from pipeline.gate.step import set_aside
from pipeline.gate.validation import validate
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.queries import finding

HEADER = "check,form,record,field,value,reason,who,expires\n"
DAY = "2026-03-31"
LINE = "RAW-RANGE,VS,2,TEMP,99,thermometer replaced,J. Doe,{}\n"

# Value in the extract, last day of the acceptance, status, and what the note begins with.
HELD = [
    ("99", "", "accepted", "accepted by J. Doe: thermometer replaced"),
    ("99", "2026-03-31", "accepted", "accepted by J. Doe: thermometer replaced (until 2026-03-31)"),
    ("99", "2026-03-30", "new", "the acceptance by J. Doe expired on 2026-03-30"),
    ("98", "", "new", "accepted with the value '99' by J. Doe"),
    ("37", "", None, ""),
]


@pytest.mark.parametrize(("temp", "expires", "status", "note"), HELD)
def test_an_acceptance_holds_until_its_last_day_and_for_its_value_only(tmp_path, temp, expires, status, note):
    specs = project(tmp_path)
    (specs.folder / "accepted.csv").write_text(HEADER + LINE.format(expires))
    validation = validate(specs, extract(tmp_path, DAY, files([vital("1", "36"), vital("2", temp)])), DAY)

    told = validation.queries[["status", "note"]].to_numpy().tolist()
    assert told == ([[status, note]] if status else [])
    state = {"accepted": "in force", None: "not found in this extract"}.get(status) or (
        "expired" if "expired" in note else "value changed"
    )
    if status:
        assert validation.register["state"].tolist() == [state]


def test_an_accepted_query_is_shown_and_counted_no_more(tmp_path):
    specs = project(tmp_path)
    (specs.folder / "accepted.csv").write_text(HEADER + LINE.format(""))
    validation = validate(specs, extract(tmp_path, DAY, files([vital("2", "99")])), DAY)

    assert validation.counts() == {"critical": 0, "major": 0, "minor": 0}
    assert len(validation.queries) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("RAW-RANG,VS,2,TEMP,99,why,me,\n", "line 2: the check 'RAW-RANG' is unknown; did you mean RAW-RANGE?"),
        ("RAW-RANGE,VX,2,TEMP,99,why,me,\n", "line 2: the form 'VX' is unknown; known are: VS"),
        (
            "RAW-RANGE,VS,2,TEMP,99,why,me,31.12.2026\n",
            "line 2: '31.12.2026' is no date; write `expires` as 2026-12-31",
        ),
        ("RAW-RANGE,VS,2,TEMP,99,why,me,2026-02-30\n", "line 2: '2026-02-30' is no date"),
        ("RAW-RANGE,VS,2,TEMP,99,,me,\n", "line 2: `reason` is empty"),
        ("RAW-RANGE,VS,2,TEMP,99,why,,\n", "line 2: `who` is empty"),
        ("RAW-RANGE,VS,2,TEMP,9,9,why,me,\n", "line 2: 9 cells instead of 8"),
        (2 * "RAW-RANGE,VS,2,TEMP,99,why,me,\n", "line 3: the same acceptance stands above"),
    ],
)
def test_a_wrong_line_is_named_with_its_cure_and_not_used(tmp_path, line, said):
    path = tmp_path / "accepted.csv"
    path.write_text(HEADER + line)
    register, problems = read_register(path, ["RAW-RANGE"], ["VS"])

    assert len(register) == (1 if "same" in said else 0)
    assert len(problems) == 1
    assert said in problems[0]


def test_a_register_with_other_columns_is_not_guessed_at(tmp_path):
    path = tmp_path / "accepted.csv"
    path.write_text("check;form;record\nA;B;C\n")
    register, problems = read_register(path, ["A"], ["B"])

    assert len(register) == 0
    assert problems == [
        "accepted.csv, line 1: the columns must be check, form, record, field, value, reason, who, expires; "
        "no line of it is used."
    ]


NEST = "ID-NEST,ADSL,1010001,ITTFL,not in ENRLFL,consent form is on paper,J. Doe,{}\n"


@pytest.mark.parametrize(("expires", "value", "severity"), [
    ("", "not in ENRLFL", "info"), ("2026-03-30", "not in ENRLFL", "critical"), ("", "not in SAFFL", "critical"),
])  # fmt: skip
def test_a_finding_of_an_identity_is_accepted_like_any_other(tmp_path, expires, value, severity):
    specs = replace(project(tmp_path), datasets={"adsl": DatasetSpec(dataset="ADSL", layer="adam")})
    (specs.folder / "accepted.csv").write_text(HEADER + NEST.format(expires))
    found = finding("ID-NEST", "critical", "Outside.", form="ADSL", record="1010001", field="ITTFL", value=value)
    (told,) = set_aside(found, specs, DAY).to_dict("records")
    assert told["severity"] == severity
    assert told["message"].startswith("Accepted deviation (accepted by J. Doe: consent") == (severity == "info")


def test_a_line_on_an_identity_is_no_unknown_line_of_the_gate(tmp_path):
    specs = replace(project(tmp_path), datasets={"adsl": DatasetSpec(dataset="ADSL", layer="adam")})
    (specs.folder / "accepted.csv").write_text(HEADER + NEST.format(""))
    validation = validate(specs, extract(tmp_path, DAY, files([vital("1", "36")])), DAY)
    assert validation.problems == ()
    assert validation.register["state"].tolist() == ["asked by a build, not here"]
