"""Whose turn it is: nodes in the order of making, each as soon as all that it needs is there.

A large delivery has tens of thousands of nodes; what a node's end lets begin is told by its needs alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from heapq import heapify, heappop, heappush

from pipeline.engine.node import Graph


class Turns:
    """The nodes of a stage that wait, and for what; of those that are ready the first in the order comes first."""

    def __init__(self, graph: Graph, names: Sequence[str], there: Collection[str]):
        self.names = list(names)
        self.place = {name: place for place, name in enumerate(self.names)}
        self.lacking = {name: {need for need in graph[name].needs if need not in there} for name in self.names}
        self.asked_by: dict[str, list[str]] = {}
        for name, needs in self.lacking.items():
            for need in needs:
                self.asked_by.setdefault(need, []).append(name)
        self.ready = [self.place[name] for name, needs in self.lacking.items() if not needs]
        heapify(self.ready)

    def next(self) -> str:
        """The next node that can be made; '' where none can be."""
        name = self.names[heappop(self.ready)] if self.ready else ""
        self.lacking.pop(name, None)
        return name

    def made(self, name: str) -> None:
        """A node is there: what lacked nothing else is ready."""
        for one in self.asked_by.pop(name, ()):
            needs = self.lacking.get(one)
            if needs is not None:
                needs.discard(name)
                if not needs:
                    heappush(self.ready, self.place[one])

    def lost(self, name: str) -> Iterator[tuple[str, str]]:
        """A node cannot be made: what rests on it is left away, each with what it rests on."""
        for one in self.asked_by.pop(name, ()):
            if self.lacking.pop(one, None) is not None:
                yield one, name
                yield from self.lost(one)

    @property
    def waiting(self) -> str:
        """The first node that still lacks something; '' where none does."""
        return min(self.lacking, key=self.place.__getitem__, default="")
