"""A JSON schema takes every spec file there is, and marks a slip of the pen where it stands."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from pipeline.manual.kinds import KINDS, kind_of
from pipeline.manual.schema import schema_text

ROOT = Path(__file__).parents[2]
HOMES = [*(ROOT / "specs").iterdir(), ROOT / "docs" / "specs" / "example"]


class AsAnEditor(yaml.SafeLoader):
    """YAML as an editor reads it (1.2): numbers are those, flags are true and false alone, dates are texts."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        sign: [one for one in known if one[0].rpartition(":")[2] not in ("timestamp", "bool")]
        for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


AsAnEditor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


@cache
def validator(name):
    kind = next(one for one in KINDS if one.name == name)
    schema = json.loads(schema_text(kind))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def slips(name, text):
    found = validator(name).iter_errors(yaml.load(text, AsAnEditor))
    return sorted(".".join(map(str, error.absolute_path)) for error in found)


@pytest.mark.parametrize("home", sorted(HOMES), ids=lambda home: home.name)
def test_every_spec_file_is_of_the_schema_of_its_kind(home):
    place = "standard" if home.name == "standard" else "study"
    wrong = []
    for path in sorted(home.rglob("*.yaml")):
        kind = kind_of(str(path.relative_to(home)), place)
        assert kind, f"{path} is of no kind"
        wrong += [f"{path.relative_to(ROOT)}: {at}" for at in slips(kind.name, path.read_text(encoding="utf-8"))]
    assert wrong == []


STUDY = "study: S\narm: {code: A, label: Arm}\n"
ROW = "output: T-1\nfamily: categories\nkind: table\ntitle: [x]\nrows:\n  - "


@pytest.mark.parametrize(
    ("kind", "text", "at"),
    [
        ("study", STUDY, []),
        ("study", STUDY.replace("arm", "amr"), [""]),
        ("study", STUDY + "paper: A5\n", ["paper"]),
        ("study", STUDY + "anchor_day: 2\n", ["anchor_day"]),
        ("study", STUDY + "entry_days: 366\n", ["entry_days"]),
        ("study", STUDY + "treatments: {cells: {lable: X}}\n", ["treatments.cells"]),
        ("contract", "form: AE\nfields: {A: {type: dat}}\n", ["fields.A.type"]),
        ("contract", "form: AE\nfields: {A: , B: {required: true}}\n", []),
        ("output", ROW + "{count: Men, where: 'SEX == \"M\"', interval: exact, indent: 1}\n", []),
        ("output", ROW + "{cuont: Men, where: x}\n", ["rows.0"]),
        ("output", ROW + "{count: Men, where: x, interval: wald}\n", ["rows.0.interval"]),
        ("output", ROW + "{rate: PFS, where: x, at: 90}\n", ["rows.0"]),  # a kind that this family does not know
        ("output", ROW.replace("categories", "survival") + "{rate: PFS, where: x, at: 90}\n", []),
        ("endpoint", "response: R\nlabel: L\npopulation: INF\nassessments: COUNTED\nyes: [CR]\n", []),
        ("endpoint", "response: R\nlabel: L\npopulation: INF\nassessments: COUNTED\nyse: [CR]\n", [""]),
        ("checks", "- {id: X, severity: high}\n", ["0.severity"]),
        ("own_decision", "DLT_DAYS: 28\nDLT_MED: {value: ANY, why: Section 9}\n", []),
        ("own_decision", "DLT_MED: {value: ANY, wy: Section 9}\n", ["DLT_MED"]),
    ],
)  # fmt: skip
def test_a_slip_is_marked_where_it_stands(kind, text, at):
    assert slips(kind, text) == at


def test_a_word_says_its_meaning_and_its_default():
    words = validator("study").schema["properties"]

    assert words["paper"]["description"] == "Paper of RTF pages: Letter or A4."
    assert (words["paper"]["default"], words["paper"]["enum"]) == ("Letter", ["Letter", "A4"])
