"""`trial pool`: studies that are not built are built, and all of them stacked, through the same graph to the pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.publish.build import Request, builds_of
from pipeline.publish.build import run as build
from pipeline.publish.pool import is_built
from pipeline.study.pool import JOINED
from pipeline.study.specs import find_root, load_specs


def run(studies: tuple[str, ...], request: Request) -> int:
    """Build what is not built of these studies, and their pool; the exit code. Raises TrialError."""
    if len(studies) < 2:
        raise TrialError("A pool is of two studies or more.", " ".join(studies), "say: trial pool my_trial other_trial")
    root = find_root(Path(request.root) if request.root else None)
    name, home = JOINED.join(studies), builds_of(request, root)
    load_specs(root, name)
    for study in [study for study in studies if not is_built(home / study)]:
        code = build(Request(study, root=request.root, out=str(home / study), quiet=request.quiet))
        if code:
            return code
    return build(replace(request, study=name))
