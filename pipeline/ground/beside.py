"""Work on the next records beside that on these: Arrow reads, packs and writes without holding the interpreter.

One step is under way at a time, and all are done in their order: what is made is the same, and no more is held than
the records of one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any, TypeVar

One = TypeVar("One")
END: Any = object()


def ahead(items: Iterator[One]) -> Iterator[One]:
    """The same items; the next one is made while the last is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, END)
        while (one := coming.result()) is not END:
            coming = pool.submit(next, items, END)
            yield one


class StepsBeside:
    """Steps that are done beside their caller, one after the other; whoever adds one waits until the last is done."""

    def __init__(self) -> None:
        self.last: Thread | None = None
        self.fault: BaseException | None = None

    def add(self, step: Callable[[], object]) -> None:
        """Begin a step when the last is done. Raises what that raised."""
        self.done()
        self.last = Thread(target=self._do, args=(step,))
        self.last.start()

    def done(self) -> None:
        """Wait for the last step. Raises what it raised."""
        if self.last is not None:
            self.last.join()
        fault, self.last, self.fault = self.fault, None, None
        if fault is not None:
            raise fault

    def _do(self, step: Callable[[], object]) -> None:
        try:
            step()
        except BaseException as fault:
            self.fault = fault
