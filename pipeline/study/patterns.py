"""Scalars that are more than texts: how each is written, and what it is called."""

from __future__ import annotations

import re

LONGEST = 40  # characters of the label of a variable or dataset, as transport files carry it
PATTERNS = {"label": re.compile(rf"(?s:.{{0,{LONGEST}}})"),
            "number": re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,15})?"), "count": re.compile(r"[0-9]{1,2}"),
            "size": re.compile(r"(?=.*[1-9])[0-9]{1,3}(\.[0-9]{1,6})?"), "flag": re.compile("true|false"),
            "least": re.compile(r"[0-9]{1,4}|[0-9]{1,2}(\.[0-9]+)? ?%"),
            "decided": re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,15})?|@[A-Z][A-Z0-9_]*|<[a-z][a-z0-9_]*>"),
            "0 or 1": re.compile("[01]"),
            "days": re.compile("[0-9]{1,2}|[12][0-9]{2}|3[0-5][0-9]|36[0-5]")}  # fmt: skip
PATTERN_WORDS = {"label": f"a text of at most {LONGEST} characters",
                 "number": "a number", "count": "a whole number below 100", "size": "a number above 0",
                 "flag": "true or false", "0 or 1": "0 or 1", "days": "a number of days from 0 to 365",
                 "decided": "a number, or @ and a decision",
                 "least": "a number of subjects (2) or a percentage (5 %)"}  # fmt: skip
