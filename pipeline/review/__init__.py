"""The review site: one folder that opens in a browser, from a printed number down to the line of the delivered file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pipeline.publish.review_step import Review

if TYPE_CHECKING:
    from pipeline.engine.runner import Build
    from pipeline.engine.store import Files
    from pipeline.publish.findings_made import Looked
    from pipeline.publish.open_findings import Open
    from pipeline.publish.review_step import Folders

# What makes the site is loaded when it is made.


def _page(build: Build, name: str, status: Open, page: Any, body: Any) -> None:
    from pipeline.review import page_told

    page_told.keep(build, name, status, page, body)


def _data(build: Build, looked: Looked, named: Folders) -> Files:
    from pipeline.review import site

    return site.data(build, looked, named)


def _outputs(build: Build, looked: Looked, told: Callable[[str], bytes]) -> Files:
    from pipeline.review import site

    return site.outputs(build, looked, told)


review = Review(_page, _data, _outputs)
