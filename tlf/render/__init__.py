"""From a page and its body to files: every format in one call. matplotlib is loaded only for figures."""

from __future__ import annotations

from tlf.model import Figure, Page, Table


def files(page: Page, body: Table | Figure) -> dict[str, bytes]:
    """The content of each file of an output by extension: rtf, html and txt; for a figure also png, svg and pdf."""
    from tlf.render import html, rtf, text

    pictures: dict[str, bytes] = {}
    if isinstance(body, Figure):
        from tlf.render import figures

        pictures = figures.render(page, body)
    return {
        "rtf": rtf.render(page, body, pictures).encode("ascii"),
        "html": html.render(page, body, pictures).encode("utf-8"),
        "txt": text.render(page, body).encode("utf-8"),
        **pictures,
    }
