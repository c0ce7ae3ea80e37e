"""Variables that are looked for beside one that is named, their names put together of its own.

Who hands an output less than whole datasets asks here what else it may look at (`pipeline/engine/columns_read.py`):
code that puts a name together in another place is not handed what it then looks for.
"""

from __future__ import annotations

import re
from functools import cache

# As SDTM and ADaM name them; a visit of analysis without a number has a planned day.
PARTNERS = ((r"$", "NUM"), (r"$", "N"), (r"CD$", "N"), (r"CAT(\d)$", r"CA\1N"), (r"^AVISIT$", "AWTARGET"))


def partners(variable: str) -> list[str]:
    """The variables that may say the order of a variable's values as numbers, the first that is there does."""
    return [re.sub(end, number, variable) for end, number in PARTNERS if re.search(end, variable)]


def in_words(variable: str) -> str:
    """The variable that says in words (<5.0) what this one says as a number."""
    return "AVALC" if variable == "AVAL" else variable.removesuffix("STRESN") + "STRESC"


@cache
def companions(variable: str) -> tuple[str, ...]:
    """All that may be looked for beside a variable."""
    return (*partners(variable), in_words(variable))
