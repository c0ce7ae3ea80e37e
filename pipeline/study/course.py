"""doses.yaml: the parameters of exposure, the standard's and a study's own, which win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.ground import clauses
from pipeline.ground.course import MEASURES, ROLES, DoseParameter
from pipeline.ground.metadata import DatasetSpec, Parameter
from pipeline.study import shapes
from pipeline.study.decisions import Choice
from pipeline.study.frozen import frozen
from pipeline.study.told import Told
from pipeline.study.yaml_text import Content

DOSES, DOSES_FILE, ADEX = "doses", "doses.yaml", "adex"
DOSE_PARAMETER: shapes.Shape = {
    "label!": "text", "role!": frozenset(ROLES), "measure!": frozenset(MEASURES), "where": "text",
    "infusion": "count", "weight": "text", "planned": "text",
}  # fmt: skip
DOSE_PARAMETERS: shapes.Shape = {"*": (DOSE_PARAMETER, "")}


def load_doses(standard: Path, folder: Path) -> Told:
    """What the standard and the study say of exposure. Raises TrialError with file, line and column."""
    files = tuple(path for path in (standard / DOSES_FILE, folder / DOSES_FILE) if path.exists())
    said: Content = {}
    for path in files:
        said |= shapes.load(path, DOSE_PARAMETERS)
    wheres = [one["where"] for one in said.values() if one and one.get("where")]
    decisions = [name for where in wheres for name in clauses.read(where, DOSES_FILE).decisions]
    return Told(said, dose_parameters, files, {}, {ADEX: tuple(dict.fromkeys(decisions))})


def with_doses(datasets: Mapping[str, DatasetSpec], parameters: Iterable[DoseParameter]) -> dict[str, DatasetSpec]:
    """The dataset specs, ADEX with the parameters of doses.yaml."""
    if ADEX not in datasets:
        return dict(datasets)
    told = tuple(Parameter(one.code, one.label, _sentence(one), "EX.EXDOSE, EX.EXSTDTC") for one in parameters)
    return {**datasets, ADEX: replace(datasets[ADEX], parameters=told)}


def _sentence(one: DoseParameter) -> str:
    """How a parameter is made, in a sentence."""
    whole = "all infusions of the period" if not one.infusion else f"infusion {one.infusion} of the period"
    by = f", divided by {one.weight}" if one.weight else ""
    where = f" where {one.where}" if one.where else ""
    measure = MEASURES[one.measure] + (f" ({one.planned})" if one.planned else "")
    return f"{measure} of {one.role}{where}, {whole}{by}."


def dose_parameters(said: Content, decisions: Mapping[str, Choice]) -> tuple[DoseParameter, ...]:
    """The parameters in their order, decisions filled in; an entry that says nothing is left out."""
    told = {code: words for code, words in said.items() if words}
    return tuple(
        frozen(DoseParameter, words, code=code, where=clauses.filled(words.get("where", ""), decisions, DOSES_FILE))
        for code, words in told.items()
    )
