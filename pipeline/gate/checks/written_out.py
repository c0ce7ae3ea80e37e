"""A check by SDTM meaning written out for the forms of a study: raw fields for variables, codes for terms."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any

from pipeline.gate.checks.meaning import NOT_THERE, WORD, LackingError, MadeBlock, StudyMeaning, blocks_of
from pipeline.ground import clauses

FIELDS = ("Field", "Fields", "FieldTable")
Parameters = Callable[[str], Mapping[str, Parameter]]


def written_out(check: Any, meaning: StudyMeaning, parameters: Parameters) -> list[Any]:
    """The check once per form that makes records of its domain; where none can, once, with what it lacks."""
    found, lacking = [], ""
    try:
        for block in blocks_of(meaning, check.domain):
            try:
                found += _of_block(check, block, parameters)
            except LackingError as error:
                lacking = lacking or str(error)
    except LackingError as error:
        lacking = str(error)
    lacking = lacking or f"the study does not collect such records of {check.domain}"
    distinct = [check for number, check in enumerate(found) if check not in found[:number]]
    return distinct or [dataclasses.replace(check, lacking=lacking)]


def _of_block(check: Any, block: MadeBlock, parameters: Parameters) -> list[Any]:
    where, chosen = block.clause(check.where), block.chosen()
    if where is False or chosen is False:
        return []
    parts = [part for part in (chosen, where) if not isinstance(part, bool)]
    kinds = {name: str(one.annotation).removesuffix(" | None") for name, one in parameters(check.rule).items()}
    own = [check.arguments[name] for name in check.arguments if kinds.get(name) == "Field"]
    for name in own:
        block.field(name)  # what is not collected at all is told before what is collected in another way
    arguments = {name: _argument(value, kinds.get(name, ""), block, own) for name, value in check.arguments.items()}
    return [dataclasses.replace(
        check, forms=(block.form,), field=block.field(check.field) if check.field else "", arguments=arguments,
        where=parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts),
        message=WORD.sub(lambda found: _told(found[1], block), check.message),
    )]  # fmt: skip


def _argument(value: Any, kind: str, block: MadeBlock, own: list[str]) -> Any:
    """An argument of a rule by its kind: fields, forms of domains, codes of the terms of its fields."""
    if kind == "Field":
        return block.dated(value)
    if kind == "Form":
        return block.meaning.form(value)
    if kind == "FieldTable":
        return {word: block.dated(name) for word, name in value.items()}
    if kind == "Fields":
        return [name for one in value for name in _each(one, block)]
    if kind == "Codes":
        return [code for term in value for code in _codes(term, block, own)]
    return value


def _each(name: str, block: MadeBlock) -> list[str]:
    """All fields of a variable of the check's own domain (date and time); of another domain the first."""
    if "." in name or not any(row.target == name for row in block.rows):
        return [block.field(name)]
    row = next(row for row in block.rows if row.target == name)
    return [word for word in row.words if word in block.meaning.specs.contracts[block.form].fields] \
        if row.rule == "assign_datetime" else [block.field(name)]


def _codes(term: str, block: MadeBlock, own: list[str]) -> list[str]:
    """The codes that mean a term, by the first field of the check whose codelist has it; else the term."""
    for row in [row for name in own for row in block.rows if row.target == name]:
        codelist = block.meaning.codelist(block.domain, row)
        codes = block.meaning.codes(block.form, row.words[0], codelist, {term}) if codelist else []
        if codes:
            return codes
    told = [name for name in own if term in block.meaning.closed(block.domain, name)]
    if told:
        raise LackingError(f"the study does not collect {block.domain}.{told[0]} as {term}")
    return [term]


def _told(variable: str, block: MadeBlock) -> str:
    """A word of the message: the field the site knows, or that there is none."""
    try:
        return "{" + block.field(variable) + "}"
    except LackingError:
        return NOT_THERE


def with_places(check: Any, meaning: StudyMeaning, parameters: Parameters) -> Any:
    """A check of every form, whose arguments name `DOMAIN.VARIABLE`: with the raw fields those are."""
    kinds = {name: str(one.annotation).removesuffix(" | None") for name, one in parameters(check.rule).items()}
    arguments = dict(check.arguments)
    for name in [name for name in arguments if kinds.get(name) == "Field" and meaning.is_variable(arguments[name])]:
        try:
            arguments[name] = meaning.place(arguments[name], "")
        except LackingError as error:
            return dataclasses.replace(check, lacking=str(error))
    return dataclasses.replace(check, arguments=arguments)


def names_of(check: Any, parameters: Parameters) -> list[str]:
    """The variables a check names: its field, those of its clause and of its arguments."""
    kinds = {name: str(one.annotation).removesuffix(" | None") for name, one in parameters(check.rule).items()}
    told = [check.field] if check.field else []
    told += clauses.names(check.where)
    for name, value in check.arguments.items():
        if kinds.get(name) in FIELDS:
            told += [value] if isinstance(value, str) else list(value.values() if isinstance(value, dict) else value)
    return list(dict.fromkeys([*told, *WORD.findall(check.message)]))
