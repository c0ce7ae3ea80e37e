"""What a run says: progress on the terminal, everything in the log file."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

MANY = 10
COLOURS = {"bold": "1", "green": "32", "yellow": "33", "red": "31", "dim": "2"}


class Log:
    """Progress by stage on standard error, and the same with times in a file that is always written."""

    def __init__(self, path: Path, quiet: bool = False):
        self.quiet = quiet
        self.path = path
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
        for line in text.split("\n"):
            self.note(line)
        if not self.quiet:
            print(styled(text, style), file=sys.stderr, flush=True)

    def stage(self, name: str, what: str, seconds: float) -> None:
        """One stage done: its name, what it made, how long it took."""
        self.say(f"  {name:<10} {what:<58} {seconds:6.1f} s")

    def close(self) -> bytes:
        """End the log; its content."""
        self.note("ended")
        with contextlib.suppress(OSError):
            self.handle.close()
        return self.path.read_bytes()


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
