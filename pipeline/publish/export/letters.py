"""Text as the signs of a transport file can write it: ASCII for the FDA, or the encoding that an agency takes.

Signs that ASCII has another way of writing (dashes, quotes, accents, Greek letters of biology) are spelt so; a text of
another script has no such form. Source: FDA Study Data Technical Conformance Guide, 3.3.2 (ASCII).
"""

from __future__ import annotations

import re
import unicodedata

PAIRS = {
    "‘’‚‛′": "'", "“”„‟″«»": '"', "‐‑‒–—―−": "-", "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000": " ",
    "\u200b\u200c\u200d\ufeff\u00ad": "", "•·": "*", "…": "...", "≥": ">=", "≤": "<=", "≠": "<>", "≈": "~", "±": "+/-",
    "×": "x", "÷": "/", "⁄": "/", "→": "->", "←": "<-", "°": " deg ", "℃": " deg C", "℉": " deg F", "µμ": "u",
    "№": "No.", "™": "(TM)", "®": "(R)", "©": "(C)", "€": "EUR", "£": "GBP", "½": "1/2", "¼": "1/4", "¾": "3/4",
    "‰": " per mille", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ı": "i", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ε": "epsilon",
    "κ": "kappa", "λ": "lambda", "τ": "tau", "ω": "omega", "。": ".", "、": ",", "【": "[", "】": "]",
}  # fmt: skip
DIGITS = "0123456789"
SPELT = str.maketrans(
    {sign: plain for signs, plain in PAIRS.items() for sign in signs}
    | {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}  # letters of full width
    | dict(zip("₀₁₂₃₄₅₆₇₈₉", DIGITS, strict=True))
)
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", f"{DIGITS}+-", strict=True))
POWER = re.compile(f"[{''.join(RAISED)}]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def writable(text: str, encoding: str) -> str | None:
    """The text as a file of this encoding holds it, None where it cannot.

    Line breaks and other signs that no printer shows become one space; spaces at the end, which a field of fixed
    length cannot tell from its filling, are left out.
    """
    plain = CONTROL.sub(" ", text).rstrip(" ")
    plain = in_ascii(plain) if encoding == "ascii" else plain
    try:
        plain.encode(encoding)
    except UnicodeEncodeError:
        return None
    return plain if plain.strip() or not text.strip() else None


def in_ascii(text: str) -> str:
    """The text with all signs spelt that ASCII has another way of writing; the others stay."""
    if text.isascii():
        return text
    whole = unicodedata.normalize("NFC", text)
    spelt = POWER.sub(lambda found: "^" + "".join(RAISED[sign] for sign in found[0]), whole).translate(SPELT)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(sign))
    return (bare if bare.isascii() else spelt).rstrip(" ")
