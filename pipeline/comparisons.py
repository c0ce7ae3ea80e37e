"""Commands that hold a build against something: another build, the rules of the guides, a second derivation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.options import OUT, ROOT, STUDY, json_too, named_study


@click.command()
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@STUDY
@click.option("--tolerance", default="", help="How far numbers may be apart, as a part of the larger (default: 1e-9).")
@click.option("--only", multiple=True, help="Only this dataset; may be said several times.")
@click.option("--day", default="", help="The day on which acceptances are judged (default: the data cut).")
@click.option("--out", default="", help="Write compare.html and the differences as CSV to this folder too.")
@ROOT
@json_too
def compare(old: str, new: str, root: str, **asked: Any) -> None:
    """Say what differs between two builds, or between a build and datasets made elsewhere.

    OLD and NEW are folders of products, folders of datasets (XPT, Dataset-JSON, Parquet, SAS7BDAT, CSV), or one file.
    Ends with 0 where nothing differs or all differences are accepted (accepted_differences.csv), 1 where some are
    open, 2 where there is nothing to compare.

    \b
    Examples:  trial compare /archive/june/my_trial output/my_trial
               trial compare /data/adam_of_the_cro output/my_trial --only adsl --out /tmp/compare
    """
    from pipeline.against.command import CompareRequest, run
    from pipeline.publish.build import primary_study
    from pipeline.study.specs import find_root

    home = find_root(Path(root) if root else None)
    sys.exit(run(CompareRequest(old, new, **asked), home, primary_study(home)))


@click.command()
@click.argument("folder", default="", type=click.Path())
@STUDY
@click.option("--core", is_flag=True, help="By the CDISC CORE engine too, where it is installed.")
@click.option("--engine", default="", help="The program of CORE (default: core on the path); means --core.")
@click.option("--all", "everything", is_flag=True, help="Rules without issues too.")
@click.option("--save", default="", type=click.Path(), help="Write conform.csv and conform.html to this folder too.")
@OUT
@ROOT
@json_too
def conform(folder: str, study: str, out: str, root: str, **asked: Any) -> None:
    """Hold SDTM and ADaM to the rules of their guides: those of a finished build, or of FOLDER (XPT, JSON, Parquet …).

    Each rule with its issues, the first records, and what conformance_notes.csv explains of them. Ends with 0 where
    every issue is explained, 1 where not.

    \b
    Examples:  trial conform
               trial conform /data/from_the_cro --study my_trial --core
    """
    from pipeline.conform.command import ConformRequest, run
    from pipeline.publish.build import Request, place

    specs, products = place(Request(study, out=out, root=root))
    sys.exit(run(ConformRequest(**asked), specs, Path(folder) if folder else products))


@click.command()
@named_study
@click.option("--save", default="", type=click.Path(), help="Folder of the report (default: OUT/verify).")
@OUT
@ROOT
@json_too
def verify(study: str, out: str, root: str, save: str) -> None:
    """Derive the endpoints of STUDY a second time, from the SDTM of its finished build, and compare.

    Independent SQL, written from the analysis plan, against ADaM subject by subject and against the printed numbers.
    What a study lacks or defines itself is said. Ends with 0 where all agrees or is accepted
    (accepted_differences.csv), 1 where a difference is open.

    \b
    Examples:  trial verify
               trial verify my_trial --out /archive/june/my_trial
    """
    from pipeline.publish.build import Request, place
    from pipeline.verify.command import run

    specs, products = place(Request(study, out=out, root=root))
    sys.exit(run(specs, products, Path(save) if save else None))


COMMANDS = (compare, conform, verify)
