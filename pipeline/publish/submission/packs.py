"""Many texts packed into one, as agencies take programs: plain text, each line of a file two blanks in.

    File: adam/adsl.py
    Content:
      ...

What is unpacked is, byte by byte, what was packed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

FILE, CONTENT, INDENT = "File: ", "Content:", "  "
SAFE = re.compile(r"(?!/)(?:(?!\.\.?/)[^/\\\0]+/)*(?!\.\.?$)[^/\\\0]+")


def packed(head: str, files: Iterable[tuple[str, str]]) -> str:
    """The files (path and text) as one text below its head, whose lines begin with #."""
    parts = [head.rstrip("\n") + "\n"]
    for path, text in files:
        parts.append(f"\n{FILE}{path}\n{CONTENT}\n" + "".join(f"{INDENT}{line}\n" for line in text.split("\n")))
    return "".join(parts)


def unpacked(text: str) -> Iterator[tuple[str, str]]:
    """The files of a pack: path and text. Raises ValueError for what is no pack, or a path that leads out of it."""
    for part in ("\n" + text).split(f"\n{FILE}")[1:]:
        path, mark, content = part.partition(f"\n{CONTENT}\n")
        if not mark or not SAFE.fullmatch(path):
            raise ValueError(f"no file of a pack: {path[:80]}")
        lines = content.split("\n")[:-1]
        lines = lines[:-1] if lines and lines[-1] == "" else lines  # the empty line before the next file
        if not all(line.startswith(INDENT) for line in lines):
            raise ValueError(f"a line of {path} is not two blanks in")
        yield path, "\n".join(line.removeprefix(INDENT) for line in lines)
