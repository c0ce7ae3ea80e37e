"""For those who keep the project: its linters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from pipeline.ground.source import CODE

PACKAGES = ("pipeline", "sdtm", "adam", "tlf", "tests")


def run_linters(fix: bool) -> bool:
    """Run ruff, import-linter and mypy over the project; True when one of them complains."""
    tools = Path(sys.executable).parent
    check = [str(tools / "ruff"), "check", *(["--fix"] if fix else []), *PACKAGES]
    failed = False
    for name, command in (
        ("ruff", check),
        ("import-linter", [str(tools / "lint-imports")]),
        ("mypy", [str(tools / "mypy")]),
    ):
        click.echo(f"{name}:")
        if not Path(command[0]).exists():
            click.echo("  is not installed here; run `make lint`, which sets it up.")
            failed = True
            continue
        failed |= subprocess.run(command, cwd=CODE, check=False).returncode != 0
    return failed
