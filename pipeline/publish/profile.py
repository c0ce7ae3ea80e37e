"""The pages of subjects: what profile.yaml asks for, found in what a build has made, with the findings open on each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from pipeline.engine.core import handed
from pipeline.engine.node import DATA
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import text_of
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.publish.findings_made import NOTHING, Looked
from pipeline.publish.pages import page_foot, stage
from pipeline.study.profile import PROFILE

if TYPE_CHECKING:
    import pandas as pd

    from tlf.profile.page import Query, SetFlag, SubjectPage
    from tlf.profile.spec import ProfileSpec

SUBJECTS = "adsl"
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
OF_RECORDS = ("USUBJID", "ASEQ", "SRCDOM", "SRCSEQ")  # with --SEQ: whose they are, and where they come from


def has_pages(build: Build) -> bool:
    """Whether the study has pages of subjects: a pool has none of its own."""
    return PROFILE in build.specs.inputs and not build.specs.study.pooled


def asked(build: Build) -> ProfileSpec:
    """What the pages show. Raises TrialError for what has no subjects of its own."""
    if not has_pages(build):
        what = f"{build.specs.name} has no pages of subjects."
        raise TrialError(what, str(build.specs.folder), "ask for a study, whose standard has a profile.yaml")
    spec: ProfileSpec = build.specs.inputs[PROFILE].value(build.specs.decisions)
    return spec


def nodes(build: Build) -> list[str]:
    """The nodes that the pages rest on; a dataset that the study has and cannot make is not among them."""
    named = [handed(name, build.graph) for name in asked(build).datasets if name in build.specs.datasets]
    return [name for name in named if name in build.graph]


def subject_pages(build: Build, looked: Looked) -> Iterator[SubjectPage]:
    """The page of every subject of ADSL, of what was made, one after the other."""
    from tlf.profile.marks import profiles
    from tlf.profile.pages import pages

    spec, there = asked(build), {name: handed(name, build.graph) for name in build.specs.datasets}
    frames = {name: _read(build, name, there[name], spec) for name in spec.datasets if there.get(name) in build.entries}
    found, first = profiles(spec, frames), build.specs.study.infusion_day
    return pages(spec, found, frames[SUBJECTS], _sets(build), first, _queries(build, looked))


def _read(build: Build, name: str, node: str, spec: ProfileSpec) -> pd.DataFrame:
    """A dataset with the variables that the pages can show: named in what they are asked, or that tell a source.

    ADSL whole: a clause on any dataset may ask for a variable of it.
    """
    import pyarrow.parquet as pq

    if name == SUBJECTS:
        return build.frame(node)
    words = {*NAME.findall(text_of(spec))}
    kept = words | {f"{word}F" for word in words} | {*OF_RECORDS, f"{name[-2:].upper()}SEQ"}
    there = pq.read_schema(build.cache.vouched(node, build.entries[node], DATA)).names
    return build.read(node, DATA, [one for one in there if one in kept])


def chosen(pages: Sequence[SubjectPage], subject: str) -> list[SubjectPage]:
    """The page of the subject meant, by USUBJID or its last part; all where none is named. Raises TrialError."""
    found = [page for page in pages if not subject or subject in (page.subject, page.short)]
    found = found or [page for page in pages if page.subject.endswith(f"-{subject}")]
    if len(found) != 1 and subject:
        what = f"{len(found) or 'No'} subject{'s are' if found else ' is'} called {subject}."
        raise TrialError(what, "", did_you_mean(subject, [page.short for page in pages]))
    return found


def as_pdf(build: Build, pages: Sequence[SubjectPage], looked: Looked) -> bytes:
    """The pages as one PDF, each with what it was made from."""
    from tlf.profile.colours import colours
    from tlf.render.profile.sheet import Around, render

    study = build.specs.study
    names = pages[0].short if len(pages) == 1 else f"{len(pages)} subjects"
    foot = page_foot(build, stage(study, looked.status.whole))
    around = Around(study.paper, f"{study.study}: profile of {names}", foot, looked.scope != NOTHING)
    return render(pages, colours(asked(build)), around)


def _sets(build: Build) -> list[SetFlag]:
    from tlf.profile.page import SetFlag

    names = build.specs.datasets[SUBJECTS].names
    return [SetFlag(one.label, one.flag, one.reason) for one in build.specs.declared.sets if one.flag in names]


def _queries(build: Build, looked: Looked) -> Mapping[str, tuple[Query, ...]]:
    """The findings of each subject, the most severe first, by its number."""
    import pandas as pd

    from tlf.profile.page import Query

    content = build.cache.read("findings", looked.entry, "findings.csv")
    told = pd.read_csv(BytesIO(content), dtype="str", keep_default_na=False)
    found: dict[str, tuple[Query, ...]] = {}
    columns = (told[name] for name in ("subject", "severity", "check", "form", "record", "field", "message"))
    for subject, severity, check, form, record, field, message in zip(*columns, strict=True):
        place = " ".join(filter(None, (".".join(filter(None, (form, field))), record)))
        found[subject] = (*found.get(subject, ()), Query(severity, check, place, message))
    return found
