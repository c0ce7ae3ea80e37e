"""What a pool starts from: the analysis datasets of finished builds, as they lie in the products of each study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.intake.delivery import Delivery
from pipeline.study.decisions import Choice

Counts = Mapping[str, int]


@dataclass(frozen=True)
class FinishedBuild:
    """The products of one study: their folder, its identifier, extract, data cut and run, and its decisions by id.

    `findings` are the open queries by severity, `further` the findings of the build itself.
    """

    folder: str
    study: str
    extract: str
    cutoff: str
    run: str
    decisions: Mapping[str, Choice] = field(default_factory=dict)
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    findings: Counts = field(default_factory=dict)
    further: Counts = field(default_factory=dict)


@dataclass(frozen=True)
class Pool(Delivery):
    """The datasets of several builds by file (`study/adam/adsl.parquet`), with their SHA-256, and the builds."""

    builds: tuple[FinishedBuild, ...] = ()

    @property
    def name(self) -> str:
        """The extract of each study, which is all that products may show of where they lie."""
        return "; ".join(f"{one.extract} ({one.study})" for one in self.builds)

    @property
    def cut(self) -> tuple[str, str]:
        """The latest data cut of the studies, and that of each in words."""
        cuts = {one.study: one.cutoff for one in self.builds}
        same = len(set(cuts.values())) == 1
        told = "; ".join(f"{cut} ({study})" for study, cut in cuts.items())
        return max(cuts.values()), next(iter(cuts.values())) if same else told

    def counted(self, queries: Counts, further: Counts) -> tuple[dict[str, int], dict[str, int]]:
        """What is open by severity, queries and further findings: the pool's own with those of its studies."""
        both = (queries, [one.findings for one in self.builds]), (further, [one.further for one in self.builds])
        one, two = ({severity: number + sum(other.get(severity, 0) for other in others)
                     for severity, number in own.items()} for own, others in both)  # fmt: skip
        return one, two
