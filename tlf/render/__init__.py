"""From a page and its body to files: every format in one call. matplotlib draws figures alone."""

from __future__ import annotations

from tlf.model import Figure, Page, Table


def files(page: Page, body: Table | Figure) -> dict[str, bytes]:
    """The content of each file of an output by extension: rtf, html, txt and pdf; for a figure also png and svg."""
    return files_and_first(page, body)[0]


def files_and_first(page: Page, body: Table | Figure, file: str = "") -> tuple[dict[str, bytes], bytes]:
    """The files of an output, and of a long one the first page as PDF, which names the `file` that has all."""
    from tlf.render import html, pdf, rtf, sheets, text

    pictures: dict[str, bytes] = {}
    name = " ".join((page.number, *page.titles))
    laid = sheets.sheets(page, body) if isinstance(body, Table) else []
    if isinstance(body, Figure):
        from tlf.render import figures

        pictures = figures.render(page, body)
    one = pdf.LaidOutput(page, body, pictures.get("svg", b""), laid=laid)
    made = {
        "rtf": rtf.render(page, body, pictures, laid).encode("ascii"),
        "html": html.render(page, body, pictures).encode("utf-8"),
        "txt": text.render(page, body).encode("utf-8"),
        "pdf": pdf.render(one, name),
        **pictures,
    }
    return made, pdf.first_of(one, name, file)
