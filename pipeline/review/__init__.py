"""The review site: one folder that opens in a browser, from a printed number down to the line of the delivered file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.engine.runner import Build
    from pipeline.publish.findings_made import Looked
    from pipeline.publish.review_step import Folders


def review(build: Build, looked: Looked, named: Folders) -> Mapping[str, bytes]:
    """The files of the site, by their path in it; what makes them is loaded when they are made."""
    from pipeline.review import site

    return site.files(build, looked, named)
