"""What of a sponsor's workbook becomes specs of the study: words that its dataset specs may say otherwise.

Labels, structures, origins, predecessors, methods and comments are taken, each as a line of the study's file on the
dataset; what is made of the data or by a recipe (types, lengths, order, keys) is told where it differs, never taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ground.words import did_you_mean
from pipeline.publish.specification import sheets
from pipeline.publish.specification.joined import clauses_of
from pipeline.publish.specification.problems import SpecProblem, listed
from pipeline.publish.specification.sheets import SpecSheet

Record = Mapping[str, str]
FIXED = ("Data Type", "Key Variables", "Mandatory", "Class", "Repeating")
BDS = "PARAMCD"


@dataclass
class OwnWords:
    """What a study is to say otherwise of a dataset: its own words, those of variables and of parameters by name."""

    words: dict[str, str] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)


def unlike(book: Sequence[SpecSheet], own: Sequence[SpecSheet]) -> Iterator[SpecProblem]:
    """Datasets and variables that the study does not have, and what it has otherwise and cannot say."""
    theirs, ours = ({one.kind: one for one in each if one.kind} for each in (book, own))
    for kind in (sheets.DATASETS, sheets.VARIABLES):
        known = {_key(kind, record): record for record in ours[kind].records()}
        for number, record in enumerate(theirs[kind].records()):
            line, here = theirs[kind].line(number), known.get(_key(kind, record))
            if here is None:
                what = f"the study has no {'.'.join(_key(kind, record))} with records"
                names = [".".join(key) for key in known]
                cure = f"{did_you_mean('.'.join(_key(kind, record)), names)} A further one needs its spec and its rule"
                yield SpecProblem(theirs[kind].name, line, "", what, cure)
                continue
            for column in FIXED:
                said, is_so = record.get(column, ""), here.get(column, "")
                if said and listed(said) != listed(is_so):
                    cure = "data and rules make it so: change the workbook, or the standard's spec with its rule"
                    yield SpecProblem(theirs[kind].name, line, column, f"says {said}; the study has {is_so}", cure)


def own_words(book: Sequence[SpecSheet], own: Sequence[SpecSheet]) -> dict[str, OwnWords]:
    """What the study is to say otherwise than it does, by dataset."""
    theirs, ours = (_told({one.kind: one for one in each if one.kind}) for each in (book, own))
    found: dict[str, OwnWords] = {}
    for place, words in theirs.items():
        here = ours.get(place)
        other = {word: text for word, text in words.items() if here is not None and text and here.get(word, "") != text}
        if other:
            dataset, variable, parameter = place
            told = found.setdefault(dataset, OwnWords())
            if parameter:
                told.parameters[parameter] = other
            elif variable:
                told.variables[variable] = other
            else:
                told.words |= other
    return found


def _told(book: Mapping[str, SpecSheet]) -> dict[tuple[str, str, str], dict[str, str]]:
    """What a workbook says in the words of specs, by dataset, variable and parameter."""
    methods, comments = (_texts(book, kind) for kind in (sheets.METHODS, sheets.COMMENTS))
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for record in book[sheets.DATASETS].records():
        words = {"label": record.get("Label", ""), "structure": record.get("Structure", "")}
        found[record[sheets.DATASET], "", ""] = words
    for record in book[sheets.VARIABLES].records():
        found[record[sheets.DATASET], record[sheets.VARIABLE], ""] = {
            "label": record.get("Label", ""), "origin": record.get("Origin", ""),
            "source": record.get("Predecessor", ""), "derivation": methods.get(record.get(sheets.METHOD, ""), ""),
            "comment": comments.get(record.get(sheets.COMMENT, ""), ""),
        }  # fmt: skip
    return found | dict(_parameters(book, methods))


def _parameters(
    book: Mapping[str, SpecSheet], methods: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str, str], dict[str, str]]]:
    """How the parameters of analysis datasets are made, where one comparison tells them."""
    clauses = clauses_of(book[sheets.CLAUSES].records()) if sheets.CLAUSES in book else {}
    for record in book[sheets.VALUES].records() if sheets.VALUES in book else []:
        told = [one for one in clauses.get(record.get(sheets.WHERE, ""), ()) if one[1:3] == (BDS, "EQ")]
        if len(told) == 1 and record[sheets.VARIABLE] in ("AVAL", "AVALC"):
            method = methods.get(record.get(sheets.METHOD, ""), "")
            yield (record[sheets.DATASET], "", told[0][3]), {"label": record.get("Label", ""), "derivation": method}


def _texts(book: Mapping[str, SpecSheet], kind: str) -> dict[str, str]:
    records = book[kind].records() if kind in book else []
    return {record["ID"]: record.get("Description", "") for record in records}


def _key(kind: str, record: Record) -> tuple[str, ...]:
    return tuple(record.get(column, "") for column in sheets.KEYS[kind])
