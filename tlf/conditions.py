"""`where` clauses: joined, their decisions filled in, and read against the datasets of an output."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.ground.clauses import filled, meets, quoted, read
from pipeline.ground.faults import TrialError
from pipeline.ground.periods import of_first
from pipeline.ground.words import did_you_mean
from tlf.decided import Decisions, value_of, with_decisions

Data = Mapping[str, Any]  # datasets by name; tables, decisions and study under these words
IN_WORDS = ("label", "value")
DAY = "CARTDY"
SUBJECT, DATES = "USUBJID", ("ADT", "ASTDT")  # what dates a record of an analysis dataset


def all_of(*wheres: str) -> str:
    """The conjunction of the clauses; empty ones ask for nothing."""
    present = [where for where in wheres if where]
    return present[0] if len(present) == 1 else " and ".join(f"({where})" for where in present)


def none_of(*wheres: str) -> str:
    """The clause that is true where none of the clauses is."""
    return "not (" + " or ".join(f"({where})" for where in wheres) + ")"


def equals(frame: pd.DataFrame, variable: str, value: str) -> str:
    """`variable == value`, the value (text in a shell) written as a number where the variable holds numbers."""
    return f"{variable} == {value if pd.api.types.is_numeric_dtype(frame[variable]) else quoted(value)}"


def is_missing(variable: str) -> str:
    """The clause for a missing value: the only one that is not equal to itself."""
    return f"{variable} != {variable}"


def in_words(spec: Any, decisions: Decisions) -> Any:
    """A shell whose labels and values have their decisions filled in, so that a row is called as it is printed."""
    if isinstance(spec, list | tuple):
        return type(spec)(in_words(part, decisions) for part in spec)
    if isinstance(spec, dict):
        return {word: _in_words(word, part, decisions) for word, part in spec.items()}
    if is_dataclass(spec) and not isinstance(spec, type):
        said = {one.name: getattr(spec, one.name) for one in fields(spec)}
        return replace(spec, **{word: _in_words(word, part, decisions) for word, part in said.items()})
    return spec


def _in_words(word: str, part: Any, decisions: Decisions) -> Any:
    filled_in = word in IN_WORDS and isinstance(part, str)
    return with_decisions(part, decisions) if filled_in else in_words(part, decisions)


def literal(where: str, decisions: Decisions) -> str:
    """`@CRBEST_DAY` in a clause replaced by the decision's value as a literal, so that the clause can be read alone."""
    return filled(where, decisions)


def of_subjects(names: Collection[str]) -> str:
    """The clause that selects these subjects; of none, the clause that nobody meets."""
    return f"{SUBJECT} in {quoted(sorted(names))}" if names else f'{SUBJECT} == ""'


def beside(frame: pd.DataFrame, adsl: pd.DataFrame | None, where: str, place: str = "") -> pd.DataFrame:
    """The records with the variables of their subject in ADSL that the clause names and they have not themselves."""
    if adsl is None or not where.strip():
        return frame
    lent = [name for name in dict.fromkeys(read(where, place).names) if name not in frame and name in adsl]
    return frame.assign(**{name: frame[SUBJECT].map(adsl.set_index(SUBJECT)[name]) for name in lent}) if lent else frame


def chosen(frame: pd.DataFrame, by: list[str], take: str, value: str) -> pd.DataFrame:
    """One record for each value of `by`: the first or last by date, that of the highest or lowest value, or the nearest
    to the day `value` (days from the first infusion, CARTDY).

    Ties go to the earlier date (of `last` and `nearest`: the later one), then to the order of the records. A missing
    value is taken only where there is no other. Raises TrialError where nothing dates the records.
    """
    found = frame.iloc[taken_places(frame, by, take, value)]
    return found if found.index.is_monotonic_increasing else found.sort_index()


def taken_places(frame: pd.DataFrame, by: list[str], take: str, value: str) -> np.ndarray:
    """Where the records stand that `chosen` takes; raises as that."""
    places, keys = in_turn(frame, take, value), frame[by]
    if keys.duplicated().any():
        places = places[~keys.iloc[places].duplicated().to_numpy()]
    return np.sort(places)


def in_turn(frame: pd.DataFrame, take: str, value: str) -> np.ndarray:
    """The places of the records in the order in which they would be taken, as `chosen` tells it; raises as that."""
    date = next((name for name in DATES if name in frame), "")
    if (take in ("first", "last") and not date) or (take == "nearest" and DAY not in frame):
        what = f"Nothing dates these records: they have none of {', '.join(DATES)}."
        raise TrialError(what, "", "say `take: highest` or `take: lowest`")
    keys = [_turn(frame[value], take == "lowest")] if take in ("highest", "lowest") else []
    keys += [_turn((frame[DAY] - float(value)).abs(), True)] if take == "nearest" else []
    keys += [_turn(frame[date], take not in ("last", "nearest"))] if date else []
    places = np.arange(len(frame))
    return np.lexsort([-places if take == "last" else places, *reversed(keys)])


def _turn(values: pd.Series, ascending: bool) -> np.ndarray:
    """Numbers that sort as the values do, up or down; a missing one stands last."""
    numbers, known = pd.factorize(values, sort=True)
    return np.where(numbers < 0, len(known), numbers if ascending else -numbers)


@dataclass(frozen=True)
class Records:
    """The datasets of one output, read by clause; the same clause, and the same comparison, is evaluated once."""

    data: Data
    masks: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    compared: dict[str, dict[Any, np.ndarray]] = field(default_factory=dict)
    inside: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    choices: dict[tuple[str, str, str, str], np.ndarray] = field(default_factory=dict)
    members: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    known: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @property
    def decisions(self) -> Decisions:
        """The decisions the output lists, by lower-case name."""
        return self.data.get("decisions", {})

    def decision(self, name: str) -> Any:
        """The value of one decision. Raises TrialError when the output does not list it."""
        return value_of(name, self.decisions)

    def resolved(self, where: str) -> str:
        """The clause with its decisions filled in."""
        return literal(where, self.decisions)

    def where(
        self, dataset: str, where: str, population: str = "", names: Collection[str] = ()
    ) -> pd.DataFrame:
        """The records of a dataset that meet the clause, of the subjects of ADSL that meet the population.

        With `names`, of their variables only those that there are of these. Raises TrialError naming dataset and clause
        when the clause asks for what is not there.
        """
        frame, met = self._dataset(dataset), self._met(dataset, where, population)
        frame = frame[[name for name in frame if name in names]] if names else frame
        return frame if met is None else frame[met]

    def subjects(self, dataset: str, where: str) -> frozenset[str]:
        """The subjects with at least one record that meets the clause."""
        where = self._of_period(dataset, where)
        if (dataset, where) not in self.members:
            numbers, people = self._people(dataset)
            numbers = numbers[self._mask(dataset, where)] if where else numbers
            self.members[dataset, where] = frozenset(people[np.bincount(numbers, minlength=len(people)) > 0])
        return self.members[dataset, where]

    def count(self, dataset: str, where: str, population: str) -> int:
        """The number of subjects of the population with at least one such record."""
        return len(self.subjects(dataset, where) & self.subjects("adsl", population))

    def sizes(self, dataset: str, where: str, population: str) -> tuple[int, int]:
        """The number of records that meet the clause, of subjects of the population, and of these subjects."""
        met, (numbers, _) = self._met(dataset, where, population), self._people(dataset)
        numbers = numbers if met is None else numbers[met]
        return len(numbers), int(np.count_nonzero(np.bincount(numbers)))

    def taken(
        self, dataset: str, where: str, population: str, take: str, value: str, names: Collection[str] = ()
    ) -> pd.DataFrame:
        """One record of a subject among those that meet the clause, see `chosen`: what that looks at, and `names`.

        Which ones is told once for all populations.
        """
        frame, looked_at, key = self._dataset(dataset), {SUBJECT, value, DAY, *DATES}, (dataset, where, take, value)
        if key not in self.choices:
            met = self._met(dataset, where, "")
            asked = np.arange(len(frame)) if met is None else np.flatnonzero(met)
            self.choices[key] = asked[taken_places(self.where(dataset, where, "", looked_at), [SUBJECT], take, value)]
        places = self.choices[key]
        places = places[self._inside(dataset, population)[places]] if population else places
        found = frame[[name for name in frame if name in {*looked_at, *names}]].iloc[places]
        return found if found.index.is_monotonic_increasing else found.sort_index()

    def only(self, dataset: str, where: str, among: frozenset[str], population: str) -> str:
        """The clause, narrowed to these subjects of the population, so that it selects them when it is read alone."""
        outside = (self.subjects(dataset, where) & self.subjects("adsl", population)) - among
        if not outside:
            return where
        narrowed = all_of(where, f"{SUBJECT} not in {quoted(sorted(outside))}")
        met, left = self._met(dataset, where, ""), ~self._among(dataset, outside)
        self.masks[dataset, self._of_period(dataset, narrowed)] = left if met is None else met & left  # a long list
        return narrowed

    def _of_period(self, dataset: str, where: str) -> str:
        """The clause, which asks for the first treatment period unless it names another."""
        return of_first(where, self._dataset(dataset).columns)

    def _met(self, dataset: str, where: str, population: str) -> np.ndarray | None:
        """True for the records that `where` chooses; None where nothing is asked of them."""
        where = self._of_period(dataset, where)
        met = self._mask(dataset, where) if where else None
        if not population:
            return met
        inside = self._inside(dataset, population)
        return inside if met is None else met & inside

    def _inside(self, dataset: str, population: str) -> np.ndarray:
        """True for the records of the subjects of a population."""
        if (dataset, population) not in self.inside:
            self.inside[dataset, population] = self._among(dataset, self.subjects("adsl", population))
        return self.inside[dataset, population]

    def _among(self, dataset: str, wanted: frozenset[str]) -> np.ndarray:
        """True for the records of these subjects."""
        numbers, people = self._people(dataset)
        return np.array([who in wanted for who in people], dtype=bool)[numbers]

    def _people(self, dataset: str) -> tuple[np.ndarray, np.ndarray]:
        """The subject of each record by number, and the subjects."""
        if dataset not in self.known:
            numbers, people = pd.factorize(self._dataset(dataset)[SUBJECT], use_na_sentinel=False)
            self.known[dataset] = numbers, np.asarray(people, dtype="object")
        return self.known[dataset]

    def _mask(self, dataset: str, where: str) -> np.ndarray:
        if (dataset, where) not in self.masks:
            frame = beside(self._dataset(dataset), self.data.get("adsl"), where, dataset.upper())
            known = self.compared.setdefault(dataset, {})
            self.masks[dataset, where] = meets(frame, where, dataset.upper(), known).to_numpy(dtype=bool)
        return self.masks[dataset, where]

    def _dataset(self, dataset: str) -> pd.DataFrame:
        if dataset not in self.data:
            what = f"The dataset {dataset} is not among the `datasets:` of this output."
            raise TrialError(what, "", did_you_mean(dataset, [name for name in self.data if name.islower()]))
        return self.data[dataset]
