"""One thing to be made, and what it rests on; the graph is all of them by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAPPED = "_mapped"


@dataclass(frozen=True)
class Node:
    """One thing to be made: what it needs (other nodes), the settings it reads, its code and its spec files.

    `named` are those of its needs that no parameter but a spec file names: a recipe takes them as `**named`. The
    function `completed_by` of a module adds to what the recipe made (its first parameter) what rests on all of it.
    """

    name: str
    kind: str
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    module: str = ""
    function: str = ""
    parameters: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    named: tuple[str, ...] = ()
    completed_by: tuple[str, str, tuple[str, ...]] = ("", "", ())


Graph = dict[str, Node]
