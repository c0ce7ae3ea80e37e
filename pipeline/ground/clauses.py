"""The one reader, checker and evaluator of every `where`: comparisons, joined by and, or, not; nothing else.

A clause compares a field with a literal (text in quotes, a number, a list after `in`) or with another field, by
== != < <= > >= in, not in; `@NAME` is a decision, filled in before it is evaluated. Nothing is ever handed to Python:
there are no calls, attributes, arithmetic or subscripts in the grammar.

Measured and derived numbers are held against their bound by the one rule of `bounds`: 0.1 + 0.2 meets `X >= 0.3`.

The rule for missing values: a missing value (of text, number or date alike) meets no comparison but `!=` and `not in`;
it is not even equal to another missing value, so that `X != X` asks for it. The literal "" stands for "missing":
`X == ""` holds where X is missing or empty, `X != ""` where it has a value, `X in ["", "NA"]` takes both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Clause, NotReadError, cut, parsed
from pipeline.ground.grammar import quoted as quoted
from pipeline.ground.words import did_you_mean

if TYPE_CHECKING:
    from typing import TypeAlias

    import pandas as pd

    from pipeline.ground.clause_evaluation import Known

    Names: TypeAlias = Collection[str] | pd.DataFrame  # of a frame, its columns

SHOWN = 200


def read(text: str, place: str = "") -> Clause:
    """The clause of a text. Raises TrialError saying what is not understood, at which character, and `place`."""
    try:
        return parsed(text)
    except NotReadError as error:
        raise _unreadable(text, error, place) from None


def check(text: str, known: Names, place: str = "", decisions: Collection[str] | None = None) -> Clause:
    """The clause, all of whose fields (and decisions, where given) are known. Raises TrialError with the near ones."""
    clause = read(text, place)
    for name in clause.names:
        if name not in known:
            what = f"The condition {text!r} names the unknown field {name}."
            raise TrialError(what, place, did_you_mean(name, known))
    for name in clause.decisions if decisions is not None else ():
        if name.upper() not in {known_one.upper() for known_one in decisions or ()}:
            what = f"The condition {text!r} names the unknown decision {name}."
            raise TrialError(what, place, did_you_mean(name.upper(), decisions or ()))
    return clause


def names(text: str) -> list[str]:
    """The fields a clause names, in their order; none for the empty clause. Raises TrialError."""
    return list(read(text).names) if text.strip() else []


def named_in(text: str) -> list[str]:
    """The fields a clause names, as `names` has them; none where it cannot be read, which lint tells with its place."""
    try:
        return names(text)
    except TrialError:
        return []


def meets(frame: pd.DataFrame, text: str, place: str = "", known: Known | None = None) -> pd.Series:
    """True for the records of which the clause holds, all for the empty clause; only the fields named are touched.

    `known` keeps, for other clauses on the same records, where each comparison holds. Raises TrialError for a clause
    that cannot be read, an unknown field, and a text compared with a number.
    """
    from pipeline.ground.clause_evaluation import everybody, holds

    if not text.strip():
        return everybody(frame)
    clause = check(text, frame, place)
    if clause.decisions:
        what = f"The condition {text!r} names the decision {clause.decisions[0]}, which is not known here."
        raise TrialError(what, place, "list it under `decisions:` of the output")
    return holds(clause.node, frame, f"{place}: {text}" if place else text, known)


def could_meet(frame: pd.DataFrame, text: str, place: str = "") -> tuple[pd.Series, pd.Series]:
    """Where the clause surely holds, and where it could once what is missing were known; both all for the empty clause.

    Raises TrialError as `meets` does.
    """
    from pipeline.ground.clause_evaluation import bounded, everybody

    if not text.strip():
        return everybody(frame), everybody(frame)
    return bounded(check(text, list(frame.columns), place).node, frame, f"{place}: {text}" if place else text)


def compared_with_numbers(text: str) -> tuple[str, ...]:
    """The fields that a clause compares with numbers. Raises TrialError."""
    told = [one for one in read(text).comparisons if text.strip()] if text.strip() else []
    kinds = [(one.left.id, one.right if isinstance(one.right, tuple) else (one.right,)) for one in told]
    return tuple(dict.fromkeys(name for name, held in kinds if any(isinstance(value, int | float) for value in held)))


def meeting(frame: pd.DataFrame, text: str, place: str = "") -> pd.DataFrame:
    """The records of which the clause holds, in their order."""
    return frame[meets(frame, text, place)] if text.strip() else frame


def filled(text: str, decisions: Mapping[str, Any], place: str = "") -> str:
    """The clause with the value of each decision (by name in lower case) as a literal, so that it can be read alone.

    Raises TrialError naming a decision that is not among them.
    """
    if "@" not in text:
        return text
    parts, at = [], 0
    for token in _tokens(text, place):
        if token.lastgroup == "decision":
            name = token["decision"]
            if name.lower() not in decisions:
                what = f"The decision {name.upper()} is not known here."
                raise TrialError(what, place, "list it under `decisions:` of the output")
            parts += [text[at : token.start("decision") - 1], quoted(decisions[name.lower()])]
            at = token.end()
    return "".join([*parts, text[at:]])


def _tokens(text: str, place: str) -> list[re.Match[str]]:
    try:
        return cut(text)
    except NotReadError as error:
        raise _unreadable(text, error, place) from None


def _unreadable(text: str, error: NotReadError, place: str) -> TrialError:
    shown = text if len(text) <= SHOWN else text[:SHOWN] + " ..."
    return TrialError(f"The condition {shown!r} cannot be read: {error.what}.", place, error.cure)
