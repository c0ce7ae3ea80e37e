"""The files of the results: unrounded (Parquet), as a study's readers know them (CSV), and as other programs do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import Content, digest_of, parquet_bytes, sha256
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.publish.printed import FORMATTED

if TYPE_CHECKING:
    import pandas as pd

    from tlf.shells import Shell


KEPT, PART = "files:results", ".part.json"  # the node that keeps what the same results gave, and its parts of ars.json
RESULT_FILES = ("results.parquet", "results.csv", "ard.csv", "ars.json")


def result_files(results: pd.DataFrame, build: Build) -> dict[str, bytes]:
    """The content of each file of the results, by its name; what the same results gave before is in the cache."""
    from pipeline.publish.ars.event import event
    from pipeline.publish.pages import page_of_specs, run_identity

    specs = build.specs
    printed = results.get(FORMATTED, results["VALUEC"]).fillna("")  # an earlier build may have noted none
    results = results.assign(**{FORMATTED: printed})
    shells = [one.shell for one in specs.outputs.values()]
    pages = {shell.output: page_of_specs(shell, specs) for shell in shells}
    whole = parquet_bytes(results)
    measured = [shell.measured for shell in shells]  # the reporting event alone says titles and footnotes
    statistics, code = specs.study.statistics, source.code_hash(__name__)
    digest = digest_of([sha256(whole), hash_of(statistics, measured), code, versions()])
    entry = build.cache.entry(KEPT, digest)
    if entry is None:
        entry = build.cache.write(KEPT, digest, _made(results, measured, statistics))
    kept = {file: build.cache.read(KEPT, entry, file) for file in entry.files}
    told = {file.removesuffix(PART): kept.pop(file).decode("utf-8") for file in [*kept] if file.endswith(PART)}
    event_ = event(told, shells, pages, specs.study.study, run_identity(build))
    contents = {"results.parquet": whole, **kept, "ars.json": event_}
    return {file: contents[file] for file in RESULT_FILES}


def _made(results: pd.DataFrame, shells: Sequence[Shell], statistics: Mapping[str, str]) -> dict[str, Content]:
    """What results and shells without titles and footnotes say: the CSV files, and the parts of the event as JSON."""
    from pipeline.ground.plain_csv import csv_text
    from pipeline.publish.ard import ard
    from pipeline.publish.ars.event import analysed

    parts = {f"{name}{PART}": text for name, text in analysed(results, shells).items()}
    return {
        "results.csv": csv_text(as_read(results, statistics, shells)),
        "ard.csv": csv_text(ard(results, shells)), **parts,
    }  # fmt: skip


def as_read(results: pd.DataFrame, names: Mapping[str, str], shells: Iterable[Shell] = ()) -> pd.DataFrame:
    """The results with statistics as the study calls them, and NR or NE in VALUEC where that stands for a number.

    `names` (study.yaml, `statistics:`) are of a statistic, or of that of one kind of row (`median.estimate`), which
    wins.
    """
    from tlf.shell import CODES

    code = results["NOTE"].str.extract(rf"^({'|'.join(CODES)})\b", expand=False)
    told = results["VALUE"].isna() & results["VALUEC"].eq("") & code.notna()
    called = results["STATISTIC"].replace({name: own for name, own in names.items() if "." not in name})
    for name, own in names.items():
        kind, dot, statistic = name.partition(".")
        if dot:
            called = called.mask(results["STATISTIC"].eq(statistic) & _of_kind(results, kind, shells), own)
    return results.assign(STATISTIC=called, VALUEC=results["VALUEC"].mask(told, code))


def _of_kind(results: pd.DataFrame, kind: str, shells: Iterable[Shell]) -> pd.Series:
    """Which results are of rows of this kind, or of what the data made below them."""
    from tlf.lines import lines
    from tlf.results import BELOW
    from tlf.rows.kinds import KINDS

    found = results["OUTPUT"].ne(results["OUTPUT"])
    for shell in shells:
        for line in [line for line in lines(shell) if type(line.row) is KINDS[kind]]:
            below = results["ROW"].str.startswith(f"{line.key.row}{BELOW}")
            own = results["OUTPUT"].eq(shell.output) & results["SET"].eq(line.key.set)
            found |= own & (below | results["ROW"].eq(line.key.row))
    return found
