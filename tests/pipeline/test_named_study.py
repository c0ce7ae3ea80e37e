"""Commands that take STUDY as a word understand --study too, as the commands that build do."""

import pytest
from click.testing import CliRunner

from pipeline.cli import trial


@pytest.mark.parametrize("command", ["mock", "coverage", "sensitivity"])
@pytest.mark.parametrize("words", [["nobodys"], ["--study", "nobodys"]])
def test_a_study_is_named_by_a_word_or_by_its_option(command, words):
    told = CliRunner().invoke(trial, [command, *words])
    assert "'nobodys'" in f"{told.output} {told.exception}"
    assert "No such option" not in told.output
