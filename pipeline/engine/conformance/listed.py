"""Rules of conformance that stand in a list (conformance.csv): which records, and what must hold of them.

`--` stands for the name of the dataset, as in the SDTMIG; a variable that a dataset has not is missing there. A rule
looks at nothing where the dataset has none of the variables that its `where` names, or where the study has not the
dataset that it compares with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import pandas as pd

from pipeline.engine.conformance.rule import SHOWN, Checked, Norm, Outcome
from pipeline.ground import clauses
from pipeline.ground.dates import earliest, latest
from pipeline.study.conformance import COLUMNS, EACH, OF_LAYER, WITHIN, target, whole_rules

Row = Mapping[str, str]
PLACE, SUBJECT, QUALIFIERS = "conformance.csv", "USUBJID", "SUPP"


def listed(table: pd.DataFrame) -> tuple[Norm, ...]:
    """The rules of the list, in its order."""
    rows = whole_rules(table.reindex(columns=list(COLUMNS)).fillna("").astype("str").to_dict("records"))
    return tuple(Norm(row["rule"], row["says"], row["source"], partial(_look, row)) for row in rows)


def _look(row: Row, one: Checked) -> Iterator[Outcome]:
    """What the rule finds in a dataset that it is of."""
    if not is_of(row["of"].split(), one):
        return
    said = {name: text.replace(EACH, one.spec.dataset) for name, text in row.items()}
    named = clauses.names(said["where"])
    if row["check"] == "absent":
        yield from (Outcome(name, 1, 1, f"{name} is there") for name in said["what"].split() if name in one.data)
    elif (not named or {*named} & {*one.data}) and there(one, named) and looked_at(one, said["where"]).any():
        yield from CHECKS[row["check"]](one, said)


def is_of(words: list[str], one: Checked) -> bool:
    """Whether the list names the dataset, its layer or the first word of its class, and does not take it out (-AE)."""
    spec = one.spec
    known = {spec.dataset, OF_LAYER[spec.layer], *spec.observation_class.split()[:1]}
    known |= {QUALIFIERS} if spec.dataset.startswith(QUALIFIERS) else set()
    return bool(known & {*words}) and not {f"-{name}" for name in known} & {*words}


def chosen(one: Checked, said: Row, *further: str) -> tuple[pd.DataFrame, pd.Series]:
    """The variables asked for (of other datasets, as DM.RFSTDTC, by subject), and which records are looked at."""
    return _asked(one, further), looked_at(one, said["where"])


def looked_at(one: Checked, where: str) -> pd.Series:
    """The records that the clause chooses."""
    if where not in one.asked:
        one.asked[where] = clauses.meets(_asked(one, clauses.names(where)), where, PLACE)
    return one.asked[where]


def _asked(one: Checked, names: Iterable[str]) -> pd.DataFrame:
    """The dataset, or where it has not all of these variables, these alone."""
    wanted = dict.fromkeys(names)
    if {*wanted} <= {*one.data}:
        return one.data
    return pd.DataFrame({name: _variable(one, name) for name in wanted}, index=one.data.index)


def _variable(one: Checked, name: str) -> pd.Series:
    """A variable of the dataset, or of the subject in another one; missing, and of no kind, where there is none."""
    dataset, dot, variable = name.partition(".")
    if not dot:
        return _with(one.data, [name])[name]
    if name not in one.asked:
        other = _other(one, dataset.lower(), [SUBJECT, variable]).drop_duplicates(SUBJECT).set_index(SUBJECT)
        one.asked[name] = one.data[SUBJECT].map(other[variable])
    return one.asked[name]


def _other(one: Checked, dataset: str, names: list[str]) -> pd.DataFrame:
    """These variables of another dataset, in the same way."""
    known = one.study.names(dataset)
    return _with(one.study.read(dataset, [name for name in dict.fromkeys(names) if name in known]), names)


def _with(data: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """These variables of a dataset, those that it has not as missing and of no kind."""
    missing = pd.Series(None, index=data.index, dtype="object")
    return pd.DataFrame({name: data.get(name, missing) for name in dict.fromkeys(names)}, index=data.index)


def there(one: Checked, names: list[str]) -> bool:
    """Whether the study has the datasets that these names (DM.RFSTDTC) are of."""
    return all(one.knows(name.split(".")[0].lower()) for name in names if "." in name)


def _holds(one: Checked, said: Row) -> Iterator[Outcome]:
    """Records of which the clause does not hold."""
    named = clauses.names(said["what"])
    if there(one, named):
        data, among = chosen(one, said, *named)
        yield one.found(named[0], ~clauses.meets(data, said["what"], PLACE), among)


def _one_to_one(one: Checked, said: Row) -> Iterator[Outcome]:
    """Values of one variable that stand beside several of the other, within the same values of further ones."""
    pair, _, within = said["what"].partition(WITHIN)
    names, beside = pair.split(), [name for name in within.split() if name in one.data]
    if {*names} <= {*one.data}:
        data, among = chosen(one, said, *beside, *names)
        pairs = data.loc[among, [*beside, *names]].dropna(subset=names).drop_duplicates()
        for name, other in (names, names[::-1]):
            doubled = pairs[pairs.duplicated([*beside, name], keep=False)]
            bad = _among(data, doubled, [*beside, *names]) if len(doubled) else pd.Series(False, index=data.index)
            yield one.found(other, bad, among & data[other].notna())


def _once(one: Checked, said: Row) -> Iterator[Outcome]:
    """Records that share the values of all these variables."""
    yield from _counted(one, said, single=False)


def _not_alone(one: Checked, said: Row) -> Iterator[Outcome]:
    """Records that share the values of all these variables with no other."""
    yield from _counted(one, said, single=True)


def _counted(one: Checked, said: Row, single: bool) -> Iterator[Outcome]:
    names = said["what"].split()
    data, among = chosen(one, said, *names)
    kept = data.loc[among, names]
    shared = kept.duplicated(names, keep=False).reindex(data.index, fill_value=single)
    yield one.found(names[-1], ~shared if single else shared, among)


def _known(one: Checked, said: Row) -> Iterator[Outcome]:
    """Records whose values no record of the other dataset has."""
    yield from _compared(one, said, wanted=True)


def _unknown(one: Checked, said: Row) -> Iterator[Outcome]:
    """Records whose values a record of the other dataset has."""
    yield from _compared(one, said, wanted=False)


def _compared(one: Checked, said: Row, wanted: bool) -> Iterator[Outcome]:
    dataset, keys = target(said["to"])
    if one.name == dataset.lower() or not one.knows(dataset.lower()):
        return
    names = said["what"].split()
    data, among = chosen(one, said, *names)
    asked = clauses.names(said["to_where"])
    kept = clauses.meeting(_other(one, dataset.lower(), [*keys, *asked]), said["to_where"], PLACE)
    other = kept[keys].set_axis(names, axis="columns")
    whole = among & data[names].notna().all(axis="columns")
    met = _among(data.loc[whole, names], other, names).reindex(data.index, fill_value=wanted)
    yield one.found(names[-1], ~met if wanted else met, whole)


def _among(data: pd.DataFrame, known: pd.DataFrame, names: list[str]) -> pd.Series:
    """True for records whose values of these variables `known` has, as text."""
    ours, theirs = (_as_one(frame[names]) for frame in (data, known))
    return ours.isin(theirs.unique())


def _as_one(values: pd.DataFrame) -> pd.Series:
    """The values of each record as one text; a number that SDTM has as text elsewhere is the same."""
    texts = [values[name].astype("str").fillna("").str.removesuffix(".0") for name in values]
    return texts[0].str.cat(texts[1:], sep="\x1f") if len(texts) > 1 else texts[0]


def _present(one: Checked, said: Row) -> Iterator[Outcome]:
    """Values of a variable (the first word) that no record has."""
    name, *asked = said["what"].split()
    data, among = chosen(one, said, name)
    told = {*data.loc[among, name].dropna()}
    lacking = [value for value in asked if value not in told]
    yield Outcome(name, len(asked), len(lacking), f"no {' '.join(lacking[:SHOWN])}" if lacking else "")


def _in_order(one: Checked, said: Row) -> Iterator[Outcome]:
    """Records whose first date lies for certain after the second."""
    first, second = names = said["what"].split()
    if there(one, names):
        data, among = chosen(one, said, *names)
        both = data[among & data[names].notna().all(axis="columns")].astype("str")
        late = (earliest(both[first]) > latest(both[second])).reindex(data.index, fill_value=False)
        shown = next((name for name in names if name in one.data), first)
        yield one.found(shown, late, pd.Series(data.index.isin(both.index), index=data.index))


CHECKS: dict[str, Callable[[Checked, Row], Iterator[Outcome]]] = {
    "holds": _holds, "one_to_one": _one_to_one, "once": _once, "not_alone": _not_alone, "known": _known,
    "unknown": _unknown, "in_order": _in_order, "present": _present,
}  # fmt: skip
