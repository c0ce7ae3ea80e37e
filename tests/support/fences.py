"""The blocks of the documentation: their language, the reason why one is not run, and what stands in them."""

import re
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RUN = ("sh", "python")  # what tests run; all else shows a file or a page
SHOWN = {"", "text", "yaml", "csv", "json"}
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


INDENTED = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)
LEFT_OUT = "..."  # a line that stands for lines not shown


class Fence(NamedTuple):
    """A block of a page: `why` is the reason for not running it."""

    language: str
    why: str
    body: str


def fences(text: str) -> list[Fence]:
    """The blocks of a page in their order."""
    found = []
    for one in FENCE.finditer(text):
        language, _, why = one["info"].partition(" not run: ")
        found.append(Fence(language.split(" ")[0], why.strip(), one["body"]))
    return found


def typing(text: str) -> list[Fence]:
    """The blocks of a page that a reader types."""
    return [one for one in fences(text) if one.language in RUN and not one.why]


def script(text: str) -> str:
    """What a page types, as one shell script that stops where a command fails; Python blocks as they stand."""
    lines = ["set -euo pipefail", "exec 2>&1"]
    for fence in typing(text):
        body = fence.body if fence.language == "sh" else f"python - <<'PYTHON'\n{fence.body}PYTHON\n"
        lines += [f"echo '>>> {fence.body.splitlines()[0].replace(chr(39), '')}'", body]
    return "\n".join(lines)


def shown(text: str, told: str) -> list[tuple[str, str]]:
    """Each block of text that stands behind one a reader types, and what that one told when the page was typed."""
    answers = iter(re.split(r"^>>> .*\n", told, flags=re.MULTILINE)[1:])
    found, answer = [], ""
    for fence in fences(text):
        if fence.language in RUN and not fence.why:
            answer = next(answers)
        elif fence.language == "text":
            found.append((fence.body, answer))
    return found


def indented(text: str) -> list[str]:
    """The blocks of a text that stand four blanks to the right."""
    return [textwrap.dedent(block) for block in INDENTED.findall(text)]


def missing(block: str, told: str) -> list[str]:
    """The lines of a block that an answer does not tell, or not in this order; blanks count as one."""
    said, lost = iter(_lines(told)), []
    for line in _lines(block):
        if line != LEFT_OUT and line not in said:
            lost, said = [*lost, line], iter(_lines(told))
    return lost


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
