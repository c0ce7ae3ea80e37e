"""The kinds of spec files: where each lives, the shape it is held to, and the value it is read into.

Shapes and places are those the linter reads (`pipeline/lint/structure.py`, `shapes.COLUMNS`); here each gets the name
of its table of meanings (`pipeline/study/words/<name>.csv`) and the class whose frozen values are its defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch

from pipeline.gate.accepted import ANSWERED
from pipeline.gate.accepted import COLUMNS as ACCEPTED
from pipeline.ground.endpoints import Beside, Criterion, Endpoint, Response, Situation, Source
from pipeline.ground.metadata import DatasetSpec, StudySettings
from pipeline.ground.severity import SEVERITIES
from pipeline.lint.outputs import KINDS as OUTPUTS
from pipeline.lint.raw import TYPES as FIELDS
from pipeline.lint.structure import STANDARD, STUDY
from pipeline.lint.study import PAPERS, STATUSES
from pipeline.study.contracts import Contract, System
from pipeline.study.datasets import TYPES as VARIABLES
from pipeline.study.decisions import TYPES as DECISIONS
from pipeline.study.decisions import OpenPoint
from pipeline.study.endpoint_shapes import CRITERION, ENDPOINT, OWN_ENDPOINT, OWN_RESPONSE, RESPONSE, SCALE
from pipeline.study.pool import FOLDER as POOL
from pipeline.study.settings import SiteWords
from pipeline.study.shapes import COLUMNS, OPTIONAL, OVERLAY, Shape
from sdtm.mapping.long_form import COLUMNS as TESTS
from sdtm.mapping.sheet import COLUMNS as SHEET
from tlf.rows.kinds import OF_FAMILY
from tlf.shells import Shell

ANY = "*.yaml"  # what a study keeps beside its specs


@dataclass(frozen=True)
class Kind:
    """A kind of YAML file: its name, its files in specs/standard and in a study's folder, and the value it becomes.

    `begins` is the word that tells it from another kind whose files lie in the same place.
    """

    name: str
    standard: tuple[str, ...] = ()
    study: tuple[str, ...] = ()
    value: type | None = None
    held: Shape = None
    begins: str = ""

    @property
    def shape(self) -> Shape:
        """The shape that the linter holds such a file to; `held` where one pattern has files of two shapes."""
        if self.held is not None:
            return self.held
        return STUDY[self.study[0]] if self.study else STANDARD[self.standard[0]]


DATASETS = ("sdtm/*.yaml", "adam/*.yaml")
KINDS = (
    Kind("study", study=("study.yaml",), value=StudySettings),
    Kind("system", study=("raw/_system.yaml",), value=System),
    Kind("contract", study=("raw/[!_]*.yaml",), value=Contract),
    Kind("sites", study=("sites.yaml",), value=SiteWords),
    Kind("checks", ("checks/*.yaml",), ("checks/*.yaml",)),
    Kind("decision", ("decisions.yaml",), value=OpenPoint),
    Kind("own_decision", study=("decisions.yaml",)),
    Kind("dataset", ("results.yaml", *DATASETS), value=DatasetSpec),
    Kind("own_dataset", study=DATASETS, held=OVERLAY),
    Kind("sets", ("sets.yaml",), ("sets.yaml",)),
    Kind("conditions", ("conditions.yaml",), ("conditions.yaml",)),
    Kind("columns", ("columns.yaml",), ("columns.yaml",)),
    Kind("dlt", ("dlt.yaml",), ("dlt.yaml",)),
    Kind("alive", ("alive.yaml",), ("alive.yaml",)),
    Kind("milestones", ("milestones.yaml",), ("milestones.yaml",)),
    Kind("baseline", ("baseline.yaml",), ("baseline.yaml",)),
    Kind("doses", ("doses.yaml",), ("doses.yaml",)),
    Kind("kinetics", ("kinetics.yaml",), ("kinetics.yaml",)),
    Kind("profile", ("profile.yaml",), ("profile.yaml",)),
    Kind("sources", ("endpoints/sources.yaml",), ("endpoints/sources.yaml",), Source),
    Kind("situations", ("endpoints/situations.yaml",), ("endpoints/situations.yaml",), Situation),
    Kind("beside", ("endpoints/beside.yaml",), ("endpoints/beside.yaml",), Beside),
    Kind("criterion", ("criteria/*.yaml",), ("criteria/*.yaml",), Criterion, CRITERION),
    Kind("scale", ("criteria/*.yaml",), ("criteria/*.yaml",), None, SCALE, "scale"),
    Kind("endpoint", ("endpoints/*.yaml",), (), Endpoint, ENDPOINT),
    Kind("response", ("endpoints/*.yaml",), (), Response, RESPONSE, "response"),
    Kind("own_endpoint", study=("endpoints/*.yaml",), held=OWN_ENDPOINT),
    Kind("own_response", study=("endpoints/*.yaml",), held=OWN_RESPONSE, begins="response"),
    Kind("toxicities", ("toxicities.yaml",), ("toxicities.yaml",)),
    Kind("output", study=("tlf/*.yaml",), value=Shell),
    Kind("shell", ("tlf/*.yaml",), value=Shell),
    Kind("catalogue", study=("catalogue.yaml",)),
    Kind("proposed", ("catalogue.yaml",)),
    Kind("scenarios", study=("scenarios.yaml",)),
)
# Kinds of CSV files: the name of the table of meanings, the pattern of the file, its columns.
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "mapping": ("mapping/*.csv", SHEET), "tests": ("mapping/*_tests.csv", TESTS),
    "accepted": ("accepted.csv", ACCEPTED), "answers": ("answers.csv", ANSWERED),
    **{name.removesuffix(".csv"): (name, (*columns, *OPTIONAL.get(name, ()))) for name, columns in COLUMNS.items()},
}  # fmt: skip

# Words of which a file may say one of a few, where the linter knows these and not the shape.
FEW: dict[tuple[str, str], tuple[str, ...]] = {
    ("study", "paper"): PAPERS, ("study", "status"): STATUSES,
    ("contract", "need"): ("essential", "supportive"), ("contract", "fields.*.type"): FIELDS,
    ("system", "columns.*.type"): FIELDS, ("checks", "severity"): SEVERITIES, ("decision", "type"): DECISIONS,
    ("dataset", "variables[].type"): VARIABLES, ("dataset", "variables.*.type"): VARIABLES,
    ("output", "family"): tuple(OF_FAMILY), ("shell", "family"): tuple(OF_FAMILY),
    ("output", "kind"): OUTPUTS, ("shell", "kind"): OUTPUTS,
}  # fmt: skip


def kind_of(path: str, home: str) -> Kind | None:
    """The kind of a YAML file by its path below specs/standard ("standard") or below a study's folder ("study").

    What the standard says of pools is written as a study's folder is.
    """
    home, path = ("study", path.partition("/")[2]) if path.startswith(f"{POOL}/") else (home, path)
    return next((kind for kind in KINDS if any(fnmatch(path, one) for one in getattr(kind, home))), None)
