"""All checks of one study folder, what its specs cover, and the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pandas as pd

from pipeline.extract import KEYS
from pipeline.graph import build_graph
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.words import did_you_mean
from pipeline.layout import contract_columns
from pipeline.lint import mapping, outputs, raw, study
from pipeline.lint.places import ERROR, OPEN, WARNING, Document, Grid, Problem, read_document, read_grid
from pipeline.specs import Specs, find_root, load_decisions, load_specs, studies
from pipeline.yaml_text import load_mapping
from sdtm.sheet import Known

OPEN_MARK = "OPEN:"
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass
class Folder:
    """A study's files as far as they can be read, and the problems met."""

    root: Path
    path: Path
    problems: list[Problem] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """A file's path as the report shows it."""
        return str(path.relative_to(self.root))

    def documents(self, pattern: str) -> list[Document]:
        """The YAML files of a pattern that can be read; what cannot is a problem."""
        read = [read_document(path, self.name(path)) for path in sorted(self.path.glob(pattern))]
        self.problems += [one for one in read if isinstance(one, Problem)]
        return [one for one in read if isinstance(one, Document)]

    def grid(self, name: str) -> Grid | None:
        """A CSV file, or None when the study has none."""
        path = self.path / name
        return read_grid(path, self.name(path)) if path.exists() else None


def run(name: str, root: str) -> int:
    """Lint one study and print the report; the exit code. Raises TrialError for an unknown study."""
    home = find_root(Path(root) if root else None)
    if not (home / "specs" / name).is_dir() or name == "standard":
        raise TrialError(f"Unknown study '{name}'.", str(home / "specs"), did_you_mean(name, studies(home)))
    problems, covered = lint(home, name)
    for problem in problems:
        click.echo(problem.text())
    counts = {kind: sum(p.kind == kind for p in problems) for kind in (ERROR, WARNING, OPEN)}
    click.echo(("\n" if problems else "") + "\n".join(covered))
    click.echo(f"\n{name}: {counts[ERROR]} errors, {counts[WARNING]} warnings, {counts[OPEN]} open points")
    return EXIT_FINDINGS if counts[ERROR] else 0


def lint(root: Path, name: str) -> tuple[list[Problem], list[str]]:
    """All problems of a study's folder in the order of its files, and what is covered in words."""
    folder = Folder(root, root / "specs" / name)
    folder.problems += list(_open_points(folder))
    contracts = [d for d in folder.documents("raw/*.yaml") if not d.path.name.startswith("_")]
    system = (
        load_mapping(folder.path / "raw" / "_system.yaml") if (folder.path / "raw" / "_system.yaml").exists() else {}
    )
    lists = _lists(folder)
    for document in contracts:
        folder.problems += raw.check_contract(document, set(lists), system)
    readable = [d for d in contracts if isinstance(d.content, dict) and isinstance(d.content.get("fields"), dict)]
    columns = {d.content["form"]: _columns(d.content, system) for d in readable}
    entries = {f"{form}.{n}": e or {} for form, own in columns.items() for n, e in own.items()}
    shells = folder.documents("tlf/*.yaml")
    numbers = {str(d.content.get("output")): d for d in shells if isinstance(d.content, dict)}
    for document in folder.documents("study.yaml"):
        folder.problems += study.check_study(document, {**dict.fromkeys(columns), **entries}, numbers)
    _tables(folder, root)
    specs = _specs(folder, root, name)
    covered: list[str] = []
    if specs:
        _sheets(folder, specs, columns, entries, lists)
        folder.problems += [p for document in shells for p in outputs.check_output(document, specs)]
        covered = list(_covered(folder, specs, columns))
        _graph(folder, specs)
    folder.problems += outputs.repeated_numbers(shells)
    return sorted(dict.fromkeys(folder.problems), key=lambda p: (p.file, p.line, p.column)), covered


def _columns(contract: dict[str, Any], system: dict[str, Any]) -> dict[str, Any]:
    return contract_columns(contract, system, "") | {name: {} for name in KEYS}


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
    except (TrialError, KeyError, TypeError) as error:
        _stopped(folder, error)
        return None


def _graph(folder: Folder, specs: Specs) -> None:
    """What keeps the build from starting."""
    try:
        build_graph(specs)
    except (TrialError, KeyError, TypeError) as error:
        _stopped(folder, error)


def _stopped(folder: Folder, error: Exception) -> None:
    """An error of the build as a problem of its file, unless one is told of that file already."""
    what, where, cure = f"the build cannot read it ({error!r})", "", "mend what is said above first"
    if isinstance(error, TrialError):
        what, where, cure = error.what.rstrip("."), error.where, error.cure
    file = where.partition(",")[0]
    shown = str(Path(file).relative_to(folder.root)) if file.startswith(str(folder.root)) else folder.name(folder.path)
    if not any(p.kind == ERROR and p.file == shown for p in folder.problems):
        folder.problems.append(Problem(shown, 1, 1, ERROR, what, cure))


def _sheets(
    folder: Folder, specs: Specs, columns: dict[str, Any], entries: dict[str, Any], lists: dict[str, Any]
) -> None:
    """Every mapping sheet against contracts, domain specs and terminology."""
    ct = pd.concat([pd.read_csv(p, dtype="str", keep_default_na=False) for p in specs.table_files("ct")])
    qualifiers = {
        f"SUPP.{n}": {"name": n, "type": "text"} for n in ct.loc[ct["codelist"].str[:4] == "SUPP", "submission"]
    }
    for domain, path in specs.mappings.items():
        grid = read_grid(path, folder.name(path))
        if domain not in specs.datasets:
            near = did_you_mean(domain, [n for n, s in specs.datasets.items() if s.layer == "sdtm"])
            folder.problems.append(grid.problem(1, "form", ERROR, f"there is no domain {domain.upper()}", near))
            continue
        spec = specs.datasets[domain].content
        variables = {v["name"]: v for v in spec["variables"]}
        known = Known({f: list(c) for f, c in columns.items()}, variables | qualifiers, frozenset(ct["codelist"]))
        folder.problems += mapping.check_sheet(grid, domain, spec, known, _made(specs, domain))
        if all(c in grid.header for c in mapping.COLUMNS):
            folder.problems += mapping.check_terms(grid, entries, lists, spec, ct)


def _made(specs: Specs, domain: str) -> set[str]:
    """Variables that the recipe of a domain, or the root of all reference dates, makes itself."""
    found = {"reference_dates"} & set(specs.datasets)
    made = {v for name in found for v in specs.datasets[name].names}
    return made | ({"AESEQ"} if domain == "ae" else set())


def _open_points(folder: Folder) -> Iterator[Problem]:
    """Every line of a YAML file or note that says OPEN."""
    for path in sorted(folder.path.rglob("*.yaml")):
        for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            at = text.find(OPEN_MARK)
            if at >= 0 and "#" in text[:at]:
                yield Problem(folder.name(path), line, at + 1, OPEN, text[at + len(OPEN_MARK) :].strip())


def _covered(folder: Folder, specs: Specs, columns: dict[str, Any]) -> Iterator[str]:
    """Which forms and fields the mapping uses, which domains and datasets have something to rest on."""
    grids = [read_grid(path, folder.name(path)) for path in specs.mappings.values()]
    used = {
        (row["form"], word) for g in grids for _, row in g.rows if row.get("form") for word in row["source"].split()
    }
    used |= {
        (row["form"], w) for g in grids for _, row in g.rows if row.get("form") for w in WORD.findall(row["where"])
    }
    yield "Covered"
    total = [0, 0]
    for path in specs.raw.values():
        contract = load_mapping(path)
        form, names = contract["form"], list(contract["fields"])
        unused = [n for n in names if (form, n) not in used and (form, f"{n}_STD") not in used]
        unused = [n for n in unused if n != contract.get("subject", {}).get("column")]
        total = [total[0] + len(names) - len(unused), total[1] + len(names)]
        told = f"; not used: {', '.join(unused)}" if unused else ""
        yield f"  {form:<10}{len(names) - len(unused):>3} of {len(names):>3} fields{told}"
    yield f"  {'all forms':<10}{total[0]:>3} of {total[1]:>3} fields"
    layers = {layer: [n for n, s in specs.datasets.items() if s.layer == layer] for layer in ("sdtm", "adam")}
    collected = [n.upper() for n in layers["sdtm"] if n in specs.mappings]
    missing = [n.upper() for n in layers["sdtm"] if n not in specs.mappings and len(n) == 2]
    yield f"  domains   {', '.join(collected) or 'none'}"
    yield f"  not there {', '.join(missing) or 'none'} (their datasets are made empty)"
    changed = [d.id for d in specs.decisions.values() if d.set_in == "study"]
    yield f"  decisions {len(specs.decisions)}, of which this study decides {', '.join(changed) or 'none'} itself"
    yield f"  outputs   {', '.join(content['output'] for _, content in specs.outputs.values()) or 'none'}"
