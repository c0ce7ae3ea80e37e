"""A dataset as it leaves the house: its spec with the variables it has, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.engine.core import handed
from pipeline.engine.graph import order
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.words import did_you_mean, value_text
from pipeline.publish.products import datasets_of
from pipeline.publish.written import without_empty

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine.runner import Build

LISTED = ("DATASET", "VARIABLE", "USUBJID", "RECORD", "VALUE", "WRITTEN", "HOW")


@dataclass(frozen=True)
class Exported:
    """A dataset: what its spec says of the variables that it has, in their order, and its records."""

    spec: DatasetSpec
    data: pd.DataFrame

    @property
    def name(self) -> str:
        """Its name as the standards write it (SUPPAE)."""
        return self.spec.dataset

    @property
    def texts(self) -> tuple[Variable, ...]:
        """Its variables of text."""
        return tuple(variable for variable in self.spec.variables if variable.type == "text")

    def told(self, name: str, at: pd.Series, written: pd.Series | None, how: str) -> pd.DataFrame:
        """Values that a file holds otherwise than the dataset, or not at all (`at` tells the records), one a line."""
        import pandas as pd

        rows = self.data[at]
        number = next((key for key in self.spec.names if key.endswith("SEQ") and key != "SRCSEQ"), self.spec.keys[-1])
        found = pd.DataFrame({"DATASET": self.name, "VARIABLE": name, "USUBJID": rows.get("USUBJID")}, index=rows.index)
        found["RECORD"] = number + "=" + rows[number].map(value_text).astype("str")
        told = None if written is None else written[rows.index]
        return found.assign(VALUE=rows[name], WRITTEN=told, HOW=how)[list(LISTED)]


def exported(build: Build) -> dict[str, Exported]:
    """All datasets of a build that people are handed, by name of their spec; those not made yet are made.

    An SDTM dataset is without permissible variables that hold nothing, as a build publishes it.
    """
    wanted = [handed(name, build.graph) for name, spec in build.specs.datasets.items() if not spec.intermediate]
    for name in order(build.graph, [name for name in wanted if name in build.graph]):
        if name not in build.entries:
            build.ensure(name)
    return {name: _exported(build, name) for name in datasets_of(build)}


def _exported(build: Build, name: str) -> Exported:
    spec = build.specs.datasets[name]
    data = without_empty(build.frame(handed(name, build.graph)), spec)
    kept = tuple(variable for variable in spec.variables if variable.name in data)
    return Exported(replace(spec, variables=kept), data[[variable.name for variable in kept]])


def chosen(names: Iterable[str], datasets: Iterable[str]) -> tuple[str, ...]:
    """The datasets named by a user (`ae,lb`, each also alone), all where none is. Raises TrialError for an unknown."""
    known = list(datasets)
    asked = [word for name in names for word in name.lower().replace(",", " ").split()]
    for word in asked:
        if word not in known:
            raise TrialError(f"The study has no dataset {word.upper()} with records.", "--datasets",
                             did_you_mean(word, known))  # fmt: skip
    return tuple(asked or known)


def by_layer(datasets: Iterable[Exported]) -> Iterator[tuple[str, list[Exported]]]:
    """The datasets of SDTM, then those of ADaM, where there are any."""
    parts: dict[str, list[Exported]] = {}
    for one in datasets:
        parts.setdefault(one.spec.layer, []).append(one)
    yield from parts.items()
