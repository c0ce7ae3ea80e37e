"""What an Excel cell shows, as text: its value through its number format, and where the two are not the same.

Excel stores 00007 as 7, 80 % as 0.8 and March 2025 as the first of that month; what its user sees and means is the
format's text. Source: ECMA-376 part 1, 18.8.31 (number formats).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

DIGITS = 15  # significant digits that Excel keeps
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!",
          "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#PYTHON!")  # fmt: skip
SIGNS = re.compile("[<>≤≥=~±‰]")  # beside a number they say something else than the number
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
SAID = {
    "percent": ("minor", "show a percentage ({shown} for {held}); what they show is read, without the sign"),
    "mixed": ("major", "show percentages in some rows ({shown} for {held}), numbers in others; ask which is meant"),
    "digits": ("minor", "show fewer digits than they hold (as in {held}); what they hold is read"),
    "unit": ("minor", "show a unit or another sign beside the number {held}; the number is read"),
    "sign": ("major", "show a sign (as < or +) beside the number {held}; the number is read, ask which is meant"),
    "hidden": ("major", "hide their value ({held}) by their format; it is read"),
    "scaled": ("major", "show a number in thousands ({held} in full); what they hold is read"),
    "part": ("minor", "show a part of a date ({shown} for {held}); what they show is read"),
    "year": ("major", "show a date without its year ({held}); Excel adds the year of typing, ask for the true one"),
    "clock": ("minor", "hold a time of day or a date that they do not show ({held}); what they show is read"),
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What a number format does to a number: `mask` for padded numbers, decimals shown (-1: as many as there are)."""

    kind: str = "number"
    mask: str = ""
    decimals: int = -1


def shown(value: Any, number_format: str | None) -> tuple[str, str]:
    """The text of a cell, and the word of SAID for what it does not show ('' where it shows all)."""
    if value is None or is_error(value):
        return "", ""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, int | float):
        return _number_shown(value, number_format or "General")
    if isinstance(value, timedelta):
        return _duration(value), ""
    if isinstance(value, datetime | date | time):
        return _moment_shown(value, number_format or "")
    return str(value).strip(), ""


def is_error(value: Any) -> bool:
    """True for what Excel writes where a formula failed."""
    return isinstance(value, str) and value in ERRORS


def plain(value: float) -> str:
    """A number as typed: 15 significant digits, never in powers of ten where digits will do."""
    text = f"{value:.{DIGITS}g}"
    return text if "e" not in text else f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")


def _number_shown(value: float, number_format: str) -> tuple[str, str]:
    shape, text = shape_of(_section(value, number_format)), plain(value) if isinstance(value, float) else str(value)
    if shape.kind == "percent":
        return plain(value * 100), "percent"
    if shape.mask and float(value).is_integer() and value >= 0:
        return _masked(int(value), shape.mask), ""
    if shape.kind != "number":
        return text, shape.kind
    return text, "digits" if shape.decimals >= 0 and float(plain(round(value, shape.decimals))) != float(text) else ""


def _section(value: float, number_format: str) -> str:
    """The part of a format for positive, negative or zero numbers, or the first whose condition holds."""
    parts = re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+|(?<=;)(?=;)|(?<=;)$|^(?=;)', number_format)
    if any(map(CONDITION.search, parts)):
        return next((part for part in parts if _holds(part, value)), parts[-1])
    if len(parts) < 2 or (value == 0 and len(parts) < 3):
        return parts[0] if parts else number_format
    return parts[1] if value < 0 else parts[2] if value == 0 else parts[0]


def _holds(part: str, value: float) -> bool:
    """True for a number that a part of a format is for by its own condition ("[<1]"), or that has none."""
    found = CONDITION.search(part)
    if not found:
        return True
    bound = float(found[2])
    return {"<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound,
            "=": value == bound, "<>": value != bound}[found[1]]  # fmt: skip


@lru_cache(maxsize=4_000)
def shape_of(section: str) -> Shape:
    """What one section of a number format does."""
    bare = LITERAL.sub("", section)
    letters = "".join(match[1] or match[2] or "" for match in LITERAL.finditer(section))
    if bare.strip().lower() in ("general", "@"):
        return Shape("unit" if re.search(r"\w", letters) else "number")
    if not re.search("[0#?%]", bare):  # words or nothing in place of the number
        return Shape("hidden")
    if SIGNS.search(letters + bare) or re.search(r"\+$", (letters or bare).strip()):
        return Shape("sign")
    if "%" in bare:
        return Shape("percent")
    if re.search(r"[0#?],+(?![0#?])", bare):
        return Shape("scaled")
    mask = _mask(section, bare)
    if mask:
        return Shape(mask=mask, decimals=0)
    if re.search(r"[^\W\d_]", letters):
        return Shape("unit")
    after = re.search(r"\.([0#?]*)", bare)
    return Shape(decimals=-1 if "E" in bare.upper() or "/" in bare else len(after[1]) if after else 0)


def _mask(section: str, bare: str) -> str:
    """The zeros and signs of a format that pads a number (00000, 000-0000, "P-"000), '' for other formats.

    A letter after the zeros is a unit; a single zero pads nothing unless something stands before it.
    """
    if not re.fullmatch(r"[0 ()/+-]*0[0 ()/+-]*", bare):
        return ""
    mask = LITERAL.sub(lambda match: re.sub("0", "\u2007", match[1] or match[2] or ""), section)
    before, _, _ = mask.partition("0")
    after = mask[mask.rindex("0") :]
    padded = mask.count("0") > 1 or re.search(r"[^\W\d_]", before)
    return mask if padded and not re.search(r"[^\W\d_]", after) else ""


def _masked(value: int, mask: str) -> str:
    """A number in the zeros of a mask, further digits before the first."""
    digits = list(str(value).zfill(mask.count("0")))
    first, text = mask.index("0"), ""
    for place in range(len(mask) - 1, -1, -1):
        if mask[place] != "0":
            text = mask[place] + text
        elif place == first:
            text = "".join(digits) + text
        else:
            text = digits.pop() + text
    return text.replace("\u2007", "0").strip()


@lru_cache(maxsize=4_000)
def parts_of(number_format: str) -> frozenset[str]:
    """The parts of a date that a format shows: y, m, d, h, n (minutes), s."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', " ", number_format.split(";")[0].lower())
    parts, before = set(), ""
    tokens = re.findall(r"y+|m+|d+|h+|s+|am/pm", bare)
    for place, token in enumerate(tokens):
        letter, after = token[0], tokens[place + 1][0] if place + 1 < len(tokens) else ""
        if letter == "m":
            letter = "n" if len(token) < 3 and (before in ("h", "n") or after == "s") else "m"
        if token != "am/pm":
            parts.add(letter)
            before = letter
    return frozenset(parts)


def _moment_shown(value: datetime | date | time, number_format: str) -> tuple[str, str]:
    parts = parts_of(number_format)
    if isinstance(value, time):
        moment = _to_the_second(datetime.combine(date(2000, 1, 1), value))
        return _clock(moment.time(), parts), ""
    moment = _to_the_second(value) if isinstance(value, datetime) else datetime.combine(value, time())
    timed = moment.time() != time()
    if parts & {"h", "n"} and not parts & {"y", "m", "d"}:
        return _clock(moment.time(), parts), "clock"
    if parts & {"d", "m"} and "y" not in parts:
        return moment.date().isoformat(), "year"
    if "y" in parts and "d" not in parts:
        return moment.strftime("%Y-%m" if "m" in parts else "%Y"), "part"
    if not timed:
        return moment.date().isoformat(), ""
    if parts and not parts & {"h", "n", "s"}:
        return moment.date().isoformat(), "clock"
    return f"{moment.date().isoformat()}T{_clock(moment.time(), parts)}", ""


def _to_the_second(value: datetime) -> datetime:
    """08:29:59.999 is 08:30: a day's fraction does not hold every second exactly."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _clock(value: time, parts: frozenset[str]) -> str:
    return value.isoformat("seconds" if value.second and "s" in parts else "minutes")


def _duration(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
