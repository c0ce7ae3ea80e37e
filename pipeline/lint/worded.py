"""The `words:` of an output: variables and decisions there are, and values that they can have."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.words import did_you_mean
from pipeline.lint.known import KnownValues
from pipeline.lint.places import ERROR, WARNING, Document, Problem
from pipeline.study.yaml_text import Content, Where


def check_words(document: Document, datasets: list[str], known: KnownValues) -> Iterator[Problem]:
    """Words that would never be printed: of no variable or decision of the output, or of a value that none has."""
    output = document.content
    yield from _words(document, output.get("words", {}), ("words",), datasets, known)
    for number, block in enumerate(output.get("blocks", [])):
        yield from _words(document, block.get("words", {}), ("blocks", number, "words"), datasets, known)


def _words(
    document: Document, words: Content, where: Where, datasets: list[str], known: KnownValues
) -> Iterator[Problem]:
    fields = {name: field for one in datasets for name, field in known.fields(one).items()}
    derived = {name for one in datasets for name in known.derived(one)}
    decisions = known.specs.decisions
    for name, told in words.items():
        if name not in fields and name not in decisions:
            what = f"words are given for {name}, which is no variable or decision of the output"
            yield document.problem((*where, name), ERROR, what, did_you_mean(name, [*fields, *decisions]))
            continue
        choices = decisions[name].choices if name in decisions else fields[name].values
        for value in [value for value in told if choices and value not in choices]:
            yield document.problem((*where, name, value), ERROR, f"{name} never is '{value}'",
                                   did_you_mean(value, choices or ()))  # fmt: skip
        for value in told if name in derived and not choices else ():
            if "@" not in value and not known.says(value):
                what = f"{name} never is '{value}', as far as specs say"
                yield document.problem((*where, name, value), WARNING, what, "see the file that gives its values")
