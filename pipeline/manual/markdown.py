"""Markdown: tables and code."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable


def table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A table; a bar in a cell is escaped."""
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in [head, *lines]]
    rule = ["---"] * len(cells[0])
    return "\n".join("| " + " | ".join(line) + " |" for line in [cells[0], rule, *cells[1:]])


def code(text: str) -> str:
    """A text as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def folded(title: str, program: str) -> str:
    """A program that shows when its title is opened."""
    title = title.replace('"', "'")
    return f'??? note "{title}"\n\n' + textwrap.indent(f"```python\n{program}\n```", "    ")
