"""From a page and its body to files: every format in one call. matplotlib draws figures alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tlf.model import Figure, Page, Table


def files(page: Page, body: Table | Figure) -> dict[str, bytes]:
    """The content of each file of an output by extension: rtf, html, txt and pdf; for a figure also png and svg."""
    return files_and_first(page, body)[0]


class Rendered(NamedTuple):
    """The files of an output by what their names end with; of a long one its first page as PDF; how many volumes."""

    files: dict[str, bytes]
    first: bytes
    volumes: int = 1


def rendered(page: Page, body: Table | Figure, file: str = "") -> Rendered:
    """An output laid out, a very long one volume by volume; the first page of a long one names the `file` that has all.

    "-2.pdf" ends the name of the PDF of the second volume.
    """
    from tlf.render import volumes

    parts = volumes.volumes(body) if isinstance(body, Table) else [body]
    files, firsts = dict[str, bytes](), list[bytes]()
    name = file.removesuffix(".pdf")
    beside = [f"{name}{volumes.name_of(number)}.html" for number in range(1, len(parts) + 1)]
    last = volumes.name_of(len(parts))
    all_in = f"{file} to {name}{last}.pdf" if last else file
    for number, part in enumerate(parts, start=1):
        told = volumes.told(page, part, number, len(parts)) if isinstance(part, Table) else page
        made, first = files_and_first(told, part, all_in, beside if last else [])
        files |= {f"{volumes.name_of(number)}.{suffix}": content for suffix, content in made.items()}
        firsts.append(first)
    return Rendered(files, firsts[0], len(parts))


def files_and_first(
    page: Page, body: Table | Figure, file: str = "", beside: Sequence[str] = ()
) -> tuple[dict[str, bytes], bytes]:  # fmt: skip
    """The files of an output (or of a volume of it, `beside` others), and of a long one the first page as PDF, which

    names the `file` that has all.
    """
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
        "html": html.render(page, body, pictures, beside).encode("utf-8"),
        "txt": text.render(page, body).encode("utf-8"),
        "pdf": pdf.render(one, name),
        **pictures,
    }
    return made, pdf.first_of(one, name, file)
