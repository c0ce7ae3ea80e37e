"""The recipe of what a study declares of its subjects: one variable each, a flag or the value of one record."""

from __future__ import annotations

import pandas as pd

from adam.derive.conditions import given, of_subjects
from pipeline.ground.conditions import Condition


def declared(condition: Condition, subjects: pd.DataFrame, **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: the condition's variable, with date and source of the record that decides.

    `named` are the dataset of its records, and what it names of the subjects.
    """
    people, records = given(condition.source, subjects, named, condition.date)
    return of_subjects(people, records, condition)
