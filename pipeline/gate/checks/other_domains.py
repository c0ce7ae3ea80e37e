"""What a check by SDTM meaning says of other domains: milestones, records beside, and all dates of the study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.gate.checks.meaning import DAY_RULES, LackingError, MadeBlock, StudyMeaning, blocks_of
from pipeline.gate.checks.places import Places, RecordPlace
from pipeline.gate.checks.truths import joined

DATED = ("assign_datetime", "date_of_parts")
PEOPLE = "dm"  # the one date of people, of birth, is of no record


def places_of(meaning: StudyMeaning, domain: str, variables: list[str], where: str = "") -> list[Places]:
    """The places of each variable of a domain's records that meet a clause; of several variables in one block.

    Raises LackingError where no block has them all. Without a variable the records alone, as one place each.
    """
    found, lacking = [], ""
    for block in blocks_of(meaning, domain):
        try:
            met = joined("and", [block.chosen(), block.clause(where)])
            fields = [_field(block, name) for name in variables] or [""]
        except LackingError as error:
            lacking = lacking or str(error)
            continue
        if met is not False:
            found.append([RecordPlace(block.form, field, "" if met is True else met) for field in fields])
    if not found:
        raise LackingError(lacking or f"the study does not collect such records of {domain}")
    if len(variables) > 1:
        return [(place,) for place in found[0]]
    flat = [one for (one,) in found]
    whole = {(one.form, one.field) for one in flat if not one.where}
    return [tuple(dict.fromkeys(p for p in flat if not p.where or (p.form, p.field) not in whole))]


def _field(block: MadeBlock, name: str) -> str:
    """The field of a variable of the block's own rows; a date must be one and not only be counted from it."""
    rows = [row for row in block.rows if row.target == name]
    if rows and rows[0].rule in DAY_RULES:
        return block.dated(name)
    return block.field(name)


def milestone(meaning: StudyMeaning, name: str) -> Places:
    """The dates of a milestone of milestones.yaml. Raises LackingError."""
    told = meaning.milestones[name]
    return places_of(meaning, told["of"].upper(), [told["date"]], told.get("where", ""))[0]


def all_dates(meaning: StudyMeaning, asked: Any) -> list[str]:
    """The dates (`FORM.FIELD`) that sheets map: those of a list of variables and domains, or all `but:` those.

    An entry is DOMAIN, DOMAIN.VARIABLE, or `{of: DOMAIN, where: clause}`. Raises LackingError where there is none.
    """
    but = isinstance(asked, Mapping)
    entries = [_entry(one) for one in (asked["but"] if isinstance(asked, Mapping) else asked)]
    domains = [domain.upper() for domain in meaning.specs.mappings if domain != PEOPLE]
    blocks = [block for domain in domains for block in blocks_of(meaning, domain)]
    found = [f"{block.form}.{field}" for block in blocks for target, field in _dates(block)
             if but != any(_is_of(block, target, one) for one in entries)]  # fmt: skip
    if not found:
        raise LackingError("the study does not collect such dates")
    return list(dict.fromkeys(found))


def _entry(one: Any) -> tuple[str, str, str]:
    if isinstance(one, Mapping):
        return one["of"], "", one.get("where", "")
    domain, _, variable = one.partition(".")
    return domain, variable, ""


def _is_of(block: MadeBlock, target: str, entry: tuple[str, str, str]) -> bool:
    domain, variable, where = entry
    return block.domain == domain and variable in ("", target) and block.clause(where) is not False


def _dates(block: MadeBlock) -> Iterator[tuple[str, str]]:
    """The date variables of a block with their fields; a qualifier of a vendor's file is when the vendor worked."""
    contract, known = block.meaning.specs.contracts[block.form], block.meaning.specs.datasets[block.domain.lower()]
    for row in block.rows:
        own = not contract.vendor or row.target in known.names
        if own and row.rule in DATED and row.target.endswith("DTC") and row.words[0] in contract.dated:
            yield row.target, row.words[0]
