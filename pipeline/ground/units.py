"""Units as laboratories write them, in one plain spelling: what is compared, not what is kept.

| Written | Plain |
|---|---|
| 10^3/µL, 10^3/μL, 10^3/mcL, x10³/uL, 10*3/uL, 10**3/uL, 10E3/uL, 10e+3 / uL | 10^3/uL |
| ×10⁹/L, x 10^9 / L, 10 9/L, 109/L, E9/L, 10^9 L-1, 10⁹·L⁻¹ | 10^9/L |
| mcg/mL, µg/mL, mcmol/L, g.L-1, mm Hg, (g/dL), sec., g per L | ug/mL, ug/mL, umol/L, g/L, mmHg, g/dL, sec, g/L |
| 10^9/litre, G/l, K/MCL, Thous/cmm, billion/L, mill/uL | 10^9/L, G/L, K/uL, K/mm3, G/L, M/uL |
| units/L, I.U./L, µUI/mL, micromol/L, µM, mM, gms/dl, #/uL | U/L, IU/L, uIU/mL, umol/L (2), mmol/L, g/dL, cells/uL |
| x10⁶ CAR+ T cells/kg, 1×10^6 cells/kg, 10E6 cells/kg bw, х10^6 клеток/кг, million cells/kg | 10^6cells/kg |
| mg/m², mg/m^2, mg/sqm, мг/м2 | mg/m2 |
| °C, ºC, ℃, degC, deg F | C, C, C, C, F |
| х10^9/л, тыс/мкл, кл/мкл, мкмоль/литр, Ед./л, МЕ/л, г/л | 10^9/L, K/uL, cells/uL, umol/L, U/L, IU/L, g/L |

Case is kept: G/L is 10^9/L and g/L is grams. Whoever compares does so by case first, then without it where only one
unit is left (`known_as`).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+")
RUSSIAN = {
    "л": "L", "литр": "L", "дл": "dL", "мл": "mL", "мкл": "uL", "кг": "kg", "г": "g", "мг": "mg", "мкг": "ug",
    "нг": "ng", "пг": "pg", "моль": "mol", "ммоль": "mmol", "мкмоль": "umol", "нмоль": "nmol", "пмоль": "pmol",
    "мэкв": "mEq", "ед": "U", "мед": "mU", "мкед": "uU", "ме": "IU", "мме": "mIU", "мкме": "uIU", "тыс": "K",
    "млн": "M", "кл": "cells", "клеток": "cells", "клетки": "cells", "клетка": "cells", "м": "m",
    "сек": "s", "с": "s", "мин": "min", "мм": "mm", "см": "cm", "ммртст": "mmHg",
}  # fmt: skip
_CYRILLIC = re.compile(r"[а-яё][а-яё.]*", re.IGNORECASE)
STEPS = tuple((re.compile(pattern), replacement) for pattern, replacement in (
    (r"\s+per\s+", "/"),
    (r"[\s.·*]+([A-Za-z]+)\^?-1$", r"/\1"),
    (r"\s+", ""),
    (r"^[\[({](.*)[\])}]$", r"\1"),
    (r"(?i)(?<=/)(?:lit(?:er|re)s?|l)\.?$", "L"),
    (r"(?<=/)([dmunpfµμ])l$", r"\1L"),
    (r"(?i)/(?:m\^2|m\*\*2|sq\.?m)$", "/m2"),
    (r"(?i)/kg(?:bw|bodyweight|b\.w\.?)$", "/kg"),
    (r"(?i)/MCL$", "/uL"),
    (r"(?i)/(?:cu\.?mm|cmm|mm\^3)$", "/mm3"),
    (r"\.$", ""),
    (r"\bmc(?=g|l|L|mol|kat|IU)", "u"),
    (r"\.(?=/)", ""),
    (r"(?:^1?|(?<=[/*]))[x×XхХ*·](?=10|E\d)", ""),
    (r"(?i)(?:viable|live|transduced|CAR-?T?\+?(?:-?positive)?|T-?)+cells?(?=$|/)", "cells"),
    (r"(?i)^(?:mill(?:ions?)?|mio|млн)(?=cells|клет)", "10^6"),
    (r"(?i)^micro-?(?=mol|g|kat|IU|U)", "u"),
    (r"(?i)^(?:units?|E)(?=/)", "U"),
    (r"(?i)^I\.U\.?(?=/)", "IU"),
    (r"^([mu])UI(?=/)", r"\1IU"),
    (r"(?i)^moles?(?=/)|(?<=[mun])moles(?=/)", "mol"),
    (r"^([munp])M(?:/L)?$", r"\1mol/L"),
    (r"(?i)^gms?(?=/)", "g"),
    (r"(?i)^(?:th(?:ou(?:s(?:ands?)?)?)?)(?=/)", "K"),
    (r"(?i)^billions?(?=/)", "G"),
    (r"(?i)^mill(?:ions?)?(?=/)", "M"),
    (r"(?i)^(?:cells?|counts?|#)(?=/)", "cells"),
    (r"^(?:10|1)?[eE]\+?0?(\d{1,2})(?=\D)", r"10^\1"),
    (r"^10(?:\*\*?|\^|exp)?\+?0?(3|6|9|12)(?=[/A-Za-z.·*])", r"10^\1"),
    (r"^10(?:\*\*?|\^|exp)\+?0?(\d{1,2})(?=[/A-Za-zа-я])", r"10^\1"),
    (r"^(?:°|deg\.?|degrees?)(?=[CF])", ""),
))  # fmt: skip


def _lowered(found: re.Match[str]) -> str:
    """A raised number on the line: ^9 after digits, 3 after letters (mm³)."""
    low, before = found[0].translate(RAISED), found.string[: found.start()]
    return low if before[-1:].isalpha() and "-" not in low else f"^{low}"


@lru_cache(maxsize=10_000)
def plain_unit(text: str) -> str:
    """The plain spelling of one unit."""
    plain = _RAISED.sub(_lowered, text.strip().replace("º", "°"))
    plain = unicodedata.normalize("NFKC", plain).replace("μ", "u")
    for pattern, replacement in STEPS:
        plain = pattern.sub(replacement, plain)
    return _CYRILLIC.sub(lambda found: RUSSIAN.get(found[0].replace(".", "").lower(), found[0]), plain)


def is_unit_list(codelist: str) -> bool:
    """True for a codelist of units, by its name (UNIT, PKUNIT, LABC_UNIT)."""
    return "UNIT" in codelist.upper()


def spellings(text: str, codelist: str) -> tuple[str, ...]:
    """What a text is looked up by, in this order: itself, of a unit its plain spelling, and last without case."""
    exact = text.strip()
    plain = plain_unit(exact) if is_unit_list(codelist) else exact
    return tuple(dict.fromkeys((exact, f"plain {plain}", f"any case {plain.upper()}")))


def known_as(pairs: Iterable[tuple[str, str]], codelist: str) -> dict[str, str]:
    """Every spelling of the texts of a codelist and what it stands for; a spelling that stands for two is left out.

    A text itself stands for what was said of it last.
    """
    pairs = list(pairs)
    meant: dict[str, dict[str, None]] = {}
    for text, value in dict(pairs).items():
        for spelling in spellings(text, codelist)[1:]:
            meant.setdefault(spelling, {})[value] = None
    return {spelling: next(iter(values)) for spelling, values in meant.items() if len(values) == 1} | dict(pairs)


def look_up(text: str, known: dict[str, str], codelist: str) -> str | None:
    """What a text stands for: by its exact spelling, else by the plain one, else by the one without case."""
    return next((known[spelling] for spelling in spellings(text, codelist) if spelling in known), None)
