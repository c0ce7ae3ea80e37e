"""Numbers of lines as few bytes: the steps from each to the next, or where that is less, from where to where they run.

A table that says of every value on which lines it stood would else be larger than the file itself.
"""

from collections.abc import Iterator, Sequence

import numpy as np

STEPS = (1, 2, 4, 8)  # bytes of a step; 0 stands before runs
PIECE = 1 << 20  # lines whose numbers are held at once


def packed(lines: np.ndarray) -> bytes:
    """The numbers (from 1, in any order), each once. The first byte says how they are written."""
    ordered = np.sort(lines.astype("int64"), kind="stable")  # which are mostly in their order: no hash is as fast
    ordered = ordered[np.diff(ordered, prepend=-1) != 0]  # no line is number -1
    steps = np.diff(ordered, prepend=0)
    size = _size(int(steps.max(initial=0)))
    begins = np.flatnonzero(np.diff(ordered, prepend=-1) != 1)  # no line is number 0
    if 16 * len(begins) < size * len(ordered):
        runs = np.column_stack([ordered[begins], np.diff(begins, append=len(ordered))])
        return b"\0" + runs.astype("<i8").tobytes()
    return bytes([size]) + steps.astype(f"<u{size}").tobytes()


def packed_together(contents: Sequence[bytes]) -> bytes:
    """The numbers of several such texts as one, of which no more is held than two bytes for each line of the file."""
    there = np.zeros(max(map(_last, contents), default=0) + 2, dtype=bool)
    for content in contents:
        there[unpacked(content)] = True
    size = _size(max((int(steps.max()) for steps in _steps(there)), default=0))
    turns = np.flatnonzero(there[1:] != there[:-1])  # before the first line of a run, at its last
    if 8 * len(turns) < size * np.count_nonzero(there):
        runs = np.column_stack([turns[::2] + 1, turns[1::2] - turns[::2]])
        return b"\0" + runs.astype("<i8").tobytes()
    return b"".join([bytes([size]), *(steps.astype(f"<u{size}").tobytes() for steps in _steps(there))])


def _size(step: int) -> int:
    """The bytes that steps take of which this is the largest."""
    return next(one for one in STEPS if one == STEPS[-1] or step < 256**one)


def _last(content: bytes) -> int:
    """The largest number; 0 where there is none."""
    told = np.frombuffer(content, f"<u{content[0]}" if content[0] else "<i8", offset=1)
    return int(told.sum() if content[0] else told[-2:].sum() - 1)


def _steps(there: np.ndarray) -> Iterator[np.ndarray]:
    """The steps from each line that is there to the next, some lines at a time."""
    last = 0
    for start in range(0, len(there), PIECE):
        lines = np.flatnonzero(there[start : start + PIECE]) + start
        if len(lines):
            yield np.diff(lines, prepend=last)
            last = int(lines[-1])


def unpacked(content: bytes) -> np.ndarray:
    """The numbers, in their order."""
    size, body = content[0], content[1:]
    if size:
        return np.cumsum(np.frombuffer(body, f"<u{size}"), dtype="int64")
    begins, lengths = np.frombuffer(body, "<i8").reshape(-1, 2).T
    return np.arange(lengths.sum()) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
