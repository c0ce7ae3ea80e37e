"""The forms whose records a mapping sheet brings values over from, by its sources and conditions `FORM.FIELD`."""

from __future__ import annotations

from pipeline.ground.linked_fields import named_elsewhere
from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import Specs

TOLD_IN = ("source", "where", "field")


def linked_forms(specs: Specs, domain: str) -> list[str]:
    """The forms that the sheet of a domain and its table of tests name beside their own, in order."""
    known = {form: {n for name in (*one.fields, *one.carried) for n in (name, f"{name}_STD")}
             for form, one in specs.contracts.items()}  # fmt: skip
    sheets = [load_sheet(path) for path in (specs.mappings.get(domain), specs.tests.get(domain)) if path]
    texts = [cell for sheet in sheets for _, cells in sheet.rows
             for name, cell in zip(sheet.header, cells, strict=True) if name in TOLD_IN]  # fmt: skip
    return list(dict.fromkeys(word.partition(".")[0] for word in named_elsewhere(texts, known)))
