"""The variables of a dataset that tell days: all that the table of the data cut reads of it."""

from __future__ import annotations

from pipeline.ground.metadata import DatasetSpec, Variable

DTC, DATE, QUALIFIER, QUALIFIED = "DTC", "date", "QNAM", "QVAL"


def days_told(spec: DatasetSpec) -> list[str]:
    """The variables of a dataset that tell days, and those of qualifiers, which may."""
    return [*(one.name for one in spec.variables if tells_days(one)), QUALIFIER, QUALIFIED]


def tells_days(variable: Variable) -> bool:
    """True for a variable that tells days."""
    return variable.name.endswith(DTC) or variable.type == DATE
