"""study.yaml as a frozen value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.ground.metadata import Arm, Headline, StudySettings, Treatment
from pipeline.study import shapes
from pipeline.study.frozen import frozen


def load_settings(path: Path) -> StudySettings:
    """What a study.yaml says. Raises TrialError with file, line and column."""
    return settings_of(shapes.load(path, shapes.STUDY))


def settings_of(content: Any) -> StudySettings:
    """What a study.yaml says, from its words."""
    return frozen(
        StudySettings,
        content,
        arm=frozen(Arm, content.get("arm")),
        treatments={role: frozen(Treatment, words) for role, words in content.get("treatments", {}).items()},
        headline=tuple(frozen(Headline, words) for words in content.get("headline", [])),
    )
