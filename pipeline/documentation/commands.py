"""Every command of the command line, as its help tells it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from pipeline.manual.markdown import code, table


def of_commands(group: click.Group, name: str) -> Iterator[str]:
    """The commands of a group one below the other: what each does, examples, options."""
    for word, command in sorted(group.commands.items()):
        full = f"{name} {word}"
        yield f"## {full}"
        yield from _told(command)
        lines = [(code(", ".join(one.opts)), *_of_option(one)) for one in command.params if _shown(one)]
        usage = " ".join([full, *(one.make_metavar(click.Context(command)) for one in command.params
                                  if isinstance(one, click.Argument))])  # fmt: skip
        yield code(usage)
        yield table(("Option", "Meaning", "In the environment"), lines) if lines else "It has no options."
        if isinstance(command, click.Group):
            yield from of_commands(command, full)


def _told(command: click.Command) -> Iterator[str]:
    """The help of a command: sentences as they are, what stands as typed as code."""
    text = inspect.cleandoc(command.help or "")
    for part in text.split("\n\n"):
        typed = part.startswith("\b\n")
        yield f"```text\n{part.removeprefix(chr(8)).strip(chr(10))}\n```" if typed else " ".join(part.split())


def _shown(one: click.Parameter) -> bool:
    return isinstance(one, click.Option) and not one.hidden


def _of_option(one: click.Parameter) -> tuple[str, str]:
    said = one.help if isinstance(one, click.Option) and one.help else ""
    return said, code(one.envvar) if isinstance(one.envvar, str) else ""
