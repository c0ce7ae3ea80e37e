"""Numbers of lines as few bytes: the steps from each to the next, or where that is less, from where to where they run.

A table that says of every value on which lines it stood would else be larger than the file itself.
"""

import numpy as np

STEPS = (1, 2, 4, 8)  # bytes of a step; 0 stands before runs


def packed(lines: np.ndarray) -> bytes:
    """The numbers (from 1, in any order), each once. The first byte says how they are written."""
    ordered = np.unique(lines).astype("int64")
    steps = np.diff(ordered, prepend=0)
    size = next(one for one in STEPS if one == STEPS[-1] or int(steps.max(initial=0)) < 256**one)
    begins = np.flatnonzero(np.diff(ordered, prepend=-1) != 1)  # no line is number 0
    if 16 * len(begins) < size * len(ordered):
        runs = np.column_stack([ordered[begins], np.diff(begins, append=len(ordered))])
        return b"\0" + runs.astype("<i8").tobytes()
    return bytes([size]) + steps.astype(f"<u{size}").tobytes()


def unpacked(content: bytes) -> np.ndarray:
    """The numbers, in their order."""
    size, body = content[0], content[1:]
    if size:
        return np.cumsum(np.frombuffer(body, f"<u{size}"), dtype="int64")
    begins, lengths = np.frombuffer(body, "<i8").reshape(-1, 2).T
    return np.arange(lengths.sum()) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
