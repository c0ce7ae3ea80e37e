"""The blocks of the documentation: their language, the reason why one is not run, and what stands in them."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RUN = ("sh", "python")  # what tests run; all else shows a file or a page
SHOWN = {"", "text", "yaml", "csv", "json"}
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


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


def script(text: str) -> str:
    """What a page types, as one shell script that stops where a command fails; Python blocks as they stand."""
    lines = ["set -euo pipefail"]
    for fence in fences(text):
        if fence.language in RUN and not fence.why:
            body = fence.body if fence.language == "sh" else f"python - <<'PYTHON'\n{fence.body}PYTHON\n"
            lines += [f"echo '>>> {fence.body.splitlines()[0].replace(chr(39), '')}'", body]
    return "\n".join(lines)
