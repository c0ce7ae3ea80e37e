"""`trial verify`: the SDTM of a run derived a second time and compared; told, written, and the exit code."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import click
import pandas as pd

from pipeline.against.accepted import Register
from pipeline.against.comparison import register_of
from pipeline.against.elsewhere import read_version
from pipeline.against.sides import MANIFEST, RESULTS, Held, side
from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.words import some_of
from pipeline.study.specs import Specs
from pipeline.verify.comparison import Verdict, compare
from pipeline.verify.derivation import Database, derived, domains_read, table
from pipeline.verify.plan import given
from pipeline.verify.printed import CountedAgain, count_again
from pipeline.verify.report import differences, files, lines, summary
from pipeline.verify.verified import Verified
from pipeline.verify.withheld import of_whom, withheld

FOLDER = "verify"  # among the products
NEEDED = ("DM", "EX", "ADSL")
SHOWN = 8  # names of products told


def run(specs: Specs, products: Path, to: Path | None = None) -> int:
    """Verify the products, write the report to `to` (else beside them): 0 where all agrees or is accepted, else 1."""
    verified, folder = verify(specs, products), to or products / FOLDER
    tell_facts(study=verified.study, endpoints=summary(verified), differences=differences(verified), open=verified.open)
    for line in lines(verified):
        click.echo(line)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(verified).items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    click.echo(f"Written  {folder / 'verify.html'}")
    return EXIT_FINDINGS if verified.open else 0


def verify(specs: Specs, products: Path) -> Verified:
    """The products of a study (a build, or a folder with its SDTM and ADaM) derived a second time and compared.

    Raises TrialError where there is nothing to derive from, or to compare with.
    """
    if specs.study.pooled:
        raise TrialError("A pool is verified study by study.", specs.name, "trial verify STUDY, of each of its studies")
    held = side(products)
    lacking = [name for name in NEEDED if name not in held.files]
    if lacking:
        raise TrialError(f"There is no {', no '.join(lacking)} here.", str(products),
                         f"build it: trial build --study {specs.name}")
    decided = dict(held.stated.decisions) or {name: str(one.value) for name, one in specs.decisions.items()}
    sdtm = {name: _dataset(held, name) for name in domains_read() if name in held.files}
    database = derived(sdtm, given(specs, decided, held.stated.cutoff))

    @cache
    def read(name: str) -> pd.DataFrame | None:
        return _dataset(held, name) if name in held.files else None

    register = register_of(specs, held.stated.cutoff)
    verdicts = compare(table(database, "second"), read, sdtm, withheld(specs, decided), of_whom(specs), register)
    counted = _counted(database, held, verdicts, register)
    return Verified(specs.study.study, tuple(verdicts), counted, register, doubts(held.path / MANIFEST))


def doubts(manifest: Path) -> tuple[str, ...]:
    """What a build says of itself: products that were left from an earlier one, or failed; none without a manifest."""
    told = json.loads(manifest.read_bytes()) if manifest.is_file() else {}
    said = {"left from an earlier build": told.get("stale", ()), "not made, for they failed": told.get("failed", ())}
    named = {what: some_of(sorted(names), SHOWN) for what, names in said.items() if names}
    return tuple(f"Of these products some are {what}: {names}." for what, names in named.items())


def _dataset(held: Held, name: str) -> pd.DataFrame:
    """The records of a dataset, of one file or of the parts of a split domain."""
    parts = [read_version(path, part).records for path, part in held.files[name]]
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _counted(database: Database, held: Held, verdicts: list[Verdict], register: Register) -> CountedAgain:
    """The printed numbers counted again; none where the run has no results."""
    path = held.path / RESULTS
    if not held.build or not path.is_file():
        return CountedAgain()
    derived_too = [one.endpoint.id for one in verdicts if not one.not_derived and not one.note]
    return count_again(database, read_version(path).records, derived_too, register)

