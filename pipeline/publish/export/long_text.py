"""Texts longer than the 200 bytes of a transport file's variable, in parts that are cut between words.

Source: SDTMIG 3.4, 4.5.3.2 (text over 200 characters goes on in SUPP--, QNAM with a number behind it), 5.1 CO and 7.4.1
TS (further variables COVAL1, TSVAL1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.export.dataset import Exported

LONGEST, NAME, LABEL = 200, 8, 40
SUPP = "supp"
FURTHER = {"COVAL", "TSVAL"}  # variables of SDTM that go on in further variables
NO_WAY = "not written: longer than 200 bytes, and the standard has no place where it goes on"


def parts(text: str, encoding: str, longest: int = LONGEST) -> list[str]:
    """The text cut between words, within one that is too long alone; no part has more bytes than `longest`."""
    found, rest = [], text
    while len(rest.encode(encoding)) > longest:
        head = rest.encode(encoding)[:longest].decode(encoding, errors="ignore")
        blank = len(head) if rest[len(head)] == " " else head.rfind(" ")
        end = blank if blank > 0 else len(head)
        found.append(rest[:end].rstrip(" "))
        rest = rest[end:].lstrip(" ")
    return [*found, rest]


def in_parts(
    datasets: Mapping[str, Exported], model: DatasetSpec, encoding: str
) -> tuple[dict[str, Exported], list[pd.DataFrame]]:
    """The datasets without texts that are too long, and a list of these with where each goes on, or that it cannot.

    `model` is the spec of any SUPP--, for domains that have none yet. A dataset with a text that cannot be written
    keeps it.
    """
    made, told = dict(datasets), []
    for name, one in sorted(datasets.items(), key=lambda item: not item[0].startswith(SUPP)):  # their records move
        for variable, pieces in _long(one, encoding):
            at = pd.Series(one.data.index.isin(pieces.index), one.data.index)
            where = _ways(made, name, variable, int(pieces.map(len).max()) - 1)
            if where:
                made |= _going_on(made, name, variable, pieces, where, model)
            how = "goes on in " + ", ".join(where) if where else NO_WAY
            told.append(one.told(variable.name, at, pieces.str[0] if where else None, how))
    return made, told


def _going_on(
    made: Mapping[str, Exported], name: str, variable: Variable, pieces: pd.Series, where: tuple[str, ...],
    model: DatasetSpec,
) -> dict[str, Exported]:
    """The dataset with the first parts, and what has the others: itself, or the SUPP-- of its domain."""
    before, said = made[name], made[name].data[variable.name]
    first = pieces.str[0].reindex(said.index).fillna(said)
    one = replace(before, data=before.data.assign(**{variable.name: first}))
    if where[0].startswith("SUPP"):
        return {name: one, SUPP + name: _with_qualifiers(one, made.get(SUPP + name), variable, pieces, where, model)}
    if name.startswith(SUPP):
        return {name: _with_records(one, before, pieces)}
    return {name: _with_variables(one, variable, pieces, where)}


def _long(one: Exported, encoding: str) -> Iterator[tuple[Variable, pd.Series]]:
    """The variables with texts too long for one, and their parts; what the file has no signs for stays whole."""
    for variable in one.texts:
        values = one.data[variable.name].dropna()
        long = [text for text in values.unique() if len(text) * 4 > LONGEST and _has_signs(text, encoding)]
        cut = {text: parts(text, encoding) for text in long}
        cut = {text: pieces for text, pieces in cut.items() if len(pieces) > 1}
        if cut:
            yield variable, values[values.isin(list(cut))].map(cut)


def _has_signs(text: str, encoding: str) -> bool:
    try:
        return bool(text.encode(encoding))
    except UnicodeEncodeError:
        return False


def _ways(made: Mapping[str, Exported], name: str, variable: Variable, count: int) -> tuple[str, ...]:
    """Where the further parts go: qualifiers, records of the same SUPP--, variables; nowhere for other trial design."""
    one, beside, stem = made[name], made.get(SUPP + name), _stem(variable.name)
    if name.startswith(SUPP):
        return (f"further records of {one.name}",) if variable.name == "QVAL" else ()
    if one.spec.layer == "sdtm" and stem not in FURTHER:
        taken = (*one.spec.names, *(beside.data["QNAM"].unique() if beside else ()))
        names = numbered(variable.name, count, taken) if "USUBJID" in one.spec.names else ()
        return tuple(f"SUPP{one.name}.{name}" for name in names)
    last = [each for each in one.spec.names if _stem(each) == stem][-1]
    return numbered(variable.name, count, one.spec.names) if stem not in FURTHER or variable.name == last else ()


def _stem(name: str) -> str:
    """The name of the first of variables that go on in each other (COVAL of COVAL2), of others their own."""
    stem = re.sub(r"\d+$", "", name)
    return stem if stem in FURTHER else name


def numbered(name: str, count: int, taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names that go on from a name (AETERM1, AETERM2; COVAL5 after COVAL4): at most eight letters, none taken."""
    stem, start = _stem(name), 1
    found: list[str] = []
    while len(found) < count:
        new = f"{stem[: NAME - len(str(start))]}{start}"
        found += [] if new in taken else [new]
        start += 1
    return tuple(found)


def _with_variables(one: Exported, variable: Variable, pieces: pd.Series, names: tuple[str, ...]) -> Exported:
    """The dataset with the further parts in variables behind the first."""
    place = one.spec.names.index(variable.name) + 1
    label = variable.label[: LABEL - 3]
    new = tuple(replace(variable, name=name, label=f"{label} {n}", core="Perm", derivation=f"Part of {variable.name}.")
                for n, name in enumerate(names, 1))  # fmt: skip
    spec = replace(one.spec, variables=(*one.spec.variables[:place], *new, *one.spec.variables[place:]))
    further = {name: pieces.str[n].reindex(one.data.index) for n, name in enumerate(names, 1)}
    return Exported(spec, one.data.assign(**further)[list(spec.names)])


def _with_qualifiers(
    parent: Exported, beside: Exported | None, variable: Variable, pieces: pd.Series, where: tuple[str, ...],
    model: DatasetSpec,
) -> Exported:
    """The SUPP-- of a domain with the further parts as its records."""
    records = parent.data.loc[pieces.index]
    number = f"{parent.name}SEQ" if f"{parent.name}SEQ" in records else None
    same = {
        "STUDYID": records["STUDYID"], "RDOMAIN": parent.name, "USUBJID": records["USUBJID"], "IDVAR": number,
        "IDVARVAL": records[number].astype("int64").astype("str") if number else None, "QLABEL": variable.label,
        "QORIG": "CRF" if variable.origin == "Collected" else variable.origin, "QEVAL": None,
    }  # fmt: skip
    frames = [pd.DataFrame(same, index=records.index).assign(QNAM=way.partition(".")[2], QVAL=pieces.str[n])
              for n, way in enumerate(where, 1)]  # fmt: skip
    if beside is None:
        return _stacked(_supp_of(parent, model), frames)
    return _stacked(beside.spec, [beside.data, *frames])


def _supp_of(parent: Exported, model: DatasetSpec) -> DatasetSpec:
    """The spec of the SUPP-- of a domain that had none, after that of another."""
    return replace(model, name=SUPP + parent.spec.name, dataset=f"SUPP{parent.name}",
                   label=f"Supplemental Qualifiers for {parent.name}")  # fmt: skip


def _with_records(one: Exported, before: Exported, pieces: pd.Series) -> Exported:
    """A SUPP-- whose long values go on in records of their own, QNAM with a number behind it."""
    records = before.data.loc[pieces.index]
    count = int(pieces.map(len).max()) - 1
    names = {qnam: numbered(qnam, count, tuple(before.data["QNAM"].unique())) for qnam in records["QNAM"].unique()}
    further = records["QNAM"].map(names)
    frames = [records.assign(QNAM=further.str[n], QVAL=pieces.str[n + 1]) for n in range(count)]
    return _stacked(one.spec, [one.data, *frames])


def _stacked(spec: DatasetSpec, frames: list[pd.DataFrame]) -> Exported:
    whole = pd.concat([frame[frame["QVAL"].notna()].reindex(columns=list(spec.names)) for frame in frames])
    whole = whole.astype(dict.fromkeys(spec.names, "str"))
    whole = whole.sort_values(list(spec.keys), kind="stable", na_position="first", ignore_index=True)
    return Exported(spec, whole)
