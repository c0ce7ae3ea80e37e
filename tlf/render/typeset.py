"""The door to typst: a template and its data as PDF, or what the template tells of itself; always the same bytes.

Every text reaches typst as data and is set as it stands, never read as markup; fonts are the project's own.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tlf.render.typefaces import EAST_ASIAN, FONTS, TYPEFACE

if TYPE_CHECKING:
    import typst

Given: TypeAlias = "str | int | float | bool | list[Given] | dict[str, Given]"  # what a template is given


@cache
def fonts() -> typst.Fonts:
    """The project's own typefaces and those that typst brings, found once."""
    from typst import Fonts

    return Fonts(include_system_fonts=False, font_paths=[FONTS])


def typeset(template: Path, data: dict[str, Given]) -> bytes:
    """The template with its data (`sys.inputs.data`, JSON with the names of the fonts) as PDF."""
    import typst

    return typst.compile(template, root=template.parent, font_paths=fonts(), ignore_system_fonts=True,
                         sys_inputs=_inputs(data))  # fmt: skip


def noted(template: Path, data: dict[str, Given], label: str) -> list[dict[str, str | int]]:
    """What the template notes under a label while it is set (pages of what it sets)."""
    from typst import query

    told = query(template, f"<{label}>", field="value", root=template.parent, font_paths=fonts(),
                 ignore_system_fonts=True, sys_inputs=_inputs(data))  # fmt: skip
    found: list[dict[str, str | int]] = json.loads(told)
    return found


def _inputs(data: dict[str, Given]) -> dict[str, str]:
    fonts: list[Given] = [TYPEFACE, EAST_ASIAN]
    return {"data": json.dumps(data | {"fonts": fonts}, ensure_ascii=False, sort_keys=True)}
