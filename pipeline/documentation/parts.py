"""The made parts of the guide: `<!-- made: commands -->` in one of its pages is replaced by what the sources say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from pipeline.documentation import sources
from pipeline.documentation.commands import of_commands
from pipeline.documentation.datasets import of_layer
from pipeline.documentation.derivations import CHAPTERS, of_chapter
from pipeline.documentation.statistics import of_statistics
from pipeline.gate.checks.catalogue import load_checks
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.manual.markdown import code, table
from pipeline.publish.document import place
from pipeline.study.specs import Specs

OUTPUTS = "outputs"  # the folder of their pictures in the site
PART = re.compile(r"<!-- made: (?P<what>[^>]+?) -->")
FENCE = re.compile(r"^```(?P<language>\w+) not run: (?P<why>[^\n]+)$(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class SiteSources:
    """What the made parts rest on: the repository, the specs of the example study, the command line.

    `pictures` are the first pages of its outputs as PNG, by name.
    """

    root: Path
    specs: Specs
    commands: click.Group
    pictures: Mapping[str, bytes] = field(default_factory=dict)


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
    """Each output in the order of a report: its title, where it is written, who is in it, its first page."""
    for name, one in sorted(of.specs.outputs.items(), key=lambda item: place(item[1].shell.output)):
        yield f"## {one.shell.output} {one.shell.title[0]}"
        read = ", ".join(one.upper() for one in one.shell.datasets)
        yield f"{one.shell.population.label}; of {read}; `{one.written.path.relative_to(of.root).as_posix()}`"
        if name in of.pictures:
            yield f"![First page of {one.shell.output}](../{OUTPUTS}/{name}.png){{ loading=lazy }}"


def _python(of: SiteSources) -> Iterable[str]:
    home = of.root / "pipeline"
    found = [(f"`{name}`", told) for name, told in sources.methods(home / "notebook.py", "OpenedStudy")]
    yield table(("Of an opened study", "What it gives"), found)


PARTS: dict[str, Callable[[SiteSources], Iterable[str]]] = {
    "commands": lambda of: of_commands(of.commands, "trial"),
    "checks": _checks,
    "SDTM": lambda of: of_layer(of.specs, "sdtm"),
    "ADaM": lambda of: of_layer(of.specs, "adam"),
    "outputs": _outputs,
    "python": _python,
    "statistics": lambda of: of_statistics(of.root),
    "mapping rules": lambda of: sources.of_modules(of.root, "sdtm/mapping"),
    "verbs": lambda of: sources.of_modules(of.root, "adam/derive"),
    "criteria": lambda of: sources.of_modules(of.root, "adam/criteria"),
}
