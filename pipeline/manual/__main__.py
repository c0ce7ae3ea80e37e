"""`make docs-specs`: write the pages and schemas of the manual anew."""

from __future__ import annotations

import click

from pipeline.manual.pages import write
from pipeline.study.specs import find_root

if __name__ == "__main__":
    root = find_root()
    for path in write(root):
        click.echo(f"written  {path.relative_to(root)}")
