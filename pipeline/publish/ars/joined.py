"""The reporting event of outputs that were analysed one by one: what their analyses share is numbered over all.

What an output's results say is told of them alone and kept (`pipeline/publish/results_pieces.py`). The ids of
populations, subsets, groupings and methods are numbers in the order in which these are met in all outputs, so they are
put in here: in a kept text each is the id within its output, between two signs that no text has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pipeline.engine.store import Json
from pipeline.publish.ars.analyses import PREFIXES, Registry, analyses, plain_text, rows_of
from pipeline.publish.ars.conditions import expression

if TYPE_CHECKING:
    import pandas as pd

    from tlf.shells import Shell

MARK = "\udfff"  # half of a pair, which stands in no text that can be written
MARKED = MARK.encode("utf-8", "surrogatepass")
Key: TypeAlias = "str | tuple[Key, ...]"


class Referred(NamedTuple):
    """What the analyses of an output refer to, by kind in the order of its ids, what its subsets say, its analyses.

    Of an analysis: its name and its id.
    """

    keys: dict[str, list[Key]]
    conditions: list[dict[str, Json]]
    listed: list[tuple[str, str]]


@dataclass(frozen=True)
class Analysed:
    """An output as it was analysed: what it refers to, and its analyses, each a line of JSON."""

    output: str
    referred: Referred
    lines: Callable[[], Iterable[bytes]]


@dataclass
class Shared:
    """All that the analyses of an event refer to, and what is said of its subsets."""

    known: Registry = field(default_factory=Registry)
    conditions: dict[Key, dict[str, Json]] = field(default_factory=dict)


def analysed(results: pd.DataFrame, shell: Shell) -> tuple[list[str], Referred]:
    """The analyses of one output as JSON, their ids marked; and what they refer to."""
    known, lines, listed = Registry(mark=MARK), list[str](), list[tuple[str, str]]()
    for one in analyses(rows_of(results), shell, known):
        lines.append(one.text)
        listed.append((str(one.said["name"]), str(one.said["id"])))
    conditions = [expression(known.parts[told], dataset) for dataset, told in known.subsets]
    return lines, Referred({kind: [*getattr(known, kind)] for kind in PREFIXES}, conditions, listed)


def referred_text(referred: Referred) -> str:
    """What the analyses of an output refer to, as JSON."""
    return plain_text(list(referred))


def referred_of(text: bytes) -> Referred:
    """The same, read again."""
    keys, conditions, listed = json.loads(text)
    return Referred({kind: [_key(one) for one in told] for kind, told in keys.items()}, conditions, listed)


def _key(told: Json) -> Key:
    return tuple(_key(one) for one in told) if isinstance(told, list) else str(told)


def numbered(outputs: Sequence[Analysed]) -> tuple[Shared, list[dict[bytes, bytes]]]:
    """What all refer to, in the order met; and for each output the ids of the event by those within it."""
    shared = Shared()
    return shared, [_ids(one.referred, shared) for one in outputs]


def _ids(referred: Referred, shared: Shared) -> dict[bytes, bytes]:
    shared.conditions |= dict(zip(referred.keys["subsets"], referred.conditions, strict=True))
    return {
        f"{PREFIXES[kind]}{number}".encode(): shared.known.named(kind, key).encode()
        for kind, keys in referred.keys.items()
        for number, key in enumerate(keys, 1)
    }


def joined(outputs: Sequence[Analysed], ids: Sequence[dict[bytes, bytes]]) -> Iterator[bytes]:
    """The analyses of all outputs as one list of JSON, in pieces."""
    before = b"["
    for one, own in zip(outputs, ids, strict=True):
        for line in one.lines():
            parts = line.split(MARKED)
            parts[1::2] = [own[part] for part in parts[1::2]]
            yield before + b"".join(parts)
            before = b","
    yield b"[]" if before == b"[" else b"]"
