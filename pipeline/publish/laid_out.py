"""An output laid out: from its results and what is said around them, and from nothing else.

So what stands in `Wording`, the results and the code named by `code` are all that its pages can rest on, and by these
alone a page is known again (`pipeline/publish/pages.py`).
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pipeline.engine.store import Content, file_hash
from pipeline.ground import source
from pipeline.publish.printed import FIRST, LAID, PRINTED, first_of_each
from tlf.abbreviations import Abbreviation, spelt_out
from tlf.model import Figure, Page, Table
from tlf.shells import Shell

if TYPE_CHECKING:
    import pandas as pd

Body: TypeAlias = "Table | Figure"


@dataclass(frozen=True)
class Wording:
    """What is said around the results of an output: its shell, the words around its body, and what words mean.

    `names` are labels by value of what reads as a name (race), `known` the abbreviations that a page spells out.
    """

    shell: Shell
    page: Page
    names: tuple[tuple[str, str], ...] = ()
    known: tuple[Abbreviation, ...] = ()


def laid_out(name: str, said: Wording, results: pd.DataFrame) -> tuple[Page, Body, dict[str, Content]]:
    """An output's page and body, and its files by name.

    They are each format, what the document of all outputs tells of it, and the text in which each result was printed.
    """
    from tlf.contents import labels
    from tlf.shell import heard

    with heard() as printed:
        body = body_of(said, results)
    page = page_around(said, body, results)
    made = importlib.import_module("tlf.render").rendered(page, body, f"{name}.pdf")
    files = {f"{name}{end}": content for end, content in made.files.items()}
    files |= {f"{name}{FIRST}": made.first} if made.first else {}
    laid = json.dumps({"labels": labels(body), "volumes": made.volumes}, ensure_ascii=False)
    return page, body, {**files, f"{name}{LAID}": laid, f"{name}{PRINTED}": first_of_each(printed, results)}


def body_of(said: Wording, results: pd.DataFrame) -> Body:
    """The table or figure of an output; values in capitals read as words."""
    from tlf.families import family_of, page
    from tlf.in_words import worded

    known = {one.short for one in said.known}
    return page(family_of(said.shell), worded(said.shell, results, dict(said.names), known), results)


def page_around(said: Wording, body: Body, results: pd.DataFrame) -> Page:
    """The page of an output: the abbreviations that stand on it spelt out, and what no typeface has told."""
    page = spelt_out(said.page, body, said.known)
    return replace(page, footnotes=(*page.footnotes, *_undrawn(results)))


def _undrawn(results: pd.DataFrame) -> Sequence[str]:
    """A note of the characters of an output that the typefaces do not have."""
    from tlf.render.typefaces import undrawn

    signs = undrawn([*results["ROWID"].unique(), *results["VALUEC"].unique(), *results["LEVEL"].unique()])
    told = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
    return [f"Characters that no typeface here has, and that PDF and figures cannot draw: {told}."] if signs else []


def code(family: str) -> list[str]:
    """The hashes of all that lays out the outputs of a family."""
    return [source.code_hash(f"tlf.templates.{family}"), source.code_hash(__name__), *render_code()]


@cache
def render_code() -> list[str]:
    """The hashes of all that lays out pages: modules, and the template of typst."""
    home = source.CODE / "tlf" / "render"
    modules = sorted(".".join(path.relative_to(source.CODE).with_suffix("").parts) for path in home.rglob("*.py"))
    return [*(source.code_hash(module) for module in modules), file_hash(home / "pages.typ")]
