"""The checks as declared in `specs/standard/checks/` and `specs/<study>/checks/`, held to contracts and rules.

A check names a form (or several, or `every`), the field it queries, who answers, how severe it is, the query text and
why it matters, and either a `where` (records that are wrong) or a `rule` with named arguments (and perhaps a `where`
that says which records the rule looks at). Words without either are the catalogue entries of findings made by the
reader (`RAW-...`).
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from pipeline.gate.checks.meaning import StudyMeaning
from pipeline.gate.checks.written_out import names_of, with_places, written_out
from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.severity import SEVERITIES
from pipeline.ground.words import did_you_mean
from pipeline.study import shapes
from pipeline.study.contracts import Contract
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Tree, place

MODULES = (
    *("dates", "events", "identity", "labs", "records", "response"),
    *("series", "toxicity", "values", "vendor", "visits"),
)
WORDS = tuple(word.rstrip("!") for word in shapes.CHECK)
EVERY = "every"
OF_ITSELF = (
    *("after_extraction", "after_entry", "partial", "no_share", "entered_twice"),
    *("twice_at_visit", "too_long", "of_another_study", "in_wrong_folder", "saved_before_created"),
)  # rules that look at the records of their form and at no others
OF_RECORDS = {"form", "domain"}
SYSTEM = (
    *("STUDY", "SITE", "SUBJECT", "FOLDER", "FOLDERNAME", "FOLDERSEQ"),
    *("FORM", "RECORDPOS", "RECORDID", "ACTIVE", "CREATED", "UPDATED"),
)
Contracts = Mapping[str, Contract]


@dataclass(frozen=True)
class Check:
    """One declared check."""

    id: str
    severity: str
    responsible: str
    message: str
    why: str
    path: Path
    forms: tuple[str, ...] = ()
    field: str = ""
    where: str = ""
    rule: str = ""
    arguments: Mapping[str, Tree] = dataclasses.field(default_factory=dict)
    shared: bool = False
    domain: str = ""
    lacking: str = ""

    @property
    def made_by_reader(self) -> bool:
        """True for the entry of findings that reading the extract makes."""
        return not (self.rule or self.where)


def of_each_form(check: Check) -> bool:
    """True for a check of every form that looks at each by itself."""
    return EVERY in check.forms and check.rule in OF_ITSELF


@cache
def rules() -> dict[str, Callable[..., pd.DataFrame]]:
    """The functions a check may name, by name."""
    modules = [importlib.import_module(f"pipeline.gate.checks.rules.{name}") for name in MODULES]
    return {word: value for module in modules for word, value in vars(module).items() if _is_rule(module, value)}


def _is_rule(module: ModuleType, value: Any) -> bool:
    """True for a public function that the module itself defines, of records and forms."""
    own = inspect.isfunction(value) and value.__module__ == module.__name__ and not value.__name__.startswith("_")
    return own and list(inspect.signature(value).parameters)[:2] == ["records", "forms"]


def names_of_checks(specs: Specs) -> list[str]:
    """The ids of the standard's and the study's checks, whether or not there is anything that they can ask."""
    folders = (specs.root / "specs" / "standard" / "checks", specs.folder / "checks")
    paths = (path for folder in folders for path in sorted(folder.glob("*.yaml")))
    return sorted({read_check(entry, path, False).id for path in paths for _, entry in entries(path)})


def load_checks(specs: Specs, contracts: Contracts) -> list[Check]:
    """All checks of a study in the order of their files; the study's win over shared ones of the same id.

    Raises TrialError for an unknown word, form, field, rule or argument, naming file and cure.
    """
    found: dict[str, list[Check]] = {}
    meaning = StudyMeaning(specs)
    for folder, shared in ((specs.root / "specs" / "standard" / "checks", True), (specs.folder / "checks", False)):
        for path in sorted(folder.glob("*.yaml")):
            seen: set[str] = set()
            for number, entry in entries(path):
                with _at(path, number, entry):
                    check = read_check(entry, path, shared)
                    meant = _meant(check, meaning) if check.domain else [_placed(check, meaning)]
                    for one in meant:
                        validate(one, contracts)
                if check.id in seen:
                    what = f"The check {check.id} stands twice."
                    raise TrialError(what, place(path, (number,)), "give each check its own id")
                seen.add(check.id)
                found[check.id] = meant
    return [check for meant in found.values() for check in meant]


def entries(path: Path) -> Iterator[tuple[int, Any]]:
    """The entries of a file with their places in it, each with the words that `defaults:` above it says for it."""
    given: dict[str, Tree] = {}
    for number, entry in enumerate(shapes.load(path, shapes.CHECKS) or []):
        if "defaults" not in entry:
            own = OF_RECORDS & entry.keys()
            yield number, {word: said for word, said in given.items() if word not in OF_RECORDS or not own} | entry
        elif len(entry) > 1:
            what = f"`defaults:` stands in one entry with `{next(word for word in entry if word != 'defaults')}:`."
            raise TrialError(what, place(path, (number,)), "make it an entry of its own, above the checks it is for")
        else:
            given = entry["defaults"]


def _meant(check: Check, meaning: StudyMeaning) -> list[Check]:
    """A check by SDTM meaning, written out for the forms of the study. Raises TrialError for an unknown variable."""
    at, specs = f"{check.path} ({check.id})", meaning.specs
    _check_rule(check, at)
    for name in [one for one in names_of(check, _parameters) if one not in meaning.milestones]:
        of, _, variable = name.rpartition(".")
        domain = (of or check.domain).lower()
        spec = specs.datasets.get(domain)
        if spec is None or spec.layer != "sdtm":
            near = did_you_mean(domain.upper(), [n.upper() for n, s in specs.datasets.items() if s.layer == "sdtm"])
            raise TrialError(f"There is no domain {domain.upper()}.", at, near)
        lists = (f"SUPP{domain.upper()}", f"{domain.upper()}TESTCD")
        known = set(spec.names).union(SYSTEM, *(meaning.submissions.get(name, ()) for name in lists))
        if variable and variable not in known:
            what = f"{domain.upper()} has no variable {variable}."
            raise TrialError(what, at, did_you_mean(variable, known | ({} if of else meaning.milestones).keys()))
    for comparison in clauses.read(check.where, at).comparisons if check.where else ():
        closed = meaning.closed(check.domain, comparison.left.id)
        said = comparison.right if isinstance(comparison.right, tuple) else (comparison.right,)
        for value in [one for one in said if closed and isinstance(one, str) and one and one not in closed]:
            what = f"{comparison.left.id} never is '{value}': its codelist does not have it."
            raise TrialError(what, at, did_you_mean(value, closed))
    return written_out(check, meaning, _parameters)


def _placed(check: Check, meaning: StudyMeaning) -> Check:
    """A shared check of every form with the raw fields of the variables that it names."""
    return with_places(check, meaning, _parameters) if check.shared and check.rule and EVERY in check.forms else check


@contextmanager
def _at(path: Path, number: int, entry: Any) -> Iterator[None]:
    """An error of an entry is told with its line, or with that of the word which it quotes."""
    try:
        yield
    except TrialError as error:
        elsewhere = ", line " in error.where and not error.where.startswith(str(path))  # a sheet that it asks
        word = next((word for word, said in entry.items() if f"'{said}'" in error.what), "")
        at = error.where if elsewhere else place(path, (number, word))
        raise TrialError(error.what, at, error.cure) from error


def read_check(entry: Any, path: Path, shared: bool) -> Check:
    """One entry of a check file as a value. Raises TrialError."""
    if not isinstance(entry, dict) or "id" not in entry:
        raise TrialError("A check needs an `id:`.", str(path), "see a neighbouring entry")
    unknown = sorted(set(entry) - set(WORDS))
    if unknown:
        raise TrialError(
            f"Unknown word '{unknown[0]}' in the check {entry['id']}.", str(path), did_you_mean(unknown[0], WORDS)
        )
    for word in ("severity", "responsible", "message", "why"):
        if not entry.get(word):
            raise TrialError(f"The check {entry['id']} needs `{word}:`.", str(path), "add it")
    if entry["severity"] not in SEVERITIES:
        cure = did_you_mean(entry["severity"], SEVERITIES)
        raise TrialError(f"Unknown severity '{entry['severity']}' of {entry['id']}.", str(path), cure)
    forms = entry.get("form", "")
    return Check(
        id=entry["id"], severity=entry["severity"], responsible=entry["responsible"], message=entry["message"],
        why=entry["why"], path=path, forms=tuple(forms) if isinstance(forms, list) else tuple(filter(None, [forms])),
        field=entry.get("field", ""), where=entry.get("where", ""), rule=entry.get("rule", ""),
        arguments=entry.get("with", {}) or {}, shared=shared, domain=entry.get("domain", ""),
    )  # fmt: skip


def validate(check: Check, contracts: Contracts) -> None:
    """Raises TrialError where a check names what is not there; a shared check may name forms a study has not."""
    at = f"{check.path} ({check.id})"
    for form in check.forms:
        if form != EVERY and form not in contracts and not check.shared:
            raise TrialError(f"Unknown form '{form}'.", at, did_you_mean(form, contracts))
    if check.where:
        clauses.read(check.where, at)
    if check.made_by_reader and not check.shared:
        what = f"The check {check.id} has neither `where:` nor `rule:`, so it never finds anything."
        raise TrialError(what, at, "say which records are wrong")
    _check_rule(check, at)
    for form, name in needed(check, contracts):
        if form not in contracts:
            if not check.shared:
                raise TrialError(f"Unknown form '{form}'.", at, did_you_mean(form, contracts))
            continue
        known = known_fields(contracts[form])
        if name and name not in known and not check.shared:
            raise TrialError(f"Unknown field '{name}' of {form}.", at, did_you_mean(name, known))


def _check_rule(check: Check, at: str) -> None:
    if check.rule and check.rule not in rules():
        raise TrialError(f"Unknown rule '{check.rule}'.", at, did_you_mean(check.rule, rules()))
    if check.rule:
        _check_arguments(check, at)


def known_fields(contract: Contract) -> set[str]:
    """The fields a check may name: those of the contract, the columns that every form carries, and the keys."""
    system = SYSTEM if contract.system else ()
    return {*contract.fields, *contract.carried, *system} | {"_SUBJECT", "_SITE", "_RECORD", "_FORM"}


def _check_arguments(check: Check, at: str) -> None:
    parameters = _parameters(check.rule)
    unknown = sorted(set(check.arguments) - set(parameters))
    if unknown:
        raise TrialError(
            f"The rule {check.rule} has no argument '{unknown[0]}'.", at, did_you_mean(unknown[0], parameters)
        )
    missing = [n for n, p in parameters.items() if p.default is inspect.Parameter.empty and n not in check.arguments]
    if missing:
        raise TrialError(
            f"The rule {check.rule} needs the argument '{missing[0]}'.", at, f"add it under `with:` of {check.id}"
        )


def needed(check: Check, contracts: Contracts) -> list[tuple[str, str]]:
    """The (form, field) pairs a check cannot run without; field "" asks for the form alone."""
    own = [form for form in check.forms if form != EVERY]
    names = [check.field] if check.field else []
    pairs = [(form, name) for form in own for name in ["", *names, *clauses.names(check.where)]]
    for name, parameter in _parameters(check.rule).items():
        if check.arguments.get(name):
            pairs += _named(check.arguments[name], str(parameter.annotation).removesuffix(" | None"), own)
    placed = re.findall(r"\{([A-Z][A-Z0-9]+)\}", check.message)
    pairs += [
        (own[0], word)
        for word in placed
        if len(own) == 1 and own[0] in contracts and word in known_fields(contracts[own[0]])
    ]
    return list(dict.fromkeys((form, name) for form, name in pairs if not name.startswith("_")))


@cache
def _parameters(rule: str) -> dict[str, inspect.Parameter]:
    """The arguments of a rule after its records and forms; none for no rule."""
    return dict(list(inspect.signature(rules()[rule]).parameters.items())[2:]) if rule else {}


def _named(value: Any, kind: str, own: list[str]) -> list[tuple[str, str]]:
    """The (form, field) pairs that an argument of this kind names."""
    if kind == "Source":
        return [(value["form"], name) for word, name in value.items() if word not in ("form", "code")]
    if kind not in ("Field", "Fields", "Dates", "Form", "FieldTable", "DateTable"):
        return []
    words = [value] if kind in ("Field", "Form") else value.values() if kind == "FieldTable" else value
    pairs = [(place.form, name) for word in words if isinstance(word, tuple) for place in word
             for name in ("", place.field, *clauses.names(place.where)) if name or not place.field]  # fmt: skip
    for word in [word for word in words if isinstance(word, str)]:
        form, _, name = word.rpartition(".")
        alone = [(word, "")] if kind == "Form" else [(each, name) for each in own]
        pairs += [(form, name)] if form else alone
    return pairs
