"""A mapping sheet read and checked: which forms and blocks make records of a domain, and by which rows.

Columns: form, block, target, rule, source, where. Rows of block `*` hold for every block of their form. A row without
a target chooses the records of its block. The same target may stand twice in a block: the later row fills what the
earlier one, by its `where`, left empty. `SUPP.QNAM` makes a qualifier of the record, `CO.COVAL` a comment on it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Variable
from pipeline.ground.words import did_you_mean
from sdtm.mapping.records import RECORD_RULES
from sdtm.mapping.rules import COLLECTED, RULES, Rule

COLUMNS = ("form", "block", "target", "rule", "source", "where")
EVERY, SUPP = "*", "SUPP."
ORIGIN = ".QORIG"  # of a qualifier's column: whence its value is, beside it
COMMENT = Variable("COVAL")  # of any record: `CO.COVAL`, which CO is made of
CO = "CO."
COUNT, NUMBER = re.compile(r"[1-9][0-9]?"), re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class MappingRow:
    """One row of a sheet: what is made, by which rule, from which words, for which records."""

    form: str
    block: str
    target: str
    rule: str
    words: list[str]
    where: str
    line: int
    file: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells the row from all others of a domain; a line of a table of tests is several rows."""
        return self.file, self.line, self.target

    @property
    def place(self) -> str:
        """Where the row stands, for messages."""
        return f"{self.file}, line {self.line} ({self.form} {self.target or 'records'})"


@dataclass(frozen=True)
class Known:
    """The words a sheet may use: fields of each form, target variables, codelists; which fields hold numbers.

    `transfers` are the forms that are no pages of the CRF.
    """

    fields: dict[str, list[str]]
    variables: Mapping[str, Variable]
    codelists: frozenset[str]
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    transfers: frozenset[str] = frozenset()

    def origin(self, row: MappingRow) -> str:
        """Whence the values of a row are, as QORIG says it: CRF, eDT (a transfer), Assigned or Derived."""
        told = RULES[row.rule].origin
        return told if told != COLLECTED else "eDT" if row.form in self.transfers else "CRF"

    def variable(self, target: str) -> Variable | None:
        """What a target makes; a qualifier whose name the domain has as a variable is that variable (SUPP.DVSEV)."""
        if target == CO + COMMENT.name:
            return COMMENT
        return self.variables.get(target) or self.variables.get(target.removeprefix(SUPP))


def column(target: str) -> str:
    """The column that a target is among the mapped records, beside the variables of their domain."""
    return COMMENT.name if target == CO + COMMENT.name else target.removeprefix(SUPP)


def read_sheet(sheet: pd.DataFrame, known: Known, file: str) -> list[MappingRow]:
    """The rows of a sheet in its order. Raises TrialError naming line, unknown word and its close matches."""
    missing = [name for name in COLUMNS if name not in sheet]
    if missing:
        cure = "the header is " + ",".join(COLUMNS)
        raise TrialError(f"The sheet lacks the column {missing[0]}.", f"{file}, line 1", cure)
    cells = sheet[list(COLUMNS)].fillna("").itertuples(index=False, name=None)
    rows = [MappingRow(form, block, target, rule, source.split(), where, line, file)
            for line, (form, block, target, rule, source, where) in enumerate(cells, start=2) if form]
    for row in rows:
        check_row(row, known)
    return rows


def blocks(rows: list[MappingRow], form: str) -> list[tuple[list[MappingRow], list[MappingRow]]]:
    """Of one form: the choosing and the making rows of each block, without those of block `*`."""
    own = [row for row in rows if row.form == form and row.block != EVERY]
    names = dict.fromkeys(row.block for row in own) or [EVERY]
    return [([r for r in own if r.block == name and not r.target], [r for r in own if r.block == name and r.target])
            for name in names]


def shared(rows: list[MappingRow], form: str) -> tuple[list[MappingRow], list[MappingRow]]:
    """Of one form: the choosing and the making rows that hold for every block."""
    every = [row for row in rows if row.form == form and row.block == EVERY]
    return [row for row in every if not row.target], [row for row in every if row.target]


def check_row(row: MappingRow, known: Known) -> None:
    """Holds one row to the words it may use. Raises TrialError naming line, unknown word and its close matches."""
    if row.form not in known.fields:
        raise TrialError(f"Unknown form {row.form}.", row.place, did_you_mean(row.form, known.fields))
    variable = known.variable(row.target)
    if row.target and variable is None:
        what = f"The target {row.target} is not in the domain's spec."
        raise TrialError(what, row.place, did_you_mean(row.target, known.variables))
    rules: dict[str, Rule] = RULES if row.target else RECORD_RULES
    if row.rule not in rules:
        raise TrialError(f"Unknown rule {row.rule}.", row.place, did_you_mean(row.rule, rules))
    _check_words(row, rules[row.rule].words, known)
    if row.rule == "assign_ct" and variable and not variable.codelist:
        what = f"{row.target} has no codelist."
        raise TrialError(what, row.place, "use assign, or lookup and name the codelist")
    number = variable and variable.type in ("number", "integer")
    if row.rule == "hardcode" and number and (row.words[1:] or not NUMBER.fullmatch(row.words[0])):
        raise TrialError(f"{row.target} holds numbers, not '{' '.join(row.words)}'.", row.place, "write a number")
    if row.where:
        clauses.check(row.where, known.fields[row.form], row.place, decisions=())


def _cure(word: str, form: str, known: Known) -> str:
    other = word.partition(".")[0]
    if "." in word and other in known.fields and not any(name.startswith(f"{other}.") for name in known.fields[form]):
        return f"say in links.csv how {form} and {other} hang together"
    return did_you_mean(word, known.fields[form])


def _check_words(row: MappingRow, kinds: tuple[str, ...], known: Known) -> None:
    least = sum(not kind.endswith(("?", "*")) for kind in kinds)
    most = len(row.words) if kinds and kinds[-1].endswith("*") else len(kinds)
    if not least <= len(row.words) <= most:
        what = f"The rule {row.rule} takes {' '.join(kinds) or 'nothing'} as source, not '{' '.join(row.words)}'."
        raise TrialError(what, row.place, "see the rules in docs/specs/mapping.md")
    for number, word in enumerate(row.words):
        kind = kinds[min(number, len(kinds) - 1)]
        if kind.startswith("field") and word not in known.fields[row.form]:
            cure = _cure(word, row.form, known)
            raise TrialError(f"{row.form} has no field {word}.", row.place, cure)
        if kind.startswith("count") and not COUNT.fullmatch(word):
            raise TrialError(f"The rule {row.rule} takes a number from 1 to 99, not {word}.", row.place, "as in 1")
        if kind == "list" and word not in known.codelists:
            raise TrialError(f"Unknown codelist {word}.", row.place, did_you_mean(word, known.codelists))
