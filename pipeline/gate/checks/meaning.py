"""Checks by SDTM meaning: a shared check names variables of a domain; the mapping says which raw fields those are here.

A check with `domain: AE` is written out for each form that makes records of AE: its field, its arguments and the words
of its message become raw fields, and its clauses ask raw fields for the codes that mean what the check says.

| The check says | In this study it reads |
|---|---|
| AESTDTC; DD.DDDTC; DM.RFICDTC | the field whose date it is; of another domain with its form; the date of consent |
| AEOUT == "FATAL" | the codes of its field that terminology turns to FATAL |
| AEENRTPT == "ONGOING" | the condition under which a row of the sheet says so |
| AEENRTPT == "" | the question behind that condition has no answer |
| CMCAT != "BRIDGING" | nothing, where a row says the category itself; a form of such records is left out |
| SYSBP | the field of that test |
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

import pandas as pd

from pipeline.gate.checks.mapped import (
    CHOOSING,
    CODED,
    CONSTANT,
    LEFT_OUT,
    LINKED,
    TAKEN,
    LackingError,
    SheetRow,
    field_of,
    sheet_rows,
)
from pipeline.gate.checks.truths import Truth, among, joined
from pipeline.ground import clauses
from pipeline.ground.closed_lists import closed_lists
from pipeline.ground.grammar import Comparison, Joined, Name
from pipeline.ground.units import look_up
from pipeline.intake.codes import of_several_meanings
from pipeline.study import shapes
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.sheet import EVERY
from sdtm.mapping.terms import terms

DOSED = "dosed"
TRANSLATED = ("assign_ct", "lookup")
DAY_RULES = ("date_from_day", "date_from_month")
# Dates of reference that rows of another domain hold, by milestone.
ELSEWHERE = {"DM.RFICDTC": "CONSENT", "DM.DTHDTC": "DEATH"}
WORD = re.compile(r"\{([A-Z][A-Z0-9]+)\}")
NUMERIC = ("integer", "decimal")
CATEGORY = "CAT"
EQUAL = ("==", "in", "!=", "not in")
NUMBER = "RECORDID"  # what tells records of a form apart, whatever the column is called
NOT_THERE = "(not collected)"
MILESTONES = "milestones.yaml"


class StudyMeaning:
    """What variables of SDTM are in the raw forms of a study."""

    def __init__(self, specs: Specs) -> None:
        self.specs = specs
        self._rows: dict[str, list[SheetRow]] = {}
        self._closed: dict[str, dict[str, set[str]]] = {}
        self.known = cache(lambda codelist: terms(self.ct, codelist))  # submission values by every spelling of them

    @cached_property
    def ct(self) -> pd.DataFrame:
        """The terminology."""
        return pd.concat([load_table(path) for path in self.specs.table_files("ct")], ignore_index=True)

    @cached_property
    def lists(self) -> Mapping[str, list[tuple[str, str]]]:
        """The collected codelists: codes and texts."""
        path, found = self.specs.folder / "raw" / "_codelists.csv", dict[str, list[tuple[str, str]]]()
        for name, rows in load_table(path).groupby("CODELIST", sort=False) if path.exists() else []:
            several, codes = of_several_meanings(rows), rows["CODED_VALUE"]
            codes = codes.mask(codes.isin(several), rows["DECODE"]) if several else codes
            found[str(name)] = list(zip(codes, rows["DECODE"], strict=True))
        return found

    @cached_property
    def submissions(self) -> Mapping[str, set[str]]:
        """The submission values of each codelist."""
        return {str(name): set(values) for name, values in self.ct.groupby("codelist")["submission"]}

    def rows(self, domain: str) -> list[SheetRow]:
        """The rows of a domain's sheet, and its tests. Raises LackingError where the domain has none."""
        if domain.lower() not in self.specs.mappings:
            raise LackingError(f"the study does not collect {domain}")
        if domain not in self._rows:
            self._rows[domain] = sheet_rows(self.specs, domain)
        return self._rows[domain]

    @cached_property
    def milestones(self) -> dict[str, dict[str, str]]:
        """The days that checks hold others to, by name: the standard's, and the study's own."""
        found: dict[str, dict[str, str]] = {}
        for folder in (self.specs.root / "specs" / "standard", self.specs.folder):
            path = folder / MILESTONES
            found |= (shapes.load(path, shapes.MILESTONES) or {}) if path.exists() else {}
        return found

    def is_variable(self, named: str) -> bool:
        """True for `DOMAIN.VARIABLE` of a domain that there is."""
        domain, _, variable = named.partition(".")
        spec = self.specs.datasets.get(domain.lower())
        return spec is not None and spec.layer == "sdtm" and variable in spec.names

    def closed(self, domain: str, variable: str) -> set[str]:
        """The submission values of a variable whose codelist is closed; none where any value may be."""
        spec = self.specs.datasets[domain.lower()]
        codelist = spec.by_name[variable].codelist if variable in spec.by_name else ""
        if domain not in self._closed:
            own = self.ct[self.ct["codelist"].isin({v.codelist for v in spec.variables})]
            named = own[["codelist", "extensible", "submission"]].itertuples(index=False)
            self._closed[domain] = closed_lists(spec.variables, named)
        return self._closed[domain].get(codelist, set())

    def codes(self, form: str, field: str, codelist: str, wanted: set[str]) -> list[str]:
        """The values of a raw field that terminology turns to one of these, as checks read the field."""
        known = self.known(codelist)
        entry = self.specs.contracts[form].fields.get(field)
        collected = self.lists.get(entry.codelist, []) if entry and entry.type == "coded" else []
        if collected:
            return [code for code, text in collected
                    if {look_up(code, known, codelist), look_up(text, known, codelist)} & wanted]  # fmt: skip
        own = self.ct[(self.ct["codelist"] == codelist) & self.ct["submission"].isin(wanted)]
        return [text for text in dict.fromkeys([*own["collected"], *own["submission"]]) if text]

    def codelist(self, domain: str, row: SheetRow) -> str:
        """The codelist by which a row translates; '' where it does not."""
        if row.rule not in TRANSLATED:
            return ""
        variables = self.specs.datasets[domain.lower()].by_name
        own = variables[row.target].codelist if row.target in variables else ""
        return " ".join(row.words[1:2]) if row.rule == "lookup" else own


@dataclasses.dataclass(frozen=True)
class MadeBlock:
    """The rows that make records of a domain of one block of a form, and how clauses read over it."""

    meaning: StudyMeaning
    domain: str
    form: str
    rows: list[SheetRow]

    def field(self, variable: str) -> str:
        """The raw field of a variable, or of a column that every form carries. Raises LackingError."""
        contract = self.meaning.specs.contracts[self.form]
        if variable in contract.carried or variable.startswith("_"):
            return variable
        if variable == NUMBER and len(contract.record) == 1:
            return contract.record[0]
        return field_of(variable, self.rows, self.domain)

    def dated(self, variable: str) -> str:
        """The raw field of a variable that a rule reads. Raises LackingError for a date that the field only counts."""
        field, rows = self.field(variable), [row for row in self.rows if row.target == variable]
        if rows and rows[0].rule in DAY_RULES:
            raise LackingError(f"{self.domain}.{variable} is counted from {field} ({rows[0].rule}), which is no date")
        return field

    def clause(self, text: str) -> Truth:
        """A clause over variables as one over raw fields; True or False where the sheet alone decides."""
        return self._reads(clauses.read(text).node) if text.strip() else True

    def chosen(self) -> Truth:
        """The condition under which the block takes a record, as a comparison can say it."""
        parts: list[Truth] = []
        for row in [row for row in self.rows if not row.target]:
            parts += [self.raw(row.where)] if row.where else []
            if row.rule == "answered":
                parts.append(joined("or", [f'{word.removesuffix(CODED)} != ""' for word in row.words]))
            if row.rule in CHOOSING and not self._left_to_another(row):
                codes = self.meaning.codes(self.form, row.words[0], row.words[1], set(row.words[2:]))
                parts.append(among(row.words[0], codes, row.rule == "coded_as"))
            if row.rule == DOSED:
                parts.append(self._dosed(*row.words[:2]))
        return joined("and", [*parts, *self._occurred()])

    def _left_to_another(self, row: SheetRow) -> bool:
        """True where what the block leaves out are records of another domain: to checks, a therapy of the same form."""
        others = [name.upper() for name in self.meaning.specs.mappings if name.upper() != self.domain]
        return row.rule == LEFT_OUT and any(
            (one.form, one.rule, one.words) == (row.form, TAKEN, row.words)
            for domain in others for one in self.meaning.rows(domain))  # fmt: skip

    def _occurred(self) -> list[Truth]:
        """That a record is no answer No to what was asked for: checks look at what happened."""
        asked = [row for row in self.rows if row.target == f"{self.domain}OCCUR"]
        return [joined("not", [self._means(row, {"N"})]) for row in asked]

    def _dosed(self, given: str, dose: str) -> Truth:
        """As the rule `dosed` of sheets: a Yes unless the dose is zero, or a dose without an answer."""
        yes = among(given, self.meaning.codes(self.form, given, "NY", {"Y"}), True)
        field = self.meaning.specs.contracts[self.form].fields.get(dose)
        if field is None:
            raise LackingError(f"{self.form} has no field {dose}, by which a dose is told")
        if field.type not in NUMERIC:
            return yes
        return joined("or", [joined("and", [yes, f'{dose} == "" or {dose} > 0']), f'{given} == "" and {dose} > 0'])

    def raw(self, text: str) -> Truth:
        """A condition of the sheet, which reads raw text, as checks read the fields: codes, no companions."""
        return self._raw(clauses.read(text).node)

    def _raw(self, node: Comparison | Joined) -> Truth:
        if isinstance(node, Joined):
            return joined(node.by, [self._raw(part) for part in node.parts])
        name, right = node.left.id.removesuffix(CODED), node.right
        if isinstance(right, Name):
            return f"{name} {node.how} {'@' if right.decision else ''}{right.id}"
        return self._listed(name, node.how, right)

    def _reads(self, node: Comparison | Joined) -> Truth:
        if isinstance(node, Joined):
            return joined(node.by, [self._reads(part) for part in node.parts if not self._not_asked(part, node)])
        name, right = node.left.id, node.right
        if isinstance(right, Name):
            shown = f"@{right.id}" if right.decision else self.field(right.id)
            return f"{self.field(name)} {node.how} {shown}"
        own = [row for row in self.rows if row.target == name]
        assigned = not own and name.endswith(CATEGORY)
        if node.how not in EQUAL or not (assigned or any(row.rule in (CONSTANT, LINKED, *TRANSLATED) for row in own)):
            return self._listed(self.field(name), node.how, self._typed(name, right))
        asked = set(right) if isinstance(right, tuple) else {right}
        if assigned:
            return ("" in asked) is (node.how in ("==", "in"))  # assigned, not collected: it is empty here
        met = joined("or", [*(self._means(row, asked - {""}) for row in own), *self._unanswered(name, asked)])
        return met if node.how in ("==", "in") else joined("not", [met])

    def _not_asked(self, part: Comparison | Joined, of: Joined) -> bool:
        """True for one of several answers asked alike (criteria of seriousness) that is not collected: it says no."""
        if not isinstance(part, Comparison) or (of.by, part.how) not in (("or", "=="), ("and", "!=")) or not part.right:
            return False
        told, asked = {row.target for row in self.rows}, [one for one in of.parts if isinstance(one, Comparison)]
        alike = [one.left.id for one in asked if (one.how, one.right) == (part.how, part.right)]
        return part.left.id not in told and any(name in told for name in alike)

    def _listed(self, field: str, how: str, right: Any) -> Truth:
        """A comparison of a field as it is collected: of a coded one the codes of such texts, nothing beside them."""
        if how not in EQUAL:
            return f"{field} {how} {clauses.quoted(right)}"
        entry, asked = self.meaning.specs.contracts[self.form].fields.get(field), [right]
        asked = list(right) if isinstance(right, tuple) else asked
        if lines := self.meaning.lists.get(entry.codelist, []) if entry and entry.type == "coded" else []:
            folded = {str(one).casefold() for one in asked}
            codes = [code for code, text in lines if {code.casefold(), text.casefold()} & folded]
            asked = [*codes, *[one for one in asked if one == ""]]
        return among(field, list(dict.fromkeys(asked)), how in ("==", "in"))

    def _typed(self, variable: str, right: Any) -> Any:
        """What a variable is compared with, as its field is collected: a number, or a text. Raises LackingError."""
        entry = self.meaning.specs.contracts[self.form].fields.get(self.field(variable))
        if entry is None or isinstance(right, tuple):
            return right if entry is None else tuple(self._typed(variable, one) for one in right)
        if entry.type in NUMERIC and isinstance(right, str) and right:
            if not re.fullmatch(r"-?\d+(\.\d+)?", right):
                raise LackingError(f"{self.domain}.{variable} is a number in {self.form}.{self.field(variable)}")
            return float(right)
        if entry.type not in NUMERIC and not isinstance(right, str):
            raise LackingError(f"{self.domain}.{variable} is no number in {self.form}.{self.field(variable)}")
        return right

    def _means(self, row: SheetRow, asked: set[Any]) -> Truth:
        """When a row gives one of these values."""
        if row.rule == CONSTANT:
            return False if " ".join(row.words) not in asked else self.raw(row.where) if row.where else True
        if row.rule == LINKED:
            begun = sorted(one.removeprefix(row.words[0]) for one in asked if str(one).startswith(row.words[0]))
            return self._listed(row.words[1], "in", tuple(begun)) if begun and len(row.words) == 2 else False
        codelist = self.meaning.codelist(self.domain, row)
        if not codelist:
            return self._listed(row.words[0], "in", tuple(sorted(asked)))
        return among(row.words[0], self.meaning.codes(self.form, row.words[0], codelist, asked), True)

    def _unanswered(self, name: str, asked: set[Any]) -> list[Truth]:
        told = any(row.target == name and row.rule == CONSTANT and not row.where for row in self.rows)
        return [f'{self.field(name)} == ""'] if "" in asked and not told else []


def blocks_of(meaning: StudyMeaning, domain: str) -> Iterator[MadeBlock]:
    """The blocks that make records of a domain: per form those that choose records, and all others as one."""
    rows = meaning.rows(domain)
    for form in dict.fromkeys(row.form for row in rows):
        own = [row for row in rows if row.form == form]
        choosing = dict.fromkeys(row.block for row in own if row.block != EVERY and not row.target)
        rest = [row for row in own if row.block not in choosing]
        if not choosing or any(row.test or row.block != EVERY for row in rest):
            yield MadeBlock(meaning, domain, form, rest)
        for name in choosing:
            yield MadeBlock(meaning, domain, form, [row for row in own if row.block in (name, EVERY)])
