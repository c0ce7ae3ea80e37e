"""The page of each subject as data, by the subject's address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pipeline.engine.core import handed
from pipeline.engine.runner import Build
from pipeline.publish.findings_made import Looked
from pipeline.publish.profile import SUBJECTS, asked, has_pages, subject_pages
from pipeline.review.script import Facts, addresses

if TYPE_CHECKING:
    from tlf.profile.page import SubjectPage


def subjects(build: Build, looked: Looked) -> Iterator[tuple[str, Facts]]:
    """What the page of each subject shows, by address; of a study without pages nothing."""
    from tlf.profile.colours import colours

    if not has_pages(build):
        return
    at, scales = addresses(build.frame(handed(SUBJECTS, build.graph))), colours(asked(build))
    for page in subject_pages(build, looked):
        yield at[page.subject], as_data(page, scales)


def as_data(page: SubjectPage, scales: Mapping[str, Mapping[str, str]]) -> Facts:
    """A page with the colours of its scales, as the site's scripts read it."""
    told: Facts = {**_plain(page), "scales": _plain(scales)}
    return told


def _plain(told: Any) -> Any:
    """Values as the site's scripts read them: named values as such, and none that is missing or empty."""
    if isinstance(told, str | int):
        return told
    if hasattr(told, "_asdict"):
        told = told._asdict()
    elif is_dataclass(told):
        told = {one.name: getattr(told, one.name) for one in fields(told)}
    if isinstance(told, Mapping):
        return {word: _plain(one) for word, one in told.items() if one is not None and one != ""}
    if isinstance(told, list | tuple):
        return [_plain(one) for one in told]
    return int(told) if isinstance(told, float) and told.is_integer() else told
