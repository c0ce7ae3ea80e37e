"""What holds of every dataset, by its spec: variables, keys, types, lengths, required values, terms."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engine.conformance.rule import Checked, DistinctTexts, Norm, Outcome

LONGEST, LABEL, NAME = 200, 40, 8
IG = "SDTMIG 3.4"
KINDS = {"number": "fi", "integer": "i", "date": "M", "datetime": "M"}


def keys(one: Checked) -> Iterator[Outcome]:
    """Records that share their keys."""
    names = [name for name in one.spec.keys if name in one.data]
    yield one.found(" ".join(names), one.data.duplicated(names, keep=False))


def required(one: Checked) -> Iterator[Outcome]:
    """Records without a value that each must have."""
    for variable in one.spec.variables:
        if variable.required and variable.name in one.data:
            yield one.found(variable.name, one.data[variable.name].isna())


def present(one: Checked) -> Iterator[Outcome]:
    """Required and expected variables that are not there."""
    for variable in one.spec.variables:
        if variable.core in ("Req", "Exp"):
            missing = variable.name not in one.data
            yield Outcome(variable.name, 1, int(missing), f"{variable.name} is not there" if missing else "")


def order(one: Checked) -> Iterator[Outcome]:
    """Variables that no spec knows, and variables out of the order of the spec."""
    there = list(one.data)
    wrong = [name for name in there if name not in one.spec.by_name]
    known = [name for name in one.spec.names if name in there]
    wrong += [had for had, due in zip([n for n in there if n in one.spec.by_name], known, strict=True) if had != due]
    yield Outcome("", len(there), len(wrong), " ".join(wrong[:3]))


def labels(one: Checked) -> Iterator[Outcome]:
    """Names longer than 8 and labels longer than 40 bytes, labels that are empty or of two variables."""
    told = [variable.label for variable in one.spec.variables if variable.name in one.data]
    for variable in one.spec.variables:
        if variable.name in one.data:
            long = len(variable.name) > NAME or len(variable.label.encode()) > LABEL
            wrong = long or not variable.label or told.count(variable.label) > 1
            yield Outcome(variable.name, 1, int(wrong), f"'{variable.label}'" if wrong else "")


def types(one: Checked) -> Iterator[Outcome]:
    """Variables that hold another type than the spec says."""
    stored = one.data if one.stored is None else one.stored
    for variable in one.spec.variables:
        if variable.name in stored:
            kind = stored[variable.name].dtype
            is_text = pd.api.types.is_string_dtype(kind)
            wrong = not is_text if variable.type == "text" else kind.kind not in KINDS[variable.type]
            yield Outcome(variable.name, 1, int(wrong), f"{kind} instead of {variable.type}" if wrong else "")


def lengths(one: Checked) -> Iterator[Outcome]:
    """Texts longer, in bytes, than the spec declares."""
    for told in _texts(one):
        most = int(told.variable.length) if told.variable.length else LONGEST
        yield _broken(one, told, pc.greater(pc.binary_length(told.distinct), most))


def beyond_ascii(one: Checked) -> Iterator[Outcome]:
    """Texts with signs beyond ASCII: they are kept."""
    for told in _texts(one):
        yield _broken(one, told, pc.invert(pc.string_is_ascii(told.distinct)))


def spaces(one: Checked) -> Iterator[Outcome]:
    """Texts that begin with a space, and a dot in the place of a missing value."""
    for told in _texts(one):
        yield _broken(one, told, pc.or_(pc.starts_with(told.distinct, " "), pc.equal(told.distinct, ".")))


def terms(one: Checked) -> Iterator[Outcome]:
    """Values outside a codelist that cannot be extended."""
    for told in _texts(one):
        if told.variable.codelist in one.closed:
            known = pa.array(sorted(one.closed[told.variable.codelist]), told.distinct.type)
            yield _broken(one, told, pc.invert(pc.is_in(told.distinct, known)))


def _texts(one: Checked) -> list[DistinctTexts]:
    """The texts of a dataset, each once for its variable; of a variable that holds no text its type is told."""
    if not one.texts:
        named = [variable for variable in one.spec.variables if variable.type == "text" and variable.name in one.data]
        held = ((variable, one.data[variable.name]) for variable in named)
        for variable, text in [(variable, text) for variable, text in held if pd.api.types.is_string_dtype(text)]:
            distinct = pa.array(text.dropna().unique().tolist(), pa.large_string())
            one.texts.append(DistinctTexts(variable, distinct, int(text.count())))
    return one.texts


def _broken(one: Checked, told: DistinctTexts, bad: pa.BooleanArray) -> Outcome:
    """The records whose text is among those for which `bad` holds, of those that have one."""
    if not pc.any(bad).as_py():
        return Outcome(told.variable.name, told.records, 0)
    held = one.data[told.variable.name]
    return one.found(told.variable.name, held.isin(told.distinct.filter(bad).to_pylist()), held.notna())


RULES = (
    Norm("KEYS", "No two records share the keys of the dataset.", f"{IG}, 4.1.9", keys),
    Norm("REQUIRED", "A required variable has a value in each record.", f"{IG}, 4.1.5", required),
    Norm("PRESENT", "Required and expected variables are there.", f"{IG}, 4.1.5", present),
    Norm("ORDER", "Variables are those of the spec, in its order.", f"{IG}, 4.1.4", order),
    Norm("LABELS", "Names have at most 8 bytes, labels at most 40 and each its own.", f"{IG}, 4.2.1", labels),
    Norm("TYPES", "A variable is of the type of its spec.", "Define-XML 2.1", types),
    Norm("LENGTHS", "No text is longer, in bytes, than is declared.", "SAS transport format, version 5", lengths),
    Norm("SPACES", "No text begins with a space, or is a dot.", "CORE-000867, CORE-000890", spaces),
    Norm("TERMS", "No value is outside a codelist that cannot be extended.", f"{IG}, 4.3", terms),
    Norm("ASCII", "Text is ASCII (other text is kept as it is).", "SAS transport format, version 5", beyond_ascii),
)
