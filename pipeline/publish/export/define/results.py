"""Analysis Results Metadata 1.0 from shells: each table and figure, each population of it an analysis.

An analysis names its datasets with the records that it asks for, as far as a define can say it: comparisons that must
all hold. Conditions joined otherwise stand in words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from pipeline.ground.clauses import filled, read
from pipeline.ground.grammar import Clause, Comparison, Joined, Name
from pipeline.ground.words import value_text
from pipeline.publish.export.define.facts import Analysis, AnalysisData, Display, RangeCheck, Where
from pipeline.publish.export.oids import group_oid, item_oid
from pipeline.study.decisions import Choice
from pipeline.study.specs import Output, Specs
from tlf.decided import with_decisions
from tlf.shells import AnalysisSet, Shell

HOW = {"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE", "in": "IN", "not in": "NOTIN"}
SECTIONS = {"14.1": "STUDY POPULATION", "14.2": "EFFICACY", "14.3": "SAFETY"}  # ICH E3, 14
OTHER, REASON = "OTHER", "SPECIFIED IN SAP"
KINDS = ("table", "figure")
ADSL, PARAMETER, VALUE = "adsl", "PARAMCD", "AVAL"
NAMED, NAMING = ("==", "in"), ("variable", "value", "by", "within", "reading", "against")


@dataclass(frozen=True)
class AskedOf:
    """What a part of a shell asks of a dataset: a condition on its records ('': all), and the variables it names."""

    dataset: str
    where: str
    words: tuple[str, ...] = ()


def displays(specs: Specs, variables: Mapping[str, frozenset[str]]) -> Iterator[Display]:
    """The tables and figures of a study, by number; `variables` are those of each dataset that there is."""
    decisions = {name.lower(): decision.value for name, decision in specs.decisions.items()}
    told = [one for one in specs.outputs.values() if one.shell.kind in KINDS]
    there = [one for one in told if one.shell.datasets and set(one.shell.datasets) <= set(variables)]
    for output in sorted(there, key=lambda one: [int(part) for part in re.findall(r"\d+", one.shell.output)]):
        yield _display(output, variables, decisions)


def _display(output: Output, variables: Mapping[str, frozenset[str]], decisions: Mapping[str, Choice]) -> Display:
    shell = output.shell
    number = shell.output
    purpose = SECTIONS.get(re.sub(r"^\D+", "", number)[:4], OTHER)
    title = with_decisions(" - ".join(shell.title), decisions)
    populations = [one for one in shell.sets if one.id] or [shell.population]
    analyses = tuple(_analysis(shell, one, variables, decisions, purpose) for one in populations)
    return Display(f"RD.{number}", number, title, analyses)


def _analysis(
    shell: Shell, population: AnalysisSet, variables: Mapping[str, frozenset[str]], decisions: Mapping[str, Choice],
    purpose: str,
) -> Analysis:
    """What one population is analysed for."""
    oid = f"AR.{shell.output}.{population.id or 'ALL'}"
    where = population.where or shell.population.where
    asked = [AskedOf(ADSL, where), *_asked(population.rows or shell.rows)]
    other = [name for name in shell.datasets if name != ADSL]
    asked += [AskedOf(shell.of or other[-1], shell.where)] if shell.where and (shell.of or other) else []
    named = dict.fromkeys([ADSL, *(one.dataset for one in asked if one.dataset in variables), *shell.datasets])
    data = tuple(_data(oid, name, [one for one in asked if one.dataset == name], variables[name], decisions)
                 for name in named if name in variables)  # fmt: skip
    said = [f"Population: {population.label or shell.population.label}." if population.label else "", *shell.footnotes]
    words = " ".join(with_decisions(text, decisions) for text in said if text)
    label = with_decisions(population.label or shell.title[0], decisions)
    return Analysis(oid, label, REASON, purpose, data, words, f"trial build {shell.output}")


def _asked(part: object) -> Iterator[AskedOf]:
    """The conditions within rows, each with the dataset that it is asked of."""
    if isinstance(part, tuple | list):
        for one in part:
            yield from _asked(one)
    elif is_dataclass(part) and not isinstance(part, type):
        of, where = getattr(part, "of", "") or getattr(part, "default", ""), getattr(part, "where", "")
        if isinstance(of, str) and of and isinstance(where, str):
            said = [getattr(part, name, ()) for name in NAMING]
            yield AskedOf(of, where, tuple(word for one in said for word in ((one,) if isinstance(one, str) else one)))
        for each in fields(part):
            yield from _asked(getattr(part, each.name))


def _data(
    analysis: str, name: str, asked: list[AskedOf], there: frozenset[str], decisions: Mapping[str, Choice]
) -> AnalysisData:
    """A dataset of an analysis: the records asked for and the variables that are looked at."""
    clauses = _clauses(asked, decisions)
    held = _clauses(asked[:1], decisions) if name == ADSL else clauses  # of subjects the population's alone
    checks = _conjunction(held[0], name) if len(held) == 1 else None
    checks = checks if checks is not None else _parameters(held, name)
    looked = dict.fromkeys(word for clause in clauses for word in clause.names if word in there)
    looked |= dict.fromkeys(word for one in asked for word in (*one.words, VALUE) if word in there)
    where = Where(f"WC.{analysis}.{name.upper()}", tuple(checks)) if checks else None
    items = {word: item_oid(name.upper(), word) for word in (*looked, PARAMETER)}
    return AnalysisData(group_oid(name.upper()), where, items[PARAMETER] if PARAMETER in there else "",
                        tuple(items[word] for word in looked))  # fmt: skip


def _clauses(asked: Iterable[AskedOf], decisions: Mapping[str, Choice]) -> list[Clause]:
    """The conditions, each once, with the values of decisions."""
    return [read(filled(where, decisions)) for where in dict.fromkeys(one.where for one in asked if one.where)]


def _conjunction(clause: Clause, name: str) -> list[RangeCheck] | None:
    """The comparisons that must all hold, None where a define cannot say the clause so."""
    return _checks(clause.node, name)


def _checks(node: Comparison | Joined, name: str) -> list[RangeCheck] | None:
    if isinstance(node, Joined):
        parts = [_checks(part, name) for part in node.parts]
        if node.by != "and" or any(part is None for part in parts):
            return None
        return [check for part in parts if part is not None for check in part]
    values = node.right if isinstance(node.right, tuple) else (node.right,)
    if any(isinstance(value, Name) or value == "" for value in values):
        return None
    texts = tuple(value_text(value) for value in values)
    return [RangeCheck(item_oid(name.upper(), node.left.id), HOW[node.how], texts)]


def _parameters(clauses: list[Clause], name: str) -> list[RangeCheck]:
    """The parameters that several clauses name, where each names some."""
    told = [[one for one in clause.comparisons if one.left.id == PARAMETER and one.how in NAMED] for clause in clauses]
    if not told or not all(told):
        return []
    rights = [one.right for found in told for one in found]
    values = dict.fromkeys(str(v) for right in rights for v in (right if isinstance(right, tuple) else (right,)))
    return [RangeCheck(item_oid(name.upper(), PARAMETER), "IN" if len(values) > 1 else "EQ", tuple(sorted(values)))]
