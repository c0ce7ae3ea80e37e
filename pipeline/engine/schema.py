"""Datasets made to conform to their spec: variables, order, types, sorting; keys, required values, codelists.

Structure (a missing variable, a wrong type, a broken key) is a slip of recipe or spec and stops the build.
Values that the extract can break (required, codelist) become findings and stay as they are.
The only door to pandera.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.ground.closed_lists import closed_lists
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.queries import finding, gather

REQUIRED, CODELIST = "DATA-REQUIRED", "DATA-CODELIST"
EMPTY = {"text": "str", "number": "float64", "integer": "int64", "date": "datetime64[s]", "datetime": "datetime64[s]"}


def conform(frame: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The dataset as its spec says, and findings of its values. Raises TrialError naming dataset, variable, subject."""
    ordered = shaped(frame, spec)
    return ordered, _validated(ordered, spec, ct)


def shaped(frame: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """The dataset with the variables of its spec, of their types, in the order of its keys; its values not judged.

    Raises TrialError for a variable that was not made, or is not of its type.
    """
    frame = said_in_full(_with_labels(frame, spec), spec)
    missing = [name for name in spec.names if name not in frame.columns]
    if missing:
        raise _broken(spec, f"the variable {missing[0]} was not made", "make it, or take it out of the spec")
    typed = pd.DataFrame({v.name: _typed(frame[v.name], v, spec) for v in spec.variables}).reset_index(drop=True)
    return typed.sort_values(list(spec.keys), kind="stable", na_position="first").reset_index(drop=True)


def said_in_full(frame: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """The dataset, of whose variables some have a value that stands where the recipe gave none (flags: N)."""
    told = {v.name: v.otherwise for v in spec.variables if v.otherwise and v.name in frame.columns}
    return frame.assign(**{name: frame[name].fillna(value) for name, value in told.items()}) if told else frame


def _with_labels(frame: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """Where the spec lists its parameters, PARAM is the label of PARAMCD. Raises TrialError for one unlisted.

    Parameters that a study goes without are left out.
    """
    if not spec.parameter_labels:
        return frame
    frame = frame[~frame["PARAMCD"].isin(list(spec.without))] if spec.without else frame
    other = frame.loc[~frame["PARAMCD"].isin(list(spec.parameter_labels)), "PARAMCD"]
    if len(other):
        raise _broken(spec, f"the parameter {other.iloc[0]} is not listed", "list it under `parameters:`")
    return frame.assign(PARAM=frame["PARAMCD"].map(spec.parameter_labels).astype("str"))


def _broken(spec: DatasetSpec, what: str, cure: str) -> TrialError:
    return TrialError(f"{spec.dataset} does not conform: {what}.", str(spec.path), cure)


def _typed(values: pd.Series, variable: Variable, spec: DatasetSpec) -> pd.Series:
    try:
        if variable.type == "text":
            text = values if values.dtype == "str" else values.astype("str").where(values.notna()).astype("str")
            empty = text.to_numpy(dtype="object") == ""
            return text.mask(empty) if empty.any() else text
        kept = EMPTY[variable.type]
        if values.dtype == kept:
            return values
        dates = variable.type in ("date", "datetime")
        return (pd.to_datetime(values) if dates else pd.to_numeric(values)).astype(kept)
    except (ValueError, TypeError) as error:
        what = f"{variable.name} is not of type {variable.type} ({error})"
        raise _broken(spec, what, f"the recipe must return {variable.type} values") from error


def _validated(dataset: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> pd.DataFrame:
    """What values break of the spec, in a data manager's words; a repeated key stops the build.

    Pandera names every case. It is asked where a look over the columns finds that there is one: it takes seconds to
    come, and most datasets are in order (a test holds that both say the same).
    """
    closed = closed_of(spec, ct)
    if in_order(dataset, spec, closed):
        return gather([])
    if dataset.duplicated(list(spec.keys)).any():
        raise _repeated_key(dataset, spec)
    return _findings(pandera_cases(dataset, spec, closed), dataset, spec)


def closed_of(spec: DatasetSpec, ct: pd.DataFrame) -> dict[str, set[str]]:
    """The terms of the codelists that values of the dataset are held to."""
    asked = ct["codelist"].isin([v.codelist for v in spec.variables if v.codelist])
    terms = ct.loc[asked].reindex(columns=["codelist", "extensible", "submission"])
    return closed_lists(spec.variables, terms.itertuples(index=False))


def looked_at(spec: DatasetSpec, closed: Mapping[str, set[str]]) -> list[str]:
    """The variables by which a dataset is found to be in order."""
    return [v.name for v in spec.variables if v.name in spec.keys or v.required or v.codelist in closed]


def in_order(dataset: pd.DataFrame, spec: DatasetSpec, closed: Mapping[str, set[str]]) -> bool:
    """True where no key stands twice, nothing required is empty and no value is outside its list."""
    if dataset.duplicated(list(spec.keys)).any():
        return False
    if any(dataset[v.name].isna().any() for v in spec.variables if v.required):
        return False
    return all(set(dataset[v.name].dropna().unique()) <= closed[v.codelist] for v in spec.variables
               if v.codelist in closed)  # fmt: skip


def out_of_order(dataset: pd.DataFrame, spec: DatasetSpec, closed: Mapping[str, set[str]]) -> pd.DataFrame:
    """The records for which a dataset is not in order; judged alone, they are found to be what they are among all."""
    wrong = dataset.duplicated(list(spec.keys), keep=False)
    for v in spec.variables:
        values = dataset[v.name]
        wrong |= values.isna() if v.required else False
        wrong |= values.notna() & ~values.isin(closed[v.codelist]) if v.codelist in closed else False
    return dataset[wrong]


def pandera_cases(dataset: pd.DataFrame, spec: DatasetSpec, closed: Mapping[str, set[str]]) -> pd.DataFrame:
    """What pandera finds of empty and unlisted values: column, check, value and place, in the order of variables."""
    import pandera.pandas as pa

    columns = {}
    for v in spec.variables:
        checks = [pa.Check.isin(sorted(closed[v.codelist]))] if v.codelist in closed else []
        columns[v.name] = pa.Column(checks=checks, nullable=not v.required)
    try:
        pa.DataFrameSchema(columns, unique=list(spec.keys)).validate(dataset, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        cases = cases[cases["index"].notna() & ~cases["check"].astype("str").str.contains("unique")]
        check = cases["check"].eq("not_nullable").map({True: REQUIRED, False: CODELIST})
        told = {"column": cases["column"], "check": check, "value": cases["failure_case"], "place": cases["index"]}
        return pd.DataFrame(told).astype({"place": "int64"}).reset_index(drop=True)
    return pd.DataFrame({"column": [], "check": [], "value": [], "place": []})


def _repeated_key(dataset: pd.DataFrame, spec: DatasetSpec) -> TrialError:
    repeated = dataset[dataset.duplicated(list(spec.keys), keep=False)].iloc[0]
    values = ", ".join(f"{k}={repeated[k]}" for k in spec.keys)
    return _broken(spec, f"two records share the key {values}", f"it must be {spec.structure.lower()}")


def _findings(cases: pd.DataFrame, dataset: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    at = cases["place"]
    subject = _subject(dataset).reindex(at).array if "USUBJID" in dataset else ""
    number = next((n for n in spec.names if n.endswith("SEQ") and n != "SRCSEQ"), None)
    record = (number + "=" + dataset[number].reindex(at).astype("str")).array if number else ""
    empty = cases["check"].eq(REQUIRED)
    codelist = {v.name: v.codelist for v in spec.variables}
    found = pd.DataFrame(
        {
            "check": cases["check"],
            "severity": "major",
            "form": spec.dataset,
            "record": record,
            "subject": subject,
            "field": cases["column"],
            "value": cases["value"].astype("str").mask(empty, ""),
        }
    )
    required = (
        f"{spec.dataset}." + found["field"] + " must not be empty; enter the source value, or correct the mapping."
    )
    outside = "'" + found["value"] + "' is not in codelist " + found["field"].map(codelist) + "; correct it, or map it."
    found["message"] = required.where(empty, outside)
    test = f"{spec.dataset}TEST"
    codes = pd.Series(dataset[f"{test}CD"].reindex(at).array if f"{test}CD" in dataset else None, index=found.index)
    unnamed = found["field"].eq(test) & empty & codes.notna()
    return gather([found[~unnamed], *_unnamed(codes[unnamed].astype("str"), spec)])


def _unnamed(codes: pd.Series, spec: DatasetSpec) -> Iterator[pd.DataFrame]:
    """One finding per test that has no name, however many records it has."""
    test = f"{spec.dataset}TEST"
    listed = spec.by_name[f"{test}CD"].codelist if len(codes) else ""
    for code, records in codes.groupby(codes, sort=True):
        row = f"{listed or test + 'CD'},Y,,{code},,NAME"
        message = (
            f"{test} of {code} is empty on {len(records):,} record{'s' if len(records) > 1 else ''}: nothing says what "
            f"the test is called. Add it to the study's codelists.csv, its name under label: {row}; "
            f"or map {test} in mapping/{spec.dataset.lower()}.csv."
        )
        yield finding(REQUIRED, "major", message, form=spec.dataset, field=test, value=str(code))


def _subject(dataset: pd.DataFrame) -> pd.Series:
    """The subject number as the extract writes it: USUBJID without the study in front."""
    study = dataset["STUDYID"].dropna().iloc[0] if "STUDYID" in dataset and dataset["STUDYID"].notna().any() else ""
    return dataset["USUBJID"].str.removeprefix(f"{study}-")
