"""What kind of values a variable holds, in the words of Define-XML 2.1: told by the spec and the values.

Source: Define-XML 2.1, 4.3.1 (DataType).
"""

from __future__ import annotations

import pandas as pd

from pipeline.ground.metadata import Variable

ISO = {
    "date": r"\d{4}-\d\d-\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "partialDate": r"\d{4}(?:-\d\d(?:-\d\d)?)?",
    "partialDatetime": r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d){0,2})?)?)?",
}
FORMATS = {"date": "DATE9.", "datetime": "DATETIME20."}


def define_type(variable: Variable, values: pd.Series) -> str:
    """The DataType of Define-XML. ADaM's dates are numbers of days or seconds, which their format tells."""
    if variable.type in FORMATS:
        return "integer"
    if variable.type != "text":
        whole = values.dropna()
        return "integer" if variable.type == "integer" or (len(whole) and (whole % 1 == 0).all()) else "float"
    if variable.name.endswith("DTC"):
        return _of_dates(values)
    return "durationDatetime" if variable.name.endswith(("DUR", "ELTM")) else "text"


def _of_dates(values: pd.Series) -> str:
    """The narrowest kind of ISO 8601 date that holds all values."""
    told = pd.Series(values.dropna().unique(), dtype="str")
    fitting = (kind for kind, form in ISO.items() if told.str.fullmatch(form).all())
    return next(fitting, "incompleteDatetime") if len(told) else "datetime"
