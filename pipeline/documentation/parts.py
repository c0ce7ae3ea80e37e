"""The made parts of the guide: `<!-- made: commands -->` in one of its pages is replaced by what the sources say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.documentation import sources
from pipeline.documentation.commands import of_commands
from pipeline.documentation.derivations import CHAPTERS, of_chapter
from pipeline.gate.checks.catalogue import load_checks
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.manual.markdown import code, table
from pipeline.study.specs import Specs

PART = re.compile(r"<!-- made: (?P<what>[^>]+?) -->")
FENCE = re.compile(r"^```(?P<language>\w+) not run: (?P<why>[^\n]+)$(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class SiteSources:
    """What the made parts rest on: the repository, the specs of the example study, the command line."""

    root: Path
    specs: Specs
    commands: click.Group


def page(text: str, of: SiteSources) -> str:
    """A page of the guide with its parts made, and the reason beneath each block that tests do not run."""
    text = FENCE.sub(r"```\g<language>\g<body>```\n\n*Tests do not run this block: \g<why>.*", text)
    return PART.sub(lambda found: "\n\n".join(_part(found["what"], of)), text)


def _part(what: str, of: SiteSources) -> Iterable[str]:
    """One part. Raises TrialError for one that nobody makes."""
    if what in CHAPTERS:
        return of_chapter(of.root, of.specs, what)
    if what not in PARTS:
        raise TrialError(f"Nobody makes '{what}'.", "docs/guide", did_you_mean(what, [*PARTS, *CHAPTERS]))
    return PARTS[what](of)


def _checks(of: SiteSources) -> Iterable[str]:
    found = sorted(load_checks(of.specs, of.specs.contracts), key=lambda one: one.id)
    lines = [(code(one.id), one.severity, one.responsible, one.message, one.why) for one in found]
    return [table(("Check", "Severity", "Who answers", "What is asked", "Why it matters"), lines)]


def _outputs(of: SiteSources) -> Iterable[str]:
    """Each output with the page it prints; a figure is named."""
    for name, one in sorted(of.specs.outputs.items(), key=lambda item: item[1].shell.output):
        yield f"### {one.shell.output} {one.shell.title[0]}"
        page = of.root / "tests" / "shells" / "golden" / f"{of.specs.name}-{name}.txt"
        yield f"`{one.written.path.relative_to(of.root).as_posix()}`"
        if page.is_file():
            yield f"```text\n{page.read_text(encoding='utf-8').rstrip()}\n```"


def _python(of: SiteSources) -> Iterable[str]:
    home = of.root / "pipeline"
    found = [(f"`{name}`", told) for name, told in sources.methods(home / "notebook.py", "OpenedStudy")]
    yield table(("Of an opened study", "What it gives"), found)


PARTS: dict[str, Callable[[SiteSources], Iterable[str]]] = {
    "commands": lambda of: of_commands(of.commands, "trial"),
    "checks": _checks,
    "outputs": _outputs,
    "python": _python,
    "statistics": lambda of: sources.of_modules(of.root, "tlf/stats"),
    "mapping rules": lambda of: sources.of_modules(of.root, "sdtm/mapping"),
    "verbs": lambda of: sources.of_modules(of.root, "adam/derive"),
    "criteria": lambda of: sources.of_modules(of.root, "adam/criteria"),
    "oracles": lambda of: [sources.oracles(of.root)],
}
