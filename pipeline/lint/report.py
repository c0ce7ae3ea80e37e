"""All checks of one study folder, and what its specs cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.engine.graph import build_graph
from pipeline.gate.checks.catalogue import load_checks
from pipeline.gate.checks.meaning import StudyMeaning
from pipeline.ground.faults import TrialError
from pipeline.intake.layout import contract_columns
from pipeline.intake.records import KEYS
from pipeline.lint import checks, outputs, raw, study, values
from pipeline.lint.conditions import check_conditions
from pipeline.lint.conformance import check_notes
from pipeline.lint.course import check_alive, check_baselines, check_doses, check_kinetics
from pipeline.lint.covered import covered_by
from pipeline.lint.datasets import check_datasets
from pipeline.lint.dlt import check_dlt
from pipeline.lint.elements import check_elements
from pipeline.lint.endpoints import check_endpoints
from pipeline.lint.folder import Folder
from pipeline.lint.from_sdtm import check_laid_over
from pipeline.lint.from_sdtm import check_words as check_sdtm_words
from pipeline.lint.further_errors import Lint, further_errors
from pipeline.lint.given_values import check_given
from pipeline.lint.guide import check_guide
from pipeline.lint.kept import Kept
from pipeline.lint.known import known_of
from pipeline.lint.levels import check_dose_finding, check_level_units, check_levels
from pipeline.lint.links import check_links
from pipeline.lint.near_constants import check_constants
from pipeline.lint.not_submitted import check_not_submitted
from pipeline.lint.package import check_package
from pipeline.lint.periods import check_periods, check_windows, treatment_fields, treatments
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.lint.profile import check_profiles
from pipeline.lint.reference_ranges import check_ranges
from pipeline.lint.scales import check_scales
from pipeline.lint.scenarios import check_scenarios
from pipeline.lint.sheets import (
    Columns,
    check_essential,
    check_mapped,
    check_sheets,
    qualifiers,
    tables_named,
)
from pipeline.lint.shells import read_shells
from pipeline.lint.shown import check_parameters, check_shown
from pipeline.lint.shown_units import check_shown_units
from pipeline.lint.strays import check_sites, check_strays
from pipeline.lint.structure import check_structure
from pipeline.lint.summary import check_summary
from pipeline.lint.tables import check_tables
from pipeline.lint.toxicities import check_toxicities, check_words
from pipeline.lint.ungiven_values import check_ungiven
from pipeline.lint.units import check_table
from pipeline.study.contracts import Contract, Field, contract_of, load_system
from pipeline.study.csv_text import load_table
from pipeline.study.decisions import load_decisions
from pipeline.study.scenarios import FILE as SCENARIOS
from pipeline.study.specs import Specs, load_specs
from pipeline.study.yaml_text import load_yaml

ASKING = ("sets.yaml", "conditions.yaml", "toxicities.yaml", "dlt.yaml", "endpoints/*.yaml")  # that name parameters
TOLD = (check_toxicities, check_scales, check_dlt, check_conditions, check_endpoints, check_shown_units)


def errors(root: Path, name: str) -> list[Problem]:
    """The errors of a study's folder."""
    return [problem for problem in lint(root, name)[0] if problem.kind == ERROR]


def lint(
    root: Path, name: str, kept: Kept | None = None, specs: Specs | None = None
) -> tuple[list[Problem], list[str]]:
    """All problems of a study's folder in the order of its files, and what is covered in words.

    What is `kept` of an earlier look is not looked at again, and is given what this one says; `specs` are those of the
    study, where they are loaded already.

    What a file says is looked at when every file can be read and is of the shape of its kind; where one is not, the
    others are looked at without what is wrong in it.
    """
    first = look(root, name, kept, specs)
    problems = [*first.problems, *(further_errors(root, name, first, look) if first.stopped else ())]
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column)), first.covered


def look(root: Path, name: str, kept: Kept | None = None, loaded: Specs | None = None) -> Lint:
    """One look at a study: each file by itself; then, if nothing is wrong so far, what the files say of each other."""
    folder = Folder(root, root / "specs" / name)
    folder.problems += [*folder.open_points(), *check_structure(root, folder.path),
                        *check_tables(root, folder.path), *check_datasets(root, folder.path),
                        *check_strays(root, folder.path)]  # fmt: skip
    folder.stopped += [problem for problem in folder.problems if problem.kind == ERROR]
    apart = bool(folder.stopped)
    covered = [] if apart else _meaning(folder, name, kept or Kept(), loaded)
    return Lint(folder.problems, covered, folder.stopped, apart)


def _meaning(folder: Folder, name: str, kept: Kept, loaded: Specs | None) -> list[str]:
    """Problems of what the files say of each other; what is covered."""
    root = folder.root
    lists = _lists(folder)
    contracts = _contracts(folder, lists)
    columns, entries = _entries(contracts)
    shells, untold = read_shells(root, folder.path)
    folder.tell(untold)
    if untold and not shells:
        return []  # whatever names an output would seem wrong
    folder.problems += outputs.repeated_numbers(shells)
    numbers = {str(d.content["output"]): d for d in shells}
    for document in folder.documents("study.yaml"):
        folder.problems += study.check_study(document, {**dict.fromkeys(columns), **entries}, numbers)
        folder.problems += [*check_levels(document), *check_package(root, document, folder.grid("codelists.csv"))]
        folder.problems += check_guide(root, folder.path, document.content.get("standards", {}).get("sdtmig", ""))
    _tables(folder, root)
    specs = loaded or _specs(folder, root, name)
    covered: list[str] = []
    if specs:
        ct = pd.concat([load_table(p) for p in specs.table_files("ct")])
        if not kept.taken(folder):
            told, stopped = len(folder.problems), len(folder.stopped)
            _before_outputs(folder, replace(specs, outputs={}), contracts, lists, ct)
            kept.keep(folder, told, stopped)
        folder.problems += [p for d in folder.documents("study.yaml") for p in study.check_parts(d, specs.decisions)]
        _periods(folder, specs, ct)
        given = treatments(folder, specs, ct)
        folder.problems += check_table(tables_named(specs, "units"), specs.datasets, ct, given[0])
        folder.problems += [p for d in folder.documents("study.yaml") for p in study.check_products(d, *given)]
        _outputs(folder, specs, ct, shells)
        folder.problems += [problem for check in TOLD for problem in check(root, specs, ct)]
        folder.problems += check_given(specs, folder.problems)
        covered = list(covered_by(specs))
        _graph(folder, specs)
    return covered


def _before_outputs(
    folder: Folder, specs: Specs, contracts: list[tuple[Document, Contract]], lists: values.Lists, ct: pd.DataFrame
) -> None:  # fmt: skip
    """Mapping sheets, checks, links and notes: most of what files say of each other, and nothing of any output.

    It is handed specs without outputs, and is kept under the hash of the files that say no outputs.
    """
    columns, entries = _entries(contracts)
    folder.problems += _sheets(folder, specs, columns, entries, lists, ct)
    _clauses(folder, specs, columns, ct)
    folder.problems += check_links(tables_named(specs, "links"), columns, lists, specs)
    folder.problems += check_notes(*(tables_named(specs, name) for name in ("conformance_notes", "conformance")))
    folder.problems += [*check_essential(specs, contracts), *check_mapped(specs, contracts),
                        *check_not_submitted(specs)]  # fmt: skip


def _entries(contracts: list[tuple[Document, Contract]]) -> tuple[Columns, Mapping[str, Field]]:
    """What the contracts say of each form by column, and by form and column."""
    columns = {contract.form: _columns(contract) for _, contract in contracts}
    return columns, {f"{form}.{name}": entry for form, own in columns.items() for name, entry in own.items()}


def _contracts(folder: Folder, lists: values.Lists) -> list[tuple[Document, Contract]]:
    """The raw contracts with their files; their problems."""
    system, visits = load_system(folder.path / "raw"), folder.grid("visits.csv")
    contracts = [(document, contract_of(document.content, system)) for document in folder.documents("raw/[!_]*.yaml")]
    for document, contract in contracts:
        folder.problems += raw.check_contract(document, contract, _columns(contract), lists)
        folder.problems += study.check_folders(document, visits) if visits else []
    folder.problems += [p for d in folder.documents("raw/_system.yaml") for p in raw.check_system(d, set(lists))]
    return contracts


def _sheets(
    folder: Folder, specs: Specs, columns: Columns, entries: Mapping[str, Field],
    lists: values.Lists, ct: pd.DataFrame,
) -> Iterator[Problem]:  # fmt: skip
    """The mapping sheets, of raw forms or of SDTM made elsewhere, and what study.yaml may say of the latter."""
    if not specs.study.from_sdtm:
        yield from check_sheets(specs, columns, entries, lists, ct)
        return
    yield from check_laid_over(specs, ct)
    for document in folder.documents("study.yaml"):
        yield from check_sdtm_words(document, specs)


def _outputs(folder: Folder, specs: Specs, ct: pd.DataFrame, shells: list[Document]) -> None:
    """Outputs, the sets and columns that they name, and the constants that everything asks for."""
    known, codes, unlisted = known_of(specs, ct), _codes(specs, ct), _unlisted(folder.root, specs)
    folder.problems += [*outputs.check_named(folder.root, known), *check_constants(specs)]
    for document in [one for name in ASKING for one in folder.documents(name)]:
        folder.problems += check_parameters(document, codes, unlisted)
    for document in shells:
        folder.problems += [*outputs.check_output(document, known), *check_shown(document, codes, unlisted),
                            *check_dose_finding(document, specs.study)]  # fmt: skip


def _clauses(folder: Folder, specs: Specs, columns: Columns, ct: pd.DataFrame) -> None:
    """The checks of the gate, their lists as the gate reads them, and the rules of the data cut."""
    read = StudyMeaning(specs).lists
    fields: dict[str, values.Fields] = {form: values.at_gate(own, read) for form, own in columns.items()}
    try:
        declared = load_checks(specs, specs.contracts)
        folder.problems += checks.check_clauses(declared, specs, fields, folder.root)
        known = [*columns, *(f"{form}.{name}" for form, own in columns.items() for name in own)]
        folder.problems += [*check_ungiven(specs), *check_ranges(specs)]
        ids = {check.id for check in declared}
        folder.problems += [p for d in folder.documents("sites.yaml") for p in check_sites(d, known, ids)]
    except TrialError as error:
        folder.stop(error)
    folder.problems += checks.check_cut(specs, ct, qualifiers(ct), folder.root)


def _periods(folder: Folder, specs: Specs, ct: pd.DataFrame) -> None:
    """The elements and treatment periods of study.yaml, and the visits of each."""
    sheet, visits = folder.grid("mapping/ex.csv"), folder.grid("visits.csv")
    for document in folder.documents("study.yaml"):
        folder.problems += [*check_periods(document, specs, sheet, ct), *check_elements(document, specs, ct),
                            *check_level_units(document, ct), *check_summary(document, specs, ct)]  # fmt: skip
    for document in folder.documents("alive.yaml"):
        folder.problems += check_alive(document, specs, ct)
    for document in folder.documents("baseline.yaml"):
        folder.problems += check_baselines(document, specs, ct)
    folder.problems += check_profiles(folder, specs, ct)
    for document in folder.documents("kinetics.yaml"):
        folder.problems += check_kinetics(document, specs, ct)
    for document in folder.documents(SCENARIOS):
        folder.problems += check_scenarios(document, specs)
    for document in folder.documents("doses.yaml"):
        folder.problems += check_doses(document, specs, treatment_fields(specs, sheet, ct))
    folder.problems += check_windows(visits, specs.study) if visits else []


def _codes(specs: Specs, ct: pd.DataFrame) -> frozenset[str]:
    """Codes of parameters that terminology and the study's endpoints add to those of the code."""
    return frozenset(ct["submission"]).union(*(spec.parameter_labels for spec in specs.datasets.values()))


def _unlisted(root: Path, specs: Specs) -> frozenset[str]:
    """Codes of the standard's endpoints and responses that no dataset of the study has as a parameter."""
    files = sorted((root / "specs" / "standard" / "endpoints").glob("*.yaml"))
    codes = {code for path in files for word in ("endpoint", "response") if (code := load_yaml(path).get(word))}
    return frozenset(codes).difference(*(spec.parameter_labels for spec in specs.datasets.values()))


def _columns(contract: Contract) -> dict[str, Field]:
    """What a mapping sheet or a check may name of a form: its columns, text and code of coded fields, and the keys."""
    both = {one: Field(one) for name in contract.fields if contract.columns_of(name) for one in (name, f"{name}_STD")}
    return both | contract_columns(contract, "") | {name: Field(name) for name in KEYS}


def _lists(folder: Folder) -> dict[str, list[tuple[str, str]]]:
    """The collected codelists with code and text; their problems."""
    grid = folder.grid("raw/_codelists.csv")
    if grid is None:
        return {}
    folder.problems += raw.check_lists(grid)
    found: dict[str, list[tuple[str, str]]] = {}
    for _, row in grid.rows:
        found.setdefault(row.get("CODELIST", ""), []).append((row.get("CODED_VALUE", ""), row.get("DECODE", "")))
    return found


def _tables(folder: Folder, root: Path) -> None:
    """decisions.yaml, visits.csv and the study's terminology."""
    known = load_decisions(root / "specs" / "standard", root / "specs" / "standard" / "nowhere")
    for document in folder.documents("decisions.yaml"):
        folder.problems += study.check_decisions(document, known)
    folder.problems += check_words(root, folder.path, known)
    for name, check in (("visits.csv", study.check_visits), ("codelists.csv", study.check_terminology)):
        grid = folder.grid(name)
        if grid is not None:
            folder.problems += check(grid)
        elif name == "visits.csv":
            what = "visits.csv is missing; recipes ask for it"
            folder.problems.append(Problem(folder.name(folder.path / name), 1, 1, ERROR, what, "a header line will do"))


def _specs(folder: Folder, root: Path, name: str) -> Specs | None:
    """The specs as the build reads them; what keeps it from reading them is a problem."""
    try:
        return load_specs(root, name)
    except TrialError as error:
        folder.stop(error)
        return None


def _graph(folder: Folder, specs: Specs) -> None:
    """What keeps the build from starting."""
    try:
        build_graph(specs)
    except TrialError as error:
        folder.stop(error)
