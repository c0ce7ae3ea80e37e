"""What several treatment periods add to dataset specs: the period of a record, and in ADSL the dates of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from pipeline.ground.named_clauses import in_full
from pipeline.study.declared import Declared

SUBJECTS = "adsl"
OF_RECORD = (
    Variable("APERIOD", "Period", "number", core="Req", origin="Derived",
             derivation="Number of the treatment period, in the order of the study's list of periods."),
    Variable("APERIODC", "Period (C)", "text", "40", "Req", origin="Derived",
             derivation="Name of the treatment period."),
)  # fmt: skip
NAMES = tuple(variable.name for variable in OF_RECORD)


def with_periods(datasets: Mapping[str, DatasetSpec], study: StudySettings) -> dict[str, DatasetSpec]:
    """The dataset specs of a study; with several treatment periods their variables are added."""
    if len(study.periods) < 2:
        return dict(datasets)
    return {name: _with(spec, study) for name, spec in datasets.items()}


def with_named_periods(study: StudySettings, declared: Declared) -> StudySettings:
    """The settings, the clauses by name that tell the doses of a period written out."""
    told = tuple(replace(one, where=in_full(one.where, declared.named)) for one in study.periods)
    return replace(study, periods=told)


def is_stacked(spec: DatasetSpec) -> bool:
    """True for a dataset that people are handed and that is made once per period: its parts are stacked."""
    return spec.by_period and not spec.intermediate


def of_part(spec: DatasetSpec) -> DatasetSpec:
    """The spec of one period's part: the dataset as a study with one period has it."""
    if not is_stacked(spec):
        return spec
    kept = tuple(variable for variable in spec.variables if variable.name not in NAMES)
    return replace(spec, variables=kept, keys=tuple(key for key in spec.keys if key not in NAMES))


def _with(spec: DatasetSpec, study: StudySettings) -> DatasetSpec:
    if spec.name == SUBJECTS:
        return replace(spec, variables=(*spec.variables, *_of_subject(len(study.periods))))
    if not is_stacked(spec):
        return spec
    at = max(place for place, variable in enumerate(spec.variables) if variable.name in ("STUDYID", "USUBJID")) + 1
    keys = [*spec.keys]
    keys.insert(keys.index("USUBJID") + 1, "APERIOD")
    return replace(spec, variables=(*spec.variables[:at], *OF_RECORD, *spec.variables[at:]), keys=tuple(keys))


def _of_subject(count: int) -> list[Variable]:
    """AP01SDT, AP01EDT and so on: the first and last dose of each period; of later ones TRT02P, TRT02A: their arms."""
    arms = (("P", "Planned", "Arm assigned"), ("A", "Actual", "Arm of the level and product given"))
    ends = (("SDT", "Start Date of Period", "First"), ("EDT", "End Date of Period", "Last"))
    return [
        Variable(f"AP{number:02d}{end}", f"{label} {number:02d}", "date", core="Cond", origin="Derived",
                 source="EX.EXSTDTC", derivation=f"{which} dose of study treatment of period {number}.")
        for number in range(1, count + 1) for end, label, which in ends
    ] + [
        Variable(f"TRT{number:02d}{end}", f"{label} Treatment for Period {number:02d}", "text", "60", "Cond",
                 origin="Derived", source="DM.ARM, EX.EXTRT",
                 derivation=f"{which}, of subjects treated in period {number}.")
        for number in range(2, count + 1) for end, label, which in arms
    ]  # fmt: skip
