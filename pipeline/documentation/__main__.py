"""`make docs`: the site of the documentation in docs/site, or in the folder that is named."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli import trial
from pipeline.documentation.parts import SiteSources
from pipeline.documentation.pictures import built, pictures
from pipeline.documentation.site import SITE, build
from pipeline.ground.faults import FaultError
from pipeline.ground.source import CODE
from pipeline.study.specs import primary_study

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else CODE / SITE
    try:
        example = built(CODE, primary_study(CODE))
        made = build(SiteSources(CODE, example.specs, trial, dict(pictures(example))), target.resolve())
    except FaultError as error:
        raise SystemExit(error.text()) from error
    click.echo(f"Documentation  {made}")
