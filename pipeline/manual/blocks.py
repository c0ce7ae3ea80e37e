"""The parts of the manual that are made: tables of words, rules and rows, examples, slips and what is said of them."""

from __future__ import annotations

import csv
import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from pipeline.gate.checks.catalogue import rules as check_rules
from pipeline.manual import words
from pipeline.manual.example import EXAMPLE, said_of
from pipeline.manual.kinds import KINDS, Kind
from pipeline.manual.markdown import code, table
from pipeline.manual.reference import of_datasets, of_domains, of_terms
from pipeline.manual.words import Word
from pipeline.study.decisions import load_decisions
from sdtm.mapping.records import RECORD_RULES
from sdtm.mapping.rules import RULES
from tlf.rows import kinds as rows

ROWS_OF = "rows[]."
NAMED = {"mapping": RULES, "records": RECORD_RULES}


def of_words(root: Path, name: str) -> str:
    """The words of a kind of YAML file; rows of outputs have tables of their own."""
    kind = next(one for one in KINDS if one.name == name)
    return _words(word for word in words.words(kind) if ROWS_OF not in word.path)


def of_own_words(root: Path, name: str) -> str:
    """The words of a kind that stand in its own table of meanings alone: those that no other kind has."""
    kind = next(one for one in KINDS if one.name == name)
    return _words(word for word in words.words(kind) if word.said and word.said.table == name)


def _words(told: Iterable[Word]) -> str:
    lines = [
        (code(one.path) + " *" * one.must, one.type, code(one.default) or (one.said.default if one.said else ""),
         one.said.meaning if one.said else "", code(one.said.example) if one.said else "")
        for one in told
    ]  # fmt: skip
    return table(("Word", "What stands there", "Left out", "Meaning", "Example"), lines)


def of_columns(root: Path, name: str) -> str:
    """The columns of a kind of CSV file."""
    said = [(one.path, one.said) for one in words.columns(name)]
    lines = [(code(path), one.meaning if one else "", code(one.example) if one else "") for path, one in said]
    return table(("Column", "Meaning", "Example"), lines)


def of_rules(root: Path, name: str) -> str:
    """The rules that a row of a mapping sheet may name, with the words of its `source`."""
    lines = [(code(word), code(" ".join(rule.words)), first(rule.make)) for word, rule in NAMED[name].items()]
    return table(("Rule", "Source", "Meaning"), lines)


def of_check_rules(root: Path, name: str) -> str:
    """The rules that a check may name, with their arguments."""
    lines = [(code(word), _arguments(rule), first(rule)) for word, rule in sorted(check_rules().items())]
    return table(("Rule", "`with:`", "Finds"), lines)


def _arguments(rule: Callable[..., object]) -> str:
    told = list(inspect.signature(rule).parameters.values())[2:]
    return ", ".join(f"`{one.name}` ({_kind(one)})" for one in told)


def _kind(one: inspect.Parameter) -> str:
    """What an argument is, and what holds where it is not said."""
    kind = str(one.annotation).removesuffix(" | None")
    given = one.default is not inspect.Parameter.empty
    return kind + (f", else {one.default}" if given and one.default else ", may be left out" if given else "")


def of_rows(root: Path, name: str) -> str:
    """Every kind of row: what it makes, in which families, and its words."""
    told = [word for kind in KINDS if kind.name == "output" for word in words.words(kind)]
    parts = []
    for kind, made in rows.KINDS.items():
        families = [family for family, known in rows.OF_FAMILY.items() if kind in known]
        own = [word for word in told if word.path.startswith(f"{ROWS_OF}{kind}.")]
        shown = [replace(word, path=word.path.removeprefix(f"{ROWS_OF}{kind}.")) for word in own]
        parts += [f"### `{kind}`", f"{spec_inputs_of(made)} In {', '.join(families)}.{_cells(made)}", _words(shown)]
    return "\n\n".join(parts)


def of_decisions(root: Path, name: str) -> str:
    """Every decision of the standard: its question, its default and what else may be chosen."""
    standard = root / "specs" / "standard"
    told = load_decisions(standard, standard / "nowhere").values()
    lines = [(code(one.id), one.question, code(one.default), _chosen(one), one.why) for one in told]
    return table(("Decision", "Question", "Default", "May be", "Why"), lines)


def _chosen(one: object) -> str:
    choices, kind = getattr(one, "choices", ()), getattr(one, "type", "")
    low, high = getattr(one, "bounds", (None, None))
    limits = " to ".join(f"{limit:g}" for limit in (low, high) if limit is not None)
    return ", ".join(choices) or ("Y, N" if kind == "flag" else f"{kind} {limits}".strip())


def of_file(root: Path, name: str) -> str:
    """A whole file of the example study, or of the standard."""
    path = root / EXAMPLE / name if (root / EXAMPLE / name).exists() else root / name
    text = path.read_text(encoding="utf-8").rstrip("\n")
    return f"`{path.relative_to(root)}`:\n\n```{path.suffix.lstrip('.')}\n{text}\n```"


def of_settings(root: Path, name: str) -> str:
    """What an editor is told: the schema of every kind of file of a study, and of the standard's own."""
    told = {f"docs/specs/schema/{kind.name}.json": globs for kind in KINDS if (globs := _globs(kind))}
    return f"```json\n{json.dumps({'yaml.schemas': told}, indent=2)}\n```"


def _globs(kind: Kind) -> list[str]:
    """The files of a kind, without those in the same place that are of another kind."""
    if kind.begins:
        return []
    own = [f"specs/*/{one}" for one in kind.study] or [f"specs/standard/{one}" for one in kind.standard]
    others = {f"specs/*/{one}" for other in KINDS for one in other.study if other.study != kind.study}
    others |= {f"specs/standard/{one}" for one in kind.study if not kind.standard for other in KINDS
               if one in other.standard}  # fmt: skip
    within = [one for one in sorted(others) if any(fnmatch(one, mine) and one != mine for mine in own)]
    return [*own, *(f"!{one}" for one in within)]


def of_needs(root: Path, name: str) -> str:
    """What derivations look for in SDTM, and what they make of it."""
    with (root / EXAMPLE.parent / "needs.csv").open(encoding="utf-8", newline="") as file:
        lines = [(one["what"], one["domain"], code(one["where"]), one["gives"], one["makes"])
                 for one in csv.DictReader(file)]  # fmt: skip
    return table(("What", "Domain", "Records", "Variables", "For"), lines)


def of_slips(root: Path, name: str) -> str:
    """Usual slips in a file of the example, and what the linter says of them."""
    with (root / EXAMPLE.parent / "slips.csv").open(encoding="utf-8", newline="") as file:
        told = [line for line in csv.DictReader(file) if line["page"] == name]
    lines = [(code(one["written"]), code(one["slip"]), said_of(root, one)) for one in told]
    return table(("Instead of", "somebody writes", "and is told"), lines)


def spec_inputs_of(made: object) -> str:
    """What a docstring says, on one line."""
    return " ".join((inspect.getdoc(made) or "").split())


def _cells(made: type[rows.ShellRow]) -> str:
    """The statistics that the cells of a kind of row may print."""
    told = ", ".join(map(code, getattr(made, "made", ())))
    return f" Cells may print {told}." if told else ""


def first(made: object) -> str:
    """The first sentence of a docstring."""
    text = " ".join((inspect.getdoc(made) or "").split("\n\n")[0].split())
    return text.partition(". ")[0].rstrip(".") + "."


BLOCKS: dict[str, Callable[[Path, str], str]] = {
    "words": of_words, "own words": of_own_words, "columns": of_columns, "rules": of_rules, "rows": of_rows,
    "check rules": of_check_rules, "decisions": of_decisions, "file": of_file, "slips": of_slips,
    "domains": of_domains, "datasets": of_datasets, "terms": of_terms, "needs": of_needs, "settings": of_settings,
}  # fmt: skip
