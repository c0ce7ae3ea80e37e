"""All that differs between two sides: datasets by key and variable, results by their ids, outputs by their lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.against.accepted import FILE, Register, read_accepted
from pipeline.against.columns import TOLERANCE
from pipeline.against.sides import FINDINGS, RESULTS, Held
from pipeline.against.tables import COUNTED, FOUND, Compared, Dataset, Tally, compare
from pipeline.ground.faults import TrialError
from pipeline.study.specs import Specs

ADDRESS = ("OUTPUT", "SET", "ROW", "COLUMN", "LEVEL", "STATISTIC")  # by which a result is the same
OF_RESULTS, OF_FINDINGS, OF_OUTPUTS = "RESULTS", "FINDINGS", "OUTPUTS"
EVERYWHERE = {"STUDYID", "USUBJID"}  # one of them is in every dataset of SDTM and ADaM
CAME, WENT = "dataset came", "dataset went"
VERSION = re.compile(r"(?:Version|Run): \w+")  # another version that says the same is no difference; before, the run


@dataclass(frozen=True)
class SidesCompared:
    """Differences (FOUND; the first of each kind and variable), their counts (COUNTED), and by dataset and subject.

    `compared` are the datasets both sides have, with the records of each; `stated` is what the builds rest on
    otherwise: what, old, new.
    """

    found: pd.DataFrame
    counts: pd.DataFrame
    subjects: pd.DataFrame
    compared: dict[str, tuple[int, int]]
    stated: tuple[tuple[str, str, str], ...]
    register: Register

    @property
    def open(self) -> int:
        """How many differences nobody has accepted."""
        return int(self.counts["DIFFERENCES"].sum() - self.counts["ACCEPTED"].sum())


def known_variables(specs: Specs) -> dict[str, tuple[str, ...]]:
    """The variables by dataset, as far as a register may name them; of results and outputs any."""
    known = {spec.dataset: spec.names for spec in specs.datasets.values() if not spec.intermediate}
    return known | {OF_RESULTS: (), OF_FINDINGS: (), OF_OUTPUTS: ()}


def register_of(specs: Specs, day: str) -> Register:
    """The accepted differences of a study. Raises TrialError for a register whose columns are others."""
    outputs = {output.shell.output for output in specs.outputs.values()}
    return read_accepted(specs.folder / FILE, known_variables(specs), outputs, day)


def compare_sides(
    old: Held, new: Held, specs: Specs, register: Register, tolerance: float = TOLERANCE, only: Collection[str] = (),
) -> SidesCompared:  # fmt: skip
    """Two sides held against each other; `only` names the datasets to compare (else all, results and outputs too)."""
    parts = [*_datasets(old, new, specs, register, tolerance, {name.upper() for name in only})]
    if old.build and new.build and not only:
        parts += [*_results(old, new, register, tolerance)]
    if old.published and new.published and not only:
        parts.append((OF_OUTPUTS, _pages(old.pages, new.pages, specs, register)))
    return SidesCompared(
        _joined([one.found for _, one in parts], FOUND), _joined([one.counts for _, one in parts], COUNTED),
        _by_subject(parts), {name: one.records for name, one in parts if max(one.records)},
        tuple(_stated(old, new)), register,
    )  # fmt: skip


def _joined(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))


def _by_subject(parts: list[tuple[str, Compared]]) -> pd.DataFrame:
    """Open differences by dataset and subject, most first."""
    told = [(name, subject, int(n)) for name, one in parts for subject, n in one.subjects.items() if n]
    found = pd.DataFrame(told, columns=["DATASET", "SUBJECT", "DIFFERENCES"])
    return found[~found["DATASET"].isin([OF_RESULTS, OF_FINDINGS])].reset_index(drop=True)


def _datasets(
    old: Held, new: Held, specs: Specs, register: Register, tolerance: float, only: Collection[str]
) -> Iterator[tuple[str, Compared]]:
    """What differs in each dataset; one that a side does not have is told."""
    was, now = old.named(set(new.files)), new.named(set(old.files))
    for name in sorted(set(was) | set(now)):
        if (only and name not in only) or (old.alone and name not in was) or (new.alone and name not in now):
            continue
        spec = specs.datasets.get(name.lower())
        keys = spec.keys if spec else _usual_keys(name)
        if name in was and name in now:
            versions = [_version(old, was[name], name, specs), _version(new, now[name], name, specs)]
            _of_cdisc(old, new, was[name][0][0], versions[0])
            _of_cdisc(new, old, now[name][0][0], versions[1])
            yield name, compare(name, versions[0], versions[1], keys, tolerance, register.judge(name))
            continue
        tally = Tally(name, keys, "USUBJID", register.judge(name))
        side, other, files = (old, new, was[name]) if name in was else (new, old, now[name])
        if other.build and not side.build:
            _of_cdisc(side, other, files[0][0], _version(side, files, name, specs))
        place = files[0][0].name
        tally.note(WENT if name in was else CAME, "", *((place, "") if name in was else ("", place)))
        yield name, tally.told((0, 0))


def _of_cdisc(side: Held, other: Held, path: Path, version: Dataset) -> None:
    """Raises TrialError for a file beside a build that is no dataset of SDTM or ADaM, as a raw form of the eCRF."""
    if other.build and not side.build and not EVERYWHERE & set(version.records):
        what = f"{path.name} is no dataset of SDTM or ADaM: it has neither {' nor '.join(sorted(EVERYWHERE))}."
        cure = "name SDTM or ADaM; what changed between two raw extracts is told by: trial diff OLD NEW"
        raise TrialError(what, str(path), cure)


def _usual_keys(name: str) -> tuple[str, ...]:
    """The key of a dataset that no spec knows: the subject and the record's number; others by all they say."""
    return ("STUDYID", "USUBJID", f"{name}SEQ") if len(name) == 2 else ()


def _version(side: Held, files: tuple[tuple[Path, str], ...], name: str, specs: Specs) -> Dataset:
    """One dataset of a side, of one file or the parts of a split domain; of a build, labelled as the spec says."""
    read = [side.read(path, part) for path, part in files]
    spec = specs.datasets.get(name.lower())
    if side.build and spec:
        labels = {variable.name: {"label": variable.label} for variable in spec.variables}
        return Dataset(read[0].records, {"": {"label": spec.label}} | labels)
    records = pd.concat([one.records for one in read], ignore_index=True) if len(read) > 1 else read[0].records
    return Dataset(records, read[0].attributes, read[0].typed)


def _results(old: Held, new: Held, register: Register, tolerance: float) -> Iterator[tuple[str, Compared]]:
    """What differs in the results by their ids, and in the findings; a side without them is not compared."""
    for name, file, keys, subject in (
        (OF_RESULTS, RESULTS, ADDRESS, "OUTPUT"), (OF_FINDINGS, FINDINGS, (), "subject"),
    ):  # fmt: skip
        if old.has(file) and new.has(file):
            versions = [side.read(side.path / file) for side in (old, new)]
            subject = subject if name == OF_RESULTS else subject.upper()
            yield name, compare(name, versions[0], versions[1], keys, tolerance, register.judge(name), subject)


def _pages(old: dict[str, Path], new: dict[str, Path], specs: Specs, register: Register) -> Compared:
    """The lines of outputs that differ; a line is told where it stands in the version that has it."""
    compared = []
    for name in sorted(set(old) | set(new)):
        number = specs.outputs[name].shell.output if name in specs.outputs else name
        tally = Tally(OF_OUTPUTS, ("LINE",), "OUTPUT", register.judge(OF_OUTPUTS, number))
        sides = [_lines(pages.get(name)) for pages in (old, new)]
        if sides[0] != sides[1]:
            lines = pd.DataFrame(_apart(*sides), columns=["LINE", "OLD", "NEW"]).assign(OUTPUT=number)
            tally.add("line", number, lines, (lines["OLD"].astype("str"), lines["NEW"].astype("str")))
        compared.append(tally.told((0, 0)))
    found = _joined([one.found for one in compared], FOUND)
    return Compared(found, _joined([one.counts for one in compared], COUNTED), pd.Series(dtype="int64"))


def _lines(path: Path | None) -> list[str]:
    """The lines of a page without its version; none where there is no page."""
    return [VERSION.sub("Version:", line.rstrip()) for line in path.read_text("utf-8").splitlines()] if path else []


def _apart(old: list[str], new: list[str]) -> Iterator[tuple[int, str, str]]:
    """Lines that differ, old beside new."""
    for what, i, j, k, m in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if what != "equal":
            was, now = old[i:j], new[k:m]
            for n in range(max(len(was), len(now))):
                yield k + n + 1, was[n] if n < len(was) else "", now[n] if n < len(now) else ""


def _stated(old: Held, new: Held) -> Iterator[tuple[str, str, str]]:
    """What two builds rest on otherwise: study, extract, data cut, decisions."""
    if not (old.build and new.build):
        return
    was, now = old.stated, new.stated
    told = [("study", was.study, now.study), ("extract", was.extract, now.extract)]
    told += [("data cut", was.cutoff, now.cutoff)]
    names = sorted({*was.decisions, *now.decisions})
    told += [(name, was.decisions.get(name, "(none)"), now.decisions.get(name, "(none)")) for name in names]
    yield from (one for one in told if one[1] != one[2])
