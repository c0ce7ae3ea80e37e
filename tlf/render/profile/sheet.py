"""Pages of subjects as one PDF by typst: fonts of the project's own, embedded; the same bytes on every run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tlf.model import PAPERS
from tlf.profile.page import PageTable, SubjectPage
from tlf.render.metrics import arial
from tlf.render.pdf import POINT, Given
from tlf.render.profile.picture import pictures
from tlf.render.typefaces import EAST_ASIAN, FONTS, TYPEFACE

TEMPLATE = Path(__file__).parent / "profile.typ"
MARGIN, FOOT, HEAD = 36.0, 40.0, 46.0  # points
TOLD, WIDEST = 6.8, 150.0  # size of a table's texts, and its first column at most
KEY = (
    "A bar covers its days, the last included; dashed: days that a partial date leaves open, or an end that nobody "
    "recorded; arrow: ongoing. The axis changes its scale at //. Red dashes: threshold; shaded: reference range; "
    "hollow: below the limit of quantification (LLOQ)."
)
NONE_OPEN, NOT_LOOKED = "None.", "The checks of the extract were not run; open findings are not listed."


@dataclass(frozen=True)
class Around:
    """What stands around all pages: paper, document title, foot, and whether the findings were looked for."""

    paper: str
    title: str
    foot: str
    looked: bool


def render(pages: Sequence[SubjectPage], scales: Mapping[str, Mapping[str, str]], around: Around) -> bytes:
    """The pages as one PDF. Raises ValueError when there is none."""
    import typst

    if not pages:
        raise ValueError("a document needs a page")
    high, wide = (side / POINT for side in sorted(PAPERS[around.paper], reverse=True))
    width = wide - 2 * MARGIN
    room = high - MARGIN - FOOT - HEAD - 20
    told: list[Given] = [_page(one, pictures(one, width, room, {name: dict(own) for name, own in scales.items()}))
                         for one in pages]  # fmt: skip
    data = {
        "title": around.title, "foot": around.foot, "fonts": [TYPEFACE, EAST_ASIAN], "paper": [wide, high],
        "margin": MARGIN, "width": width, "key": KEY, "nothing": NONE_OPEN if around.looked else NOT_LOOKED,
        "pages": told,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return typst.compile(TEMPLATE, root=TEMPLATE.parent, font_paths=[FONTS], ignore_system_fonts=True,
                         sys_inputs={"data": text})  # fmt: skip


def _page(page: SubjectPage, drawn: list[str]) -> dict[str, Given]:
    """A page as typst is given it."""
    day0 = [(f"Day {page.first}", f"{page.day0}, {page.origin}")] if page.origin else []
    return {
        "short": page.short, "head": [*page.head, *day0], "pictures": drawn, "sets": page.sets, "undated": page.undated,
        "alt": f"Time line and charts of subject {page.short}",
        "tables": [_table(one) for one in page.tables],
        "queries": [(one.severity, one.check, one.place, one.message) for one in page.queries],
    }  # fmt: skip


def _table(table: PageTable) -> dict[str, Given]:
    """A table; the first column of one with days across gets the width of its words, which typst would break."""
    words = [row[0] for row in table.rows] if not table.sources else []
    wide = min(max((arial(one, TOLD) for one in words), default=0.0) + 8, WIDEST) if words else 0.0
    return {"label": table.label, "heads": table.heads, "rows": table.rows, "wide": wide}
