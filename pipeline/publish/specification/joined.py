"""A study's own sheets with what a sponsor's workbook says beyond: its names, extra columns and sheets, further rows.

What both say is the study's, which alone decides; what only the sponsor says is kept as it is. Identifiers of methods,
comments, codelists and where clauses are the sponsor's where both mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.publish.specification import sheets
from pipeline.publish.specification.problems import listed
from pipeline.publish.specification.sheets import COLUMNS, KEYS, SpecSheet

Record = dict[str, str]
REFERRING = {sheets.METHOD: sheets.METHODS, sheets.COMMENT: sheets.COMMENTS, sheets.CODELIST: sheets.CODELISTS}
OWN_ROWS = (sheets.CLAUSES, sheets.CODELISTS, sheets.DICTIONARIES, sheets.METHODS, sheets.COMMENTS, sheets.DOCUMENTS,
            sheets.VALUES, sheets.STUDY)  # fmt: skip
SAID = {sheets.METHODS: "Description", sheets.COMMENTS: "Description", sheets.CODELISTS: "Name"}


def joined(own: Sequence[SpecSheet], kept: Sequence[SpecSheet]) -> tuple[SpecSheet, ...]:
    """The study's sheets, laid over those of the sponsor that were kept."""
    if not kept:
        return tuple(own)
    sponsor = {one.kind: one for one in kept if one.kind}
    names = _identifiers({one.kind: one for one in own}, sponsor)
    made = {one.kind: _sheet(one, sponsor.get(one.kind), names) for one in own}
    order = [one.kind or one for one in kept]
    first = [made.pop(one) if isinstance(one, str) else one for one in order]
    return (*first, *made.values())


def clauses_of(records: Sequence[Mapping[str, str]]) -> dict[str, frozenset[tuple[str, ...]]]:
    """What each where clause says: its comparisons, the values of each in order."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for one in records:
        values = sorted(part.strip() for part in one.get("Value", "").split(","))
        told = (one.get(sheets.DATASET, ""), one.get(sheets.VARIABLE, ""), one.get("Comparator", ""), *values)
        found.setdefault(one.get("ID", ""), set()).add(told)
    return {name: frozenset(told) for name, told in found.items()}


def _identifiers(own: Mapping[str, SpecSheet], sponsor: Mapping[str, SpecSheet]) -> dict[tuple[str, str], str]:
    """What the sponsor calls a thing of ours, by its sheet and our identifier."""
    found: dict[tuple[str, str], str] = {}
    if sheets.CLAUSES in sponsor:
        theirs, ours = (clauses_of(one[sheets.CLAUSES].records()) for one in (sponsor, own))
        called = {told: name for name, told in theirs.items()}
        found |= {(sheets.CLAUSES, name): name if theirs.get(name) == told else called[told]
                  for name, told in ours.items() if told in called}  # fmt: skip
    for kind in (sheets.VARIABLES, sheets.VALUES):
        if kind in sponsor:
            found |= _referred(kind, own, sponsor, found)
    return found


def _referred(
    kind: str, own: Mapping[str, SpecSheet], sponsor: Mapping[str, SpecSheet], known: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """The identifiers that rows of both refer to, where these say the same."""
    theirs = {_key(kind, record): record for record in sponsor[kind].records()}
    found = {}
    for record in own[kind].records():
        other = theirs.get(_key(kind, _called(record, known)), {})
        for column, target in REFERRING.items():
            ours, called = record.get(column, ""), other.get(column, "")
            if ours and called and ours != called and _says(own, target, ours) == _says(sponsor, target, called):
                found[target, ours] = called
    return found


def _says(book: Mapping[str, SpecSheet], kind: str, name: str) -> str:
    """What stands under an identifier."""
    records = book[kind].records() if kind in book else []
    return next((one.get(SAID[kind], "") for one in records if one.get("ID") == name), "")


def _called(record: Record, names: Mapping[tuple[str, str], str]) -> Record:
    """A row with the identifiers that the sponsor uses."""
    told = {column: names.get((kind, record.get(column, "")), record.get(column, ""))
            for column, kind in {**REFERRING, sheets.WHERE: sheets.CLAUSES}.items() if column in record}  # fmt: skip
    criteria = [names.get((sheets.CLAUSES, one), one) for one in listed(record.get("Selection Criteria", ""))]
    return record | told | ({"Selection Criteria": ", ".join(criteria)} if criteria else {})


def _sheet(own: SpecSheet, kept: SpecSheet | None, names: Mapping[tuple[str, str], str]) -> SpecSheet:
    """A sheet of ours with the columns, cells and rows that only the sponsor's has."""
    records = [_called(one, names) for one in own.records()]
    if "ID" in KEYS[own.kind]:
        records = [one | {"ID": names.get((own.kind, one["ID"]), one["ID"])} for one in records]
    if kept is None:
        kept = SpecSheet(own.name, own.kind, own.columns, own.known, ())
    theirs = {_key(own.kind, record): record for record in kept.records()}
    ours = {_key(own.kind, record): record for record in reversed(records)}
    rows = [theirs.get(key, {}) | {word: text for word, text in record.items() if text}
            for key, record in reversed(ours.items())]  # fmt: skip
    rows += [record for key, record in theirs.items() if own.kind in OWN_ROWS and key not in ours]
    lacking = [column for column in COLUMNS[own.kind] if column not in kept.known]
    columns, known = (*kept.columns, *lacking), (*kept.known, *lacking)
    words = [word or column for word, column in zip(known, columns, strict=True)]
    ordered = _as_kept(own.kind, rows, list(theirs))
    return SpecSheet(kept.name, own.kind, columns, known, tuple(tuple(r.get(w, "") for w in words) for r in ordered))


def _as_kept(kind: str, rows: list[Record], order: list[tuple[str, ...]]) -> list[Record]:
    """The rows in the order of the sponsor's, further ones behind; of a sheet with an order of its own in that."""
    place = {key: number for number, key in enumerate(order)}
    return sorted(rows, key=lambda one: place.get(_key(kind, one), len(place)))


def _key(kind: str, record: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(record.get(column, "") for column in KEYS[kind])
