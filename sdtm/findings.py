"""Findings of the mapping: one row per raw record that somebody has to look at.

What stands for many records (`counted`, `of_form`) says their number. Beside it stands what it is made of, so that what
was found in parts of the subjects can be added up to what is found in all of them.
"""

from collections.abc import Iterable

import pandas as pd

COLUMNS = ("check", "severity", "form", "record", "subject", "field", "value", "message")
# Of a finding that stands for many: what is said of them, how many they are, lines and names of the first, and their
# forms where it is of whatever forms.
SAID, RECORDS, LINES, NAMED, FORMS = PIECES = ("_said", "_records", "_lines", "_named", "_forms")
FIRST, BETWEEN, COUNT = 3, "\x1f", "{count}"


def gathered(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table of findings from many, each finding once, all cells text; what is counted keeps what it is made of."""
    return _stacked(parts).drop_duplicates(ignore_index=True)


def _stacked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    frames = [part for part in parts if len(part)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    pieces = PIECES if any(SAID in frame for frame in frames) else ()
    return pd.concat(frames, ignore_index=True).reindex(columns=[*COLUMNS, *pieces])


def said(found: pd.DataFrame) -> pd.DataFrame:
    """The findings without what those that stand for many are made of."""
    return found[list(COLUMNS)]


def added_up(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The findings of all subjects from those of parts of them: what stands for many records stands once for all."""
    found = _stacked(parts)
    if SAID not in found:
        return gathered([found])
    many = found[SAID].notna()
    own = found["form"].where(found[FORMS].eq(""), "")
    counted = found[many].assign(_value=found["value"].where(found[LINES].ne(""), ""), _form=own)
    alike = counted.groupby(["check", "severity", "_form", SAID, "_value"], sort=False)
    return gathered([said(found[~many]), *(_added(rows) for _, rows in alike)])


def of_records(
    records: pd.DataFrame, check: str, severity: str, field: str, value: pd.Series, message: str
) -> pd.DataFrame:
    """One finding per raw record; `{value}` in the message stands for the record's value."""
    shown = value.reindex(records.index).fillna("").astype("str")
    found = pd.DataFrame({
        "check": check, "severity": severity, "form": records["_FORM"], "record": records["_RECORD"],
        "subject": records["_SUBJECT"], "field": field, "value": shown,
        "message": [message.replace("{value}", text) for text in shown],
    })
    return found.astype("str")


def of_form(check: str, severity: str, form: str, count: int, message: str) -> pd.DataFrame:
    """One finding for a whole form; the value is the number of records, as is `{count}` in the message."""
    row = dict.fromkeys(COLUMNS, "") | {"check": check, "severity": severity, "form": form}
    row |= {"value": str(count), "message": message.replace(COUNT, str(count))}
    return pd.DataFrame([row], dtype="str")


def counted_of_form(check: str, severity: str, form: str, count: int, message: str) -> pd.DataFrame:
    """As `of_form`, with what it is made of."""
    found = of_form(check, severity, form, count, message)
    return found.assign(**dict(zip(PIECES, (message, count, "", "", ""), strict=True)))


def of_value(
    records: pd.DataFrame, check: str, severity: str, field: str, value: str, message: str
) -> pd.DataFrame:
    """One finding for all records that have the same value; the message says how many there are and names the first."""
    told = of_records(records.head(1), check, severity, field, pd.Series(value, index=records.index), message)
    return _many(told, message, len(records), records["_RECORD"].head(FIRST))


def counted(
    records: pd.DataFrame, check: str, severity: str, field: str, value: str, message: str, together: bool = False
) -> pd.DataFrame:
    """As `of_value`, the first being those of the first lines, with what it is made of.

    `together`: what is said alike of records of several forms is one finding.
    """
    ordered = records.sort_values(["_FORM", "_LINE"], kind="stable")
    first = ordered.head(FIRST)
    lines = " ".join(first["_LINE"].astype("str"))
    forms = BETWEEN.join(first["_FORM"]) if together else ""
    made_of = (message, len(records), lines, BETWEEN.join(first["_RECORD"]), forms)
    told = of_value(ordered, check, severity, field, value, message)
    return told.assign(**dict(zip(PIECES, made_of, strict=True)))


def _many(found: pd.DataFrame, message: str, count: int, first: Iterable[str]) -> pd.DataFrame:
    """The finding of the first record, said of so many; of one alone it stays as it is."""
    if count == 1:
        return found
    return found.assign(record="", subject="", message=f"{message} ({count:,} records, first {', '.join(first)})")


def _added(rows: pd.DataFrame) -> pd.DataFrame:
    """One finding of several that say the same of some records each."""
    message, count = str(rows[SAID].iloc[0]), int(rows[RECORDS].sum())
    if not rows[LINES].iloc[0]:
        check, severity, form = (str(rows[name].iloc[0]) for name in ("check", "severity", "form"))
        return said(of_form(check, severity, form, count, message))
    pieces = enumerate(zip(rows[LINES].str.split(), rows[NAMED].str.split(BETWEEN), rows[FORMS], strict=True))
    known = sorted((form, int(line), name, place) for place, (lines, named, forms) in pieces for line, name, form in
                   zip(lines, named, forms.split(BETWEEN) if forms else [""] * len(lines), strict=True))  # fmt: skip
    first = said(rows.iloc[[known[0][3]]])
    return _many(first, message, count, [name for _, _, name, _ in known[:FIRST]])
