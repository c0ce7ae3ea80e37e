"""Every spec file by itself: readable, of the shape of its kind, without a word that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Problem, read_document, read_grid
from pipeline.study import endpoint_shapes, profile, shapes
from pipeline.study.course import ALIVE_RECORDS, BASELINE_VALUES, DOSE_PARAMETERS, KINETIC_PARAMETERS
from pipeline.study.named import SHAPES
from pipeline.study.pool import FOLDER as POOL
from pipeline.study.shapes import Shape

ENDPOINTS = {"endpoints/sources.yaml": endpoint_shapes.SOURCES, "endpoints/situations.yaml": endpoint_shapes.SITUATIONS,
             "endpoints/beside.yaml": endpoint_shapes.BESIDE, "endpoints/*.yaml": endpoint_shapes.of_parameter,
             "criteria/*.yaml": endpoint_shapes.of_criteria}  # fmt: skip
NAMED = SHAPES | {"sets": shapes.SETS, "conditions": shapes.CONDITIONS}
STANDARD: dict[str, Shape] = {
    **{f"{name}.yaml": shape for name, shape in NAMED.items()}, "decisions.yaml": shapes.DECISIONS,
    "toxicities.yaml": shapes.TOXICITIES, "dlt.yaml": shapes.DLT, "doses.yaml": DOSE_PARAMETERS,
    "baseline.yaml": BASELINE_VALUES, "alive.yaml": ALIVE_RECORDS, "milestones.yaml": shapes.MILESTONES,
    "kinetics.yaml": KINETIC_PARAMETERS, "results.yaml": shapes.DATASET, "sdtm/*.yaml": shapes.DATASET,
    "adam/*.yaml": shapes.DATASET, "checks/*.yaml": shapes.CHECKS, "tlf/*.yaml": shapes.SHELL,
    "catalogue.yaml": shapes.PROPOSED, profile.FILE: profile.STANDARD, **ENDPOINTS,
}  # fmt: skip
STUDY: dict[str, Shape] = {
    **{f"{name}.yaml": shape for name, shape in NAMED.items()}, "catalogue.yaml": shapes.CATALOGUE,
    "scenarios.yaml": shapes.SCENARIOS,
    "toxicities.yaml": shapes.TOXICITIES,
    "study.yaml": shapes.STUDY, "decisions.yaml": shapes.OWN_DECISIONS, "sites.yaml": shapes.SITES,
    "dlt.yaml": shapes.DLT, "raw/_system.yaml": shapes.SYSTEM, "doses.yaml": DOSE_PARAMETERS,
    "baseline.yaml": BASELINE_VALUES, "alive.yaml": ALIVE_RECORDS, "milestones.yaml": shapes.MILESTONES,
    "kinetics.yaml": KINETIC_PARAMETERS, profile.FILE: profile.STUDY,
    "raw/[!_]*.yaml": shapes.CONTRACT, "checks/*.yaml": shapes.CHECKS, "tlf/*.yaml": shapes.OUTPUT,
    "sdtm/*.yaml": "any", "adam/*.yaml": "any",
    **ENDPOINTS, "endpoints/*.yaml": endpoint_shapes.of_own_parameter, "*.yaml": "any",
}  # fmt: skip


def check_structure(root: Path, folder: Path) -> list[Problem]:
    """Problems of the files of the standard and of one study, each by itself, by file and line."""
    found: list[Problem] = []
    standard = root / "specs" / "standard"
    for home, kinds in ((standard, STANDARD), (standard / POOL, STUDY), (folder, STUDY)):
        seen: set[Path] = set()
        for pattern, shape in kinds.items():
            paths = [path for path in sorted(home.glob(pattern)) if path not in seen]
            seen |= set(paths)
            found += [problem for path in paths for problem in _yaml(path, str(path.relative_to(root)), shape)]
        found += [p for path in sorted(home.rglob("*.csv")) for p in _csv(path, str(path.relative_to(root)))]
    if not (folder / "study.yaml").exists():
        name = str((folder / "study.yaml").relative_to(root))
        found.append(Problem(name, 1, 1, ERROR, "study.yaml is missing", "see a neighbouring study"))
    return found


def _yaml(path: Path, name: str, shape: Shape) -> Iterator[Problem]:
    document = read_document(path, name)
    if isinstance(document, Problem):
        yield document
        return
    for slip in shapes.slips_of(path, shape):
        yield document.problem(slip.where, ERROR, slip.what, slip.cure)


def _csv(path: Path, name: str) -> Iterator[Problem]:
    grid = read_grid(path, name)
    if isinstance(grid, Problem):
        yield grid
        return
    kind = shapes.table_kind(path.name)
    lost = grid.lacks(*shapes.COLUMNS.get(kind, ()))
    yield from lost
    known = (*shapes.COLUMNS.get(kind, ()), *shapes.OPTIONAL.get(kind, ()))
    for column in [one for one in grid.header if kind in shapes.OPTIONAL and one not in known]:
        what = f"{path.name} has the unknown column {column}"
        yield grid.problem(1, column, ERROR, what, did_you_mean(column, known))
    for line, row in [] if lost else grid.rows:
        for column in shapes.NUMBERS.get(kind, ()):
            if not shapes.NUMBER.fullmatch(row[column]):
                what = f"{column} must be a number, not '{row[column]}'"
                yield grid.problem(line, column, ERROR, what, "a point before decimals, no unit")
