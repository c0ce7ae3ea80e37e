"""Specs are read as the text that stands in the file; what YAML would quietly change is refused."""

import pytest

from pipeline.ground.faults import TrialError
from pipeline.study.yaml_text import load_yaml


def written(tmp_path, text):
    path = tmp_path / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_scalar_stays_the_text_it_is(tmp_path):
    content = load_yaml(written(tmp_path, "flag: NO\nversion: 1.10\nday: 012\nnothing: null\ndate: 2026-06-30\n"))

    assert content == {"flag": "NO", "version": "1.10", "day": "012", "nothing": "null", "date": "2026-06-30"}


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("a: 1\nb: [2\nc: 3\n", "Malformed YAML", "line 3"),
        ("a: 1\na: 2\n", "the key 'a' is repeated", "line 2"),
        ("x: {a: 1, a: 2}\n", "the key 'a' is repeated", "line 1, column 11"),
        ("a: &here 1\nb: *here\n", "anchor or alias 'here'", "line 1"),
        ("a: b: c\n", "Malformed YAML", "line 1"),
    ],
)
def test_malformed_yaml_is_refused_with_its_line(tmp_path, text, what, where):
    with pytest.raises(TrialError) as error:
        load_yaml(written(tmp_path, text))

    assert what in error.value.what
    assert where in error.value.where
    assert "spec.yaml" in error.value.where


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")

    with pytest.raises(TrialError, match="not UTF-8"):
        load_yaml(path)
