"""Terms and subjects of records as numbers: counted, ordered and taken for all terms at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tlf.conditions import in_turn
from tlf.rows.kinds import Terms


def first_taken(row: Terms, used: pd.DataFrame, of: np.ndarray, subjects: np.ndarray) -> np.ndarray:
    """Whether each record is the one that is taken of its subject in its term."""
    order = in_turn(used, row.take, row.value)
    _, first = np.unique(pairs(of, subjects)[order], return_index=True)
    taken = np.zeros(len(used), dtype=bool)
    taken[order[first]] = True
    return taken


def pairs(of: np.ndarray, subjects: np.ndarray) -> np.ndarray:
    """The term and the subject of each record as one number."""
    return of * many(subjects) + subjects


def distinct(numbers: np.ndarray) -> np.ndarray:
    """The numbers in their order, each once (by sorting: numpy's own looks them up one by one)."""
    found = np.sort(numbers)
    return found[np.append(found[:1] == found[:1], found[1:] != found[:-1])]


def many(subjects: np.ndarray) -> int:
    """How many subjects there are, by the highest number of one."""
    return int(subjects.max(initial=0)) + 1


def numbered(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """The values as numbers in their order, a missing one after all, and the values."""
    numbers, known = pd.factorize(values, sort=True)
    return np.where(numbers < 0, len(known), numbers), known


def number_of_subjects(term: np.ndarray, subjects: np.ndarray, count: int) -> np.ndarray:
    """The number of subjects of each term."""
    return np.bincount(distinct(pairs(term, subjects)) // many(subjects), minlength=count)


def least(term: np.ndarray, places: np.ndarray, count: int) -> np.ndarray:
    """The first place that a record of each term has."""
    found = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(found, term, places)
    return found
