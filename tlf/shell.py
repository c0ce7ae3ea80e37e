"""Cells as the mock shows them: "{n:xx} ({pct:xx.x})". The only place of the project that rounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pipeline.ground.faults import TrialError

if TYPE_CHECKING:
    import pandas as pd

FIELD = re.compile(r"\{(?P<name>\w+)(?:/(?P<of>\w+))?(?P<percent>%)?(?::(?P<form>x+(?:\.x+)?))?\}")
CODES = ("NE", "NR")  # a note "NR: not reached" prints as NR
AT = ("SET", "ROW", "LEVEL", "COLUMN", "STATISTIC")  # the ids of a result within its output
PCT = "pct"  # what a share of two counts is called
SIGNIFICANT = 12  # digits that survive; further ones are floating noise

Values: TypeAlias = "Mapping[str, object]"  # what a shell is filled with, by name


class PrintedNumber(NamedTuple):
    """A number as it was printed: the ids of its result (set, row, level, column, statistic), and its text."""

    at: tuple[str, ...]
    text: str


class PrintedTexts(NamedTuple):
    """The ids of many results, a record of each, and the texts that they were printed as: cells of a listing."""

    at: pd.DataFrame
    texts: Sequence[str]


class Stated(tuple[Any, ...]):
    """A result as shells take it, (value, note), that knows by its ids where it stands."""

    at: tuple[str, ...] = ()


_HEARD: ContextVar[list[PrintedNumber | PrintedTexts] | None] = ContextVar("heard", default=None)


@contextmanager
def heard() -> Iterator[list[PrintedNumber | PrintedTexts]]:
    """What is printed within, number by number: so a result is known with the text that a reader sees."""
    said: list[PrintedNumber | PrintedTexts] = []
    token = _HEARD.set(said)
    try:
        yield said
    finally:
        _HEARD.reset(token)


def hear(value: object, text: str, statistic: str = "") -> str:
    """The text, noted as what a result (else the `statistic` made of it) was printed as, if somebody listens."""
    listener = _HEARD.get()
    if listener is not None and isinstance(value, Stated):
        listener.append(PrintedNumber((*value.at[:-1], statistic or value.at[-1]), text.strip()))
    return text


def hear_all(results: pd.DataFrame, texts: Sequence[str]) -> None:
    """Texts, each noted as what the result beside it was printed as, if somebody listens."""
    listener = _HEARD.get()
    if listener is not None:
        listener.append(PrintedTexts(results[[*AT]], texts))


class Awaited(float):
    """A number that no data have given yet: it prints as the x's of its shell."""

    def __format__(self, form: str) -> str:
        return "xx"


def cell(template: str, values: Values, *, missing: str = "-") -> str:
    """The printed cell: every field of `template` filled from `values`, rounded half away from zero.

    1. `{mean:xx.x}` prints a number with as many decimals as x's after the point, right-aligned in as many places as
       the form has; a longer number is printed whole.
    2. `{rate%:xx.x}` prints 100 times a proportion, `{x/n%:xx.x}` 100 x / n from two counts; `{pct:xx.x}` is
       `{n/N%:xx.x}`. All of them (x = n) prints as 100 without decimals.
    3. `{name}` prints a text as it is.
    4. After a bar stands the form of the cell when its first number is 0: "{n:xx} ({pct:xx.x})|{n:xx}".
    5. An awaited number prints as its form, x's and all.
    6. A value may be a pair (number, note). A missing number prints NE or NR when its note begins so, else `missing`;
       so does a percentage of nobody.
    Raises ValueError for a field that `values` lacks and for a brace or form that is none of these.
    """
    form, bar, zero = template.partition("|")
    _check(template, values)
    of_nobody = bool(bar) and _first_number(form, values) == 0
    printed = FIELD.sub(lambda field: _print(field, values, missing), zero if of_nobody else form)
    if of_nobody:
        return printed.ljust(len(FIELD.sub(lambda field: _text(field, values, missing), form)))
    return printed


def rounded(value: float | Decimal, decimals: int = 0) -> str:
    """`value` with that many decimals, half away from zero, after cleaning it to 12 significant digits; never "-0"."""
    return f"{_clean(value).quantize(Decimal(10) ** -decimals, rounding=ROUND_HALF_UP):zf}"


def names_of(said: str) -> list[str]:
    """The variables of a listing's cell: those it names, or those of its shell."""
    fields = [name for field in FIELD.finditer(said) for name in (field["name"], field["of"]) if name]
    return list(dict.fromkeys(fields)) if "{" in said else said.split()


def _print(field: re.Match[str], values: Values, missing: str) -> str:
    """The text of a field, heard as of the result behind it: a share of two counts as that of the first."""
    share = field["name"] == "pct"
    text = _text(field, values, missing)
    return hear(values["n" if share else field["name"]], text, PCT if share or field["of"] else "")


def _text(field: re.Match[str], values: Values, missing: str) -> str:
    if isinstance(_pair(values["n" if field["name"] == "pct" else field["name"]])[0], Awaited):
        return field["form"] or "xx"
    if field["form"] is None and not field["percent"]:
        value, _ = _pair(values[field["name"]])
        return missing if _is_missing(value) else str(value)
    form = field["form"] or "x"
    number, code = _number(field, values)
    if number is None:
        return (code or missing).rjust(len(form))
    whole = _is_ratio(field) and number == 100
    return rounded(number, 0 if whole else len(form.partition(".")[2])).rjust(len(form))


def _number(field: re.Match[str], values: Values) -> tuple[Decimal | None, str | None]:
    """The number behind a field and, where there is none, the code of the reason."""
    name, of = (("n", "N") if field["name"] == "pct" else (field["name"], field["of"]))
    value, note = _pair(values[name])
    if _is_missing(value):
        return None, next((code for code in CODES if str(note).startswith(code)), None)
    if not isinstance(value, int | float | Decimal):
        cure = f"write {{{name}}}, without a form"
        raise TrialError(f"The shell prints {name} as a number; it is {value!s:.20}.", cure=cure)
    number = _clean(value)
    if of is not None:
        base, _ = _pair(values[of])
        if _is_missing(base) or not _clean(base):
            return None, None
        number = number / _clean(base)
    return (number * 100 if _is_ratio(field) or field["percent"] else number), None


def _is_ratio(field: re.Match[str]) -> bool:
    return field["name"] == "pct" or bool(field["of"])


def _first_number(form: str, values: Values) -> Decimal | None:
    for field in FIELD.finditer(form):
        if field["form"]:
            return _number(field, values)[0]
    return None


def _check(template: str, values: Values) -> None:
    if re.search(r"[{}]", FIELD.sub("", template)):
        cure = "write a field as {n:xx.x}, {rate%:xx.x}, {x/n%:xx.x} or {text}"
        raise TrialError(f"The shell {template!r} cannot be read.", cure=cure)
    for field in FIELD.finditer(template):
        wanted = ("n", "N") if field["name"] == "pct" else filter(None, (field["name"], field["of"]))
        lacking = [name for name in wanted if name not in values]
        if lacking:
            known = ", ".join(map(str, values)) or "none"
            raise TrialError(f"The shell {template!r} wants {lacking[0]!r}.", cure=f"the values given are: {known}")


def _pair(value: object) -> tuple[object, object]:
    return value if isinstance(value, tuple) else (value, None)


def _is_missing(value: object) -> bool:
    if isinstance(value, str):
        return value == ""
    return value is None or not isfinite(float(value))


def _clean(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(f"{float(value):.{SIGNIFICANT - 1}e}")
