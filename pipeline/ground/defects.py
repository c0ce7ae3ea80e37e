"""What the program says when it is itself at fault."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import click


def plain_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A defect of the program in plain words; the traceback goes to a file for those who mend it."""
    import traceback

    path = Path("trial-defect.log").resolve()
    path.write_text("".join(traceback.format_exception(kind, error, trace)), encoding="utf-8")
    click.secho(f"The program itself is at fault: {kind.__name__}: {error}", fg="red", err=True)
    click.echo(
        f"  where: the details are in {path}\n  cure:  send that file to those who maintain this project", err=True
    )
