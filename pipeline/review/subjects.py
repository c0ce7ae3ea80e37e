"""The page of each subject as data, by the subject's address."""

from __future__ import annotations

from pipeline.engine.runner import Build
from pipeline.publish.findings_made import Looked
from pipeline.review.script import Facts


def subjects(build: Build, looked: Looked) -> Facts:
    """What the page of each subject shows, by address."""
    return {}
