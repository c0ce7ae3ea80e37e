"""What an output says twice: every number of its results has one address, by ids and by labels."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.yaml_text import Content, Where
from tlf.ids import named
from tlf.rows import written

LISTED = ("datasets", "decisions", "tables", "sort", "footnotes")


def check_twice(document: Document) -> Iterator[Problem]:
    """Names, sets, rows and levels that stand twice, and ticks that do not ascend."""
    output = document.content
    for word in LISTED:
        for number, name in enumerate(output.get(word, [])):
            if name in output[word][:number]:
                yield document.problem((word, number), ERROR, f"'{name}' stands twice", "take one of them away")
    yield from _rows(document, output.get("rows", []), ("rows",))
    yield from _sets(document, output.get("sets", []))
    for number, one in enumerate(output.get("sets", [])):
        yield from _rows(document, one.get("rows", []), ("sets", number, "rows"))
    yield from _ticks(document, [float(tick) for tick in output.get("ticks", [])])


def _sets(document: Document, sets: Content) -> Iterator[Problem]:
    names = [one.get("id") or named(one["label"]) for one in sets]
    labels = [one["label"] for one in sets]
    for number in range(len(sets)):
        if names[number] in names[:number] or labels[number] in labels[:number]:
            what = f"the set '{labels[number]}' stands twice"
            yield document.problem(("sets", number), ERROR, what, "give each its own label and id")


def _rows(document: Document, rows: Content, where: Where) -> Iterator[Problem]:
    """Rows that their ids, or the labels that lead to them, do not tell apart."""
    ids, labels, seen = list[str](), list[str](), set[str]()
    for number, row in enumerate(rows):
        label, depth = next(iter(row.values())), int(row.get("indent", 0))
        ids = [*ids[:depth], row.get("id") or named(label)]
        labels = [*labels[:depth], label]
        told = {f"id {row.get('id') or '.'.join(ids)}", " / ".join(labels)}
        if told & seen and "id" in row and f"id {row['id']}" in seen:
            what = f"the id '{row['id']}' stands twice"
            yield document.problem((*where, number, "id"), ERROR, what, "an id addresses one")
        elif told & seen:
            what = f"two rows are called '{label}'"
            yield document.problem((*where, number), ERROR, what, "give them labels (and ids) that differ")
        seen |= told
        yield from _levels(document, row.get("values", []), (*where, number, "values"))


def _levels(document: Document, values: Content, where: Where) -> Iterator[Problem]:
    """Levels that results or the page would call alike, or not at all."""
    levels = [written.level(part) for part in values]
    for number, level in enumerate(levels):
        before = levels[:number]
        if not level.label:
            yield document.problem((*where, number), ERROR, "the level has no label", "say `label:`")
        elif level.id in [one.id for one in before]:
            what = f"the level '{level.id}' stands twice"
            yield document.problem((*where, number), ERROR, what, "give it an id of its own")
        elif level.label in [one.label for one in before]:
            what = f"two levels are called '{level.label}'"
            yield document.problem((*where, number), ERROR, what, "give them labels that differ")


def _ticks(document: Document, ticks: list[float]) -> Iterator[Problem]:
    for number, tick in enumerate(ticks):
        if tick < 0 or (number and tick <= ticks[number - 1]):
            what = f"the tick {tick:g} is not above the one before it"
            yield document.problem(("ticks", number), ERROR, what, "months from 0 on, ascending")
