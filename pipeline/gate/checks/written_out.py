"""A check by SDTM meaning written out for the forms of a study: raw fields for variables, codes for terms."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any

from pipeline.gate.checks.mapped import factors_of
from pipeline.gate.checks.meaning import (
    ELSEWHERE,
    NOT_THERE,
    WORD,
    LackingError,
    MadeBlock,
    StudyMeaning,
    blocks_of,
)
from pipeline.gate.checks.other_domains import all_dates, milestone, places_of
from pipeline.gate.checks.places import Places, said
from pipeline.ground import clauses
from pipeline.study.yaml_text import Tree

SITE = "site"  # answers, unless a form has a sender of its own
FIELDS = ("Field", "Fields", "FieldTable", "DateTable")
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
    such = f" ({check.where})" if check.where else ""
    lacking = lacking or f"the study does not collect such records of {check.domain}{such}"
    whole = [one for one in found if not one.where]  # what looks at all records looks at those of every block
    found = [one for one in found if not one.where or dataclasses.replace(one, where="") not in whole]
    distinct = [one for number, one in enumerate(found) if one not in found[:number]]
    return distinct or [dataclasses.replace(check, lacking=lacking)]


def _of_block(check: Any, block: MadeBlock, parameters: Parameters) -> list[Any]:
    where, chosen = block.clause(check.where), block.chosen()
    if where is False or chosen is False:
        return []
    parts = [part for part in (chosen, where) if not isinstance(part, bool)]
    kinds = {name: str(one.annotation).removesuffix(" | None") for name, one in parameters(check.rule).items()}
    own = [check.arguments[name] for name in check.arguments if kinds.get(name) == "Field"]
    own = [name for name in own if "." not in name and name not in block.meaning.milestones]
    for name in own:
        block.field(name)  # what is not collected at all is told before what is collected in another way
    beside = _beside(check.arguments, kinds, block.meaning)
    arguments = {name: beside[name] if name in beside else _argument(value, kinds.get(name, ""), block, own, beside)
                 for name, value in check.arguments.items()}  # fmt: skip
    sender = block.meaning.specs.contracts[block.form].vendor if check.responsible == SITE else ""
    return [dataclasses.replace(
        check, responsible=sender or check.responsible, forms=(block.form,), arguments=arguments,
        field=block.field(check.field) if check.field else "",
        where=parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts),
        message=WORD.sub(lambda found: _told(found[1], block), check.message),
    )]  # fmt: skip


def _argument(value: Any, kind: str, block: MadeBlock, own: list[str], beside: Mapping[str, str | Places]) -> Any:
    """An argument of a rule by its kind: fields, dates, codes of the terms of its fields."""
    meaning = block.meaning
    if kind == "Field":
        return _field(value, block)
    if kind == "FieldTable":
        return {word: beside.get(name) or _field(name, block) for word, name in value.items()}
    if kind == "Fields":
        return [name for one in value for name in _each(one, block)]
    if kind == "Dates":
        return all_dates(meaning, value)
    if kind == "DateTable":
        return {said(milestone(meaning, name)): where for name, where in value.items()}
    if kind == "Clause":
        return "" if beside else value
    if kind == "Factors":
        domain, _, test = value.partition(".")
        return factors_of(meaning.specs, meaning.ct, meaning.rows(domain), domain, test)
    if kind == "Codes":
        return [code for term in value for code in _codes(term, block, own)]
    return value


def _beside(arguments: Mapping[str, Tree], kinds: Mapping[str, str], meaning: StudyMeaning) -> dict[str, str | Places]:
    """The arguments that are of another domain, by name: its records, or its variables, that meet the clause.

    Variables of one domain are of one form. Raises LackingError.
    """
    named = {name: str(value) for name, value in arguments.items() if kinds.get(name) == "Field" and "." in value}
    named = {name: value for name, value in named.items() if value not in ELSEWHERE}
    domains = dict.fromkeys(value.partition(".")[0] for value in named.values())
    forms = {name: str(value) for name, value in arguments.items() if kinds.get(name) == "Form"}
    where = next((str(value) for name, value in arguments.items() if kinds.get(name) == "Clause"), "")
    found: dict[str, str | Places] = {name: said(places_of(meaning, of, [], where)[0]) for name, of in forms.items()}
    for number, domain in enumerate(domains):
        own = {name: value.partition(".")[2] for name, value in named.items() if value.startswith(f"{domain}.")}
        clause = where if number == 0 and not forms else ""
        told = places_of(meaning, domain, list(own.values()), clause)
        found |= {name: said(one) for name, one in zip(own, told, strict=True)}
    return found


def _field(name: str, block: MadeBlock) -> Any:
    """The raw field of a variable of the check's domain, or the places of a milestone or of another domain's."""
    meaning = block.meaning
    if ELSEWHERE.get(name, name) in meaning.milestones:
        return said(milestone(meaning, ELSEWHERE.get(name, name)))
    domain, _, variable = name.rpartition(".")
    return said(places_of(meaning, domain, [variable])[0]) if domain else block.dated(name)


def _each(name: str, block: MadeBlock) -> list[str]:
    """All fields of a variable of the check's own domain (date and time); of another domain the first."""
    if "." in name or not any(row.target == name for row in block.rows):
        return [_field(name, block)]
    row = next(row for row in block.rows if row.target == name)
    if row.rule == "date_of_parts":  # its year stands for all of it (whole_dates)
        return list(row.words[:1])
    return (
        [word for word in row.words if word in block.meaning.specs.contracts[block.form].fields]
        if row.rule == "assign_datetime"
        else [block.field(name)]
    )


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
        domain, _, variable = arguments[name].partition(".")
        try:
            arguments[name] = said(places_of(meaning, domain, [variable])[0])
        except LackingError as error:
            return dataclasses.replace(check, lacking=str(error))
    return dataclasses.replace(check, arguments=arguments)


def names_of(check: Any, parameters: Parameters) -> list[str]:
    """The variables and milestones a check names: its field, those of its clauses and of its arguments."""
    kinds = {name: str(one.annotation).removesuffix(" | None") for name, one in parameters(check.rule).items()}
    told = [check.field] if check.field else []
    told += clauses.names(check.where)
    for name, value in check.arguments.items():
        if kinds.get(name) in FIELDS:
            several = value.values() if kinds[name] == "FieldTable" else value
            told += [value] if isinstance(value, str) else list(several)
        if kinds.get(name) in ("Form", "Dates"):
            told += _of_domains(value)
        if kinds.get(name) == "Clause":
            told += [f"{_of(check.arguments, kinds)}.{one}".lstrip(".") for one in clauses.names(value)]
    return [one for one in dict.fromkeys([*told, *WORD.findall(check.message)]) if not one.startswith("_")]


def _of_domains(value: Any) -> list[str]:
    """The variables that a domain, or a list of dates, names; a domain alone with no variable after its point."""
    if isinstance(value, dict) and "of" in value:
        return [f"{value['of']}.{one}" for one in ["", *clauses.names(value.get("where", ""))]]
    if isinstance(value, str):
        return [value if "." in value else f"{value}."]
    return [name for one in (value["but"] if isinstance(value, dict) else value) for name in _of_domains(one)]


def _of(arguments: Mapping[str, Tree], kinds: Mapping[str, str]) -> str:
    """The other domain that the clause among the arguments is of; '' where it is of the check's own."""
    forms = [str(value) for name, value in arguments.items() if kinds.get(name) == "Form"]
    fields = [str(value) for name, value in arguments.items() if kinds.get(name) == "Field"]
    return next(iter([*forms, *(name.partition(".")[0] for name in fields if "." in name)]), "")
