"""study.yaml and sites.yaml as frozen values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.ground.metadata import Arm, DoseLevel, Headline, Period, StudySettings, Treatment
from pipeline.study import shapes
from pipeline.study.design import elements_of, summary_of
from pipeline.study.frozen import frozen


def load_settings(path: Path) -> StudySettings:
    """What a study.yaml says, with the countries of sites.yaml beside it. Raises TrialError with file, line, column."""
    settings = settings_of(shapes.load(path, shapes.STUDY))
    return replace(settings, site_countries=load_site_words(path.parent).country)


def started_from(settings: StudySettings, source: str = "", lacking: Collection[str] = ()) -> StudySettings:
    """The settings of a study begun from `source` (as study.yaml says where none is named), without what it lacks."""
    not_there = tuple(dict.fromkeys((*settings.not_collected, *lacking)))
    return replace(settings, source=source or settings.source, not_collected=not_there)


def settings_of(content: Any) -> StudySettings:
    """What a study.yaml says, from its words."""
    return frozen(
        StudySettings,
        content,
        arm=frozen(Arm, content.get("arm")),
        arms=tuple(frozen(Arm, words) for words in content.get("arms", [])),
        levels={name: frozen(DoseLevel, words) for name, words in content.get("levels", {}).items()},
        treatments={role: frozen(Treatment, words) for role, words in content.get("treatments", {}).items()},
        periods=tuple(frozen(Period, words) for words in content.get("periods", [])),
        elements=elements_of(content.get("elements", [])),
        trial_summary=summary_of(content.get("trial_summary", {})),
        headline=tuple(frozen(Headline, words) for words in content.get("headline", [])),
    )


@dataclass(frozen=True)
class SiteWords:
    """What sites.yaml says: form of adverse events, FORM.FIELD and value of serious ones, checks of missing forms.

    country: of a site (ISO 3166 alpha-3), by its number.
    """

    adverse_events: str = ""
    serious: str = ""
    serious_value: str = "Y"
    missing_forms: tuple[str, ...] = ()
    country: Mapping[str, str] = field(default_factory=dict)


def load_site_words(folder: Path) -> SiteWords:
    """What a study's sites.yaml says, if it has one. Raises TrialError with file, line and column."""
    path = folder / "sites.yaml"
    return frozen(SiteWords, shapes.load(path, shapes.SITES) if path.exists() else {})
