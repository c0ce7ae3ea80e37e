"""The commands `trial validate` and `trial diff`: what was asked for, carried out, and told on the terminal."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import TrialError
from pipeline.ground.severity import reaching
from pipeline.intake.cutoff import checked, last_date, late_cut
from pipeline.intake.delivery import Delivery, check_study, find_extract, open_delivery
from pipeline.publish.place import held, in_words, not_a_source
from pipeline.publish.swap import recover
from pipeline.study.specs import Specs, find_root, load_specs

if TYPE_CHECKING:
    from pipeline.gate.validation import Validation

MARK = "queries.csv"


@dataclass(frozen=True)
class ValidationRequest:
    """What the user asked for; empty means the default."""

    study: str = ""
    extract: str = ""
    cutoff: str = ""
    out: str = ""
    root: str = ""
    since: tuple[str, ...] = ()
    fail_on: str = ""
    export: str = ""
    quiet: bool = False


def opened(study: str, root: str) -> Specs:
    """The specs of a study, the primary one when none is named. Raises TrialError."""
    from pipeline.publish.build import primary_study

    home = find_root(Path(root) if root else None)
    return load_specs(home, study or primary_study(home))


def run(request: ValidationRequest) -> int:
    """Validate, publish OUT/validation/, say what was found; the exit code. Raises TrialError (exit code 2)."""
    from pipeline.desk.export import check_kind
    from pipeline.lint.before import check_specs
    from pipeline.publish.build import cache_of

    reaching(request.fail_on)
    check_kind(request.export)
    specs = opened(request.study, request.root)
    out = (Path(request.out) if request.out else specs.root / "output" / specs.name).resolve()
    extract = Path(request.extract).resolve() if request.extract else None
    with in_words(out):
        check_place(out, specs.root, extract)
        warned = check_specs(specs.root, specs.name, cache_of(out).folder)
        if warned and not request.quiet:
            click.echo(warned)
        with held(out, "trial validate"):
            recover(out)
            return _validated(request, specs, out)


def _validated(request: ValidationRequest, specs: Specs, out: Path) -> int:
    """Validate into a place that is held; the exit code."""
    from pipeline.desk.export import export
    from pipeline.desk.products import exit_code, products, write
    from pipeline.gate.validation import validate
    from pipeline.intake.earlier import earlier_deliveries

    started = time.perf_counter()
    folder = Path(request.extract) if request.extract else find_extract(specs.root, specs.name, specs.study.data)
    delivery = open_delivery(folder.resolve())
    if specs.study.from_sdtm:
        what = "This study starts from SDTM: the checks of the gate ask the eCRF and are not run on it."
        raise TrialError(what, delivery.name, "trial build tells what the SDTM lacks (findings SDTM-*)")
    check_study(delivery, specs.contracts.values())
    since = earlier_deliveries(delivery, request.since)
    say = (lambda stage: None) if request.quiet else progress(started)
    cutoff = cut_of(request.cutoff, delivery, specs)
    if (late := late_cut(cutoff, delivery)) and not request.quiet:
        click.echo(late)
    validation = validate(specs, delivery, cutoff, since, say)
    if since and not request.since:
        validation = replace(validation, chosen="the extract before it in the same folder")
    say("writing")
    files = products(validation) | (export(validation, request.export) if request.export else {})
    target = write(files, out)
    tell_facts(study=validation.study, extract=validation.current.name, cutoff=validation.current.cutoff,
               open=validation.counts(), queries=validation.queries, products=target)  # fmt: skip
    if not request.quiet:
        for line in summary(validation, target, time.perf_counter() - started):
            click.echo(line)
        for line in sent(validation, request.export, target):
            click.echo(line)
    return exit_code(validation, request.fail_on)


def progress(started: float) -> Callable[[str], None]:
    """Says on the terminal (the error stream) what is under way, with the seconds gone by."""
    return lambda stage: click.echo(f"  {time.perf_counter() - started:4.1f} s  {stage} ...", err=True)


def cut_of(asked: str, delivery: Delivery, specs: Specs) -> str:
    """The data cut asked for or stated, else the day the extract is named by, else its last date. Raises TrialError."""
    if asked or delivery.cutoff:
        return checked(asked or delivery.cutoff)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", delivery.name):
        return checked(delivery.name)
    return last_date(delivery, specs)


def check_place(out: Path, root: Path | None = None, extract: Path | None = None) -> None:
    """Refuse a place among the sources, or to replace a folder `validation` that is not ours. Raises TrialError."""
    not_a_source(out, root, extract)
    target = out / "validation"
    if out.is_file() or target.is_file():
        raise TrialError("The output folder is a file.", str(out), "say another --out")
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).exists():
        what = "The folder holds other things than a validation; it would be replaced."
        raise TrialError(what, str(target), "say an empty or new --out")


def summary(validation: Validation, target: Path, seconds: float) -> Iterator[str]:
    """The summary as printed."""
    from pipeline.gate.snapshot import not_run

    current, queries = validation.current, validation.queries
    yield f"{validation.study}: extract {current.name}, taken {current.extracted}, data cut {current.cutoff}"
    before = ", ".join(s.name for s in validation.earlier)
    how = f", {validation.chosen} (--since none switches this off)" if validation.chosen else ""
    yield (
        f"  compared with {before}{how}"
        if before
        else "  compared with nothing (--since EARLIER tells what is new and what was resolved)"
    )
    for problem in validation.problems:
        yield f"  {problem}"
    counts, status = validation.counts(), queries.loc[queries["cause"] == "", "status"].value_counts()
    follow = int((queries["cause"] != "").sum())
    also = f" ({follow} further findings follow from these)" if follow else ""
    yield "  Open      " + ", ".join(f"{n} {severity}" for severity, n in counts.items()) + also
    yield "  Queries   " + ", ".join(f"{n} {name}" for name, n in status.items())
    if len(validation.layout):
        drift = ", ".join(
            f"{r['form']} {r['what']} {r['column']}".strip() for r in validation.layout.head(6).to_dict("records")
        )
        yield f"  Layout    {drift}{' ...' if len(validation.layout) > 6 else ''}"
    missed = not_run(current.coverage)
    if len(missed):
        yield (
            f"  Not run   {len(missed)} of {len(current.coverage)} checks: "
            + ", ".join(missed["check"].head(8))
            + (" ..." if len(missed) > 8 else "")
        )
    yield f"  Products  {target / 'queries.xlsx'}"
    yield f"            {target / 'report.html'}   ({seconds:.1f} s)"


def sent(validation: Validation, kind: str, target: Path) -> Iterator[str]:
    """What was written for an EDC, and what could not be."""
    if kind:
        from pipeline.desk.export import KINDS, exported, left_out

        yield f"            {target / KINDS[kind][0]}   ({len(exported(validation))} queries for the EDC)"
        if others := left_out(validation):
            yield f"            {others} open queries are not for a form of the EDC; they are in queries.xlsx"


def diff(old: str, new: str, study: str, root: str, out: str) -> int:
    """Compare two extracts, print the report, write CSV and HTML where asked. Raises TrialError."""
    from pipeline.desk.difference import files, report
    from pipeline.gate.changes import compare
    from pipeline.intake.delivered import delivered

    specs = opened(study, root)
    before, after = (open_delivery(extract_of(word, specs)) for word in (old, new))
    layout, changes = compare(delivered(before, specs), delivered(after, specs))
    for line in report(before.name, after.name, layout, changes):
        click.echo(line)
    if out:
        folder = Path(out)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files(before.name, after.name, layout, changes).items():
                (folder / name).write_text(content, encoding="utf-8")
        except OSError as error:
            raise TrialError(
                f"The report cannot be written: {error.strerror}.", str(folder), "say another --out"
            ) from error
        click.echo(f"\nWritten    {folder / 'difference.html'}, layout.csv, changes.csv")
    return 0


def extract_of(word: str, specs: Specs) -> Path:
    """An extract by its path, or by its name among the study's extracts."""
    path = Path(word)
    beside = specs.root / (specs.study.data or f"data/{specs.name}") / word
    return (beside if not path.exists() and beside.exists() else path).resolve()
