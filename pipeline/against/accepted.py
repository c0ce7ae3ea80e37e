"""The register of accepted differences, `specs/<study>/accepted_differences.csv`: what, why, who, until.

`what` is the address of differences: a dataset (`ADAE`), a variable of it (`ADAE.AETOXGR`, `ADAE.AETERM:label`), an
output (`T-14.2.1`); records of it by further words (`ADAE.AETOXGR USUBJID=1010004 AESEQ=3`). `until` is the last day on
which that holds (YYYY-MM-DD; empty: no end); it is judged by the data cut, never by a clock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.against.columns import texts
from pipeline.against.records import SUBJECT
from pipeline.against.tables import Judge
from pipeline.gate.accepted import is_date, lines_of
from pipeline.ground.words import did_you_mean
from pipeline.study import shapes

FILE = "accepted_differences.csv"
COLUMNS = shapes.COLUMNS[FILE]
NEEDED = ("what", "why", "who")
CONDITION = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")


@dataclass(frozen=True)
class AcceptedDifference:
    """A line of the register, its address taken apart: of which dataset or output, variable and records."""

    what: str
    why: str
    who: str
    until: str
    of: str
    variable: str
    conditions: tuple[tuple[str, str], ...]

    def meets(self, records: pd.DataFrame) -> np.ndarray:
        """The records that its conditions name; a subject may be named by the end of USUBJID."""
        found = np.ones(len(records), dtype=bool)
        for variable, value in self.conditions:
            if variable not in records:
                return np.zeros(len(records), dtype=bool)
            said = texts(records[variable])
            ends = said.str.endswith(f"-{value}") if variable == SUBJECT else said.ne(said)
            found &= (said.eq(value) | ends).to_numpy()
        return found

    def of_variable(self, variable: str) -> bool:
        """True where it accepts what differs in this variable (`AETERM:label`: in its label)."""
        return self.variable in ("", variable, variable.partition(":")[0])


@dataclass
class Register:
    """The lines that can be used, how they were met, and what is wrong with the others."""

    lines: tuple[AcceptedDifference, ...] = ()
    day: str = ""
    problems: tuple[str, ...] = ()
    met: Counter[str] = field(default_factory=Counter)

    def judge(self, name: str, output: str = "") -> Judge:
        """Which differences of a dataset (or of results, by the output of `OUTPUT`) a line in force accepts."""

        def judged(records: pd.DataFrame, what: str, variable: str) -> np.ndarray:
            found = np.zeros(len(records), dtype=bool)
            for line in self.lines:
                if not self.expired(line) and line.of_variable(variable):
                    own = line.meets(records) & self._is_of(line, name, output, records)
                    self.met[line.what] += int((own & ~found).sum())
                    found |= own
            return found

        return judged

    @staticmethod
    def _is_of(line: AcceptedDifference, name: str, output: str, records: pd.DataFrame) -> np.ndarray:
        if line.of in (name, output):
            return np.ones(len(records), dtype=bool)
        same = records["OUTPUT"].eq(line.of) if "OUTPUT" in records else np.zeros(len(records), dtype=bool)
        return np.asarray(same, dtype=bool)

    def expired(self, line: AcceptedDifference) -> bool:
        """True where a line holds no more, and where nobody can tell: without a data cut there is no day."""
        return bool(line.until) and (not self.day or line.until < self.day)

    def states(self) -> Iterator[tuple[AcceptedDifference, str]]:
        """Each line and what became of it."""
        for line in self.lines:
            if self.expired(line):
                told = f"expired on {line.until}" if self.day else f"no day is known to judge {line.until} by (--day)"
            else:
                told = f"accepts {self.met[line.what]:,} differences" if self.met[line.what] else "meets no difference"
            yield line, told


def read_accepted(path: Path, datasets: Mapping[str, Collection[str]], outputs: Collection[str], day: str) -> Register:
    """The register of a study, whose variables by dataset and outputs are known. Raises TrialError: other columns."""
    lines, problems = [], []
    for number, row in enumerate(lines_of(path, COLUMNS), start=1):
        line, problem = _line(row, datasets, outputs)
        if problem:
            end = "" if problem[-1] in ".?" else "."
            problems.append(f"{FILE}, record {number}: {problem}{end} It accepts nothing.")
        else:
            lines.append(line)
    return Register(tuple(lines), day, tuple(problems))


def _line(
    row: Mapping[str, str], datasets: Mapping[str, Collection[str]], outputs: Collection[str]
) -> tuple[AcceptedDifference, str]:
    """A line taken apart, and what is wrong with it ('': nothing)."""
    target, _, rest = row["what"].partition(" ")
    of, _, variable = (target, "", "") if target in outputs else target.partition(".")
    conditions = tuple((name, value.strip('"')) for name, value in CONDITION.findall(rest))
    line = AcceptedDifference(row["what"], row["why"], row["who"], row["until"], of, variable, conditions)
    missing = next((name for name in NEEDED if not row[name]), "")
    if missing:
        return line, f"`{missing}` is empty; an acceptance names what, why and by whom."
    if target not in outputs and of not in datasets:
        known = [*datasets, *outputs]
        return line, f"'{target}' is no dataset and no output; {did_you_mean(target, known)}"
    if CONDITION.sub("", rest).strip():
        return line, f"'{rest}' is no condition on records; write VARIABLE=value."
    asked = [name for name in (variable.partition(":")[0], *dict(conditions)) if name and of in datasets]
    unknown = next((name for name in asked if name not in datasets[of]), "")
    if unknown and datasets[of]:
        return line, f"{of} has no variable {unknown}; {did_you_mean(unknown, datasets[of])}"
    if row["until"] and not is_date(row["until"]):
        return line, f"'{row['until']}' is no date; write `until` as 2026-12-31, or leave it empty."
    return line, ""
