"""What a run says: progress on the terminal, everything in the log file."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import time
from pathlib import Path

MANY = 10
WIDTH = 80
STAGE = re.compile(r"^ *[\d.]+ s    (?P<stage>\w+) +\d+ made .* (?P<seconds>[\d.]+) s$", re.MULTILINE)
COLOURS = {"bold": "1", "green": "32", "yellow": "33", "red": "31", "dim": "2"}


class Log:
    """Progress by stage on standard error, and the same with times in a file that is always written."""

    def __init__(self, path: Path, quiet: bool = False, earlier: str = ""):
        self.quiet = quiet
        self.live = not quiet and sys.stderr.isatty()
        self.took = {line["stage"]: line["seconds"] for line in STAGE.finditer(earlier)}
        self.path = path
        self.said: list[str] = []  # what was said besides the stages
        self.started = time.perf_counter()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.handle = path.open("w", encoding="utf-8", errors="backslashreplace")
        self.note(f"started {time.strftime('%Y-%m-%dT%H:%M:%S%z')}")

    def note(self, text: str) -> None:
        """A line for the log file only; a full disk does not stop what the run still has to say."""
        with contextlib.suppress(OSError):
            self.handle.write(f"{time.perf_counter() - self.started:9.3f} s  {text}\n")
            self.handle.flush()

    def say(self, text: str = "", style: str = "") -> None:
        """A line for the terminal (unless quiet) and the log file."""
        self.said.append(text)
        self._say(text, style)

    def _say(self, text: str, style: str = "") -> None:
        for line in text.split("\n"):
            self.note(line)
        if not self.quiet:
            print(styled(text, style), file=sys.stderr, flush=True)

    def begins(self, name: str, count: int) -> None:
        """On a terminal: the stage that runs now and how long it took last time; its result takes the line's place."""
        if self.live:
            last = f", last time {self.took[name]} s" if name in self.took else ""
            text = f"  {name:<10} {count} to look at{last} ..."[: columns() - 1]
            print(f"\r{text:<{columns() - 1}}\r", end="", file=sys.stderr, flush=True)

    def stage(self, name: str, what: str, seconds: float) -> None:
        """One stage done: its name, what it made, how long it took; told shorter where the terminal is narrow."""
        self._say(f"  {name:<10} {what:<{min(58, columns() - 22)}} {seconds:6.1f} s")

    def close(self) -> bytes:
        """End the log; its content."""
        self.note("ended")
        with contextlib.suppress(OSError):
            self.handle.close()
        return self.path.read_bytes()


def earlier_log(out: Path) -> str:
    """The log of the run before; empty without one."""
    try:
        return (out / "log" / "trial.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def columns() -> int:
    """The width of the terminal, at least 40; 80 where there is none."""
    return max(40, shutil.get_terminal_size((WIDTH, 24)).columns) if sys.stderr.isatty() else WIDTH


def styled(text: str, style: str) -> str:
    """Text in a colour, unless NO_COLOR is set or the terminal takes none."""
    if not style or os.environ.get("NO_COLOR") or not sys.stderr.isatty():
        return text
    return f"\033[{COLOURS[style]}m{text}\033[0m"


def tell_altered(log: Log, altered: list[str], targets: list[str]) -> None:
    """Say which published files are not as they were published; all is then looked after, not only the targets."""
    for name in altered[:MANY]:
        log.say(f"  {name} is missing or was altered since it was published; it is made as it should be.", "yellow")
    if altered[MANY:]:
        log.say(f"  ... and {len(altered) - MANY} more files", "yellow")
    if altered and targets:
        log.say("  Because of that everything is built, not only what was named.", "yellow")
