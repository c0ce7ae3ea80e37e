"""Every word of every kind of spec file has a meaning, and every meaning a word; examples are what may stand there."""

from dataclasses import dataclass, field

import pytest

from pipeline.gate.checks.catalogue import rules
from pipeline.lint.structure import STANDARD, STUDY
from pipeline.manual import words
from pipeline.manual.kinds import ANY, KINDS
from pipeline.manual.words import default_of, meaning, told_by, type_of, unread, unsaid
from pipeline.study import shapes
from pipeline.study.yaml_text import load_yaml
from sdtm.mapping.records import RECORD_RULES
from sdtm.mapping.rules import RULES
from tlf.rows import kinds

CURE = "add a line (path,meaning,example,default,see) to the table in pipeline/study/words"


def test_every_word_has_a_meaning():
    assert unsaid() == [], CURE


NAMED = {"mapping rules": RULES, "rules of records": RECORD_RULES, "kinds of rows": kinds.KINDS, "checks": rules()}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_what_a_spec_may_name_says_what_it_does(named):
    """The first sentence of its docstring is its meaning; a dataclass would make one of its fields."""
    said = {name: getattr(one, "make", one).__doc__ or "" for name, one in named.items()}
    assert [name for name, text in said.items() if text[-1:] == ")" or not text.strip()] == []


def test_every_meaning_is_of_a_word_that_is_there():
    assert unread() == [], "strike the line"


@pytest.mark.parametrize(("home", "known"), [("standard", STANDARD), ("study", STUDY)])
def test_every_kind_of_file_that_the_linter_knows_is_in_the_manual(home, known):
    told = {pattern for kind in KINDS for pattern in getattr(kind, home)}

    assert {*known} - told - {ANY} == set(), "add a Kind to pipeline/manual/kinds.py"


def test_a_meaning_is_one_sentence():
    said = [word.said for kind in KINDS for word in words.words(kind)]
    assert [one.path for one in said if one.meaning[-1] != "." or len(one.meaning) > 220] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_example_is_what_may_stand_there(kind, tmp_path):
    wrong = []
    for number, (path, told) in enumerate(told_by(kind.shape).items()):
        file = tmp_path / f"{number}.yaml"
        file.write_text(f"x: {meaning(kind.name, path).example}\n", encoding="utf-8")
        said = load_yaml(file)["x"]
        if all(list(shapes.slips(said, shape)) for shape in told.shapes):
            wrong.append(f"{path}: {said}")
    assert wrong == []


@dataclass(frozen=True)
class Inner:
    b: int = 7
    c: tuple[str, ...] = ("X",)


@dataclass(frozen=True)
class Outer:
    a: str = "one"
    inner: Inner = field(default=Inner())
    several: dict[str, Inner] = field(default_factory=dict)
    rows: tuple[kinds.ShellRow, ...] = ()


@pytest.mark.parametrize(
    ("path", "default"),
    [("a", "one"), ("inner.b", "7"), ("inner.c", "X"), ("several.*.b", "7"), ("rows[].count.indent", "0"), ("z", "")],
)
def test_a_default_is_that_of_the_frozen_value(path, default):
    assert default_of(Outer, path) == default


SHAPE = {"a!": "text", "b": [{"c": ("0 or 1", ["text"])}], "d": {"*": {"e": "flag"}}, "f": {"g": "number", "*": "text"}}


def test_words_have_paths():
    told = {path: ([type_of(one) for one in said.shapes], said.must) for path, said in told_by(SHAPE).items()}

    assert told == {
        "a": (["text"], True), "b": (["list of words below"], False), "b[].c": (["0 or 1", "list of texts"], False),
        "d": (["`name: ...` pairs, each words below"], False), "d.*.e": (["true or false"], False),
        "f": (["words below"], False), "f.g": (["number"], False), "f.*": (["text"], False),
    }  # fmt: skip
