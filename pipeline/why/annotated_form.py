"""The annotated CRF as one HTML page: beside each field where its values went (`trial coverage --page FILE`)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import pandas as pd

from pipeline.engine.coverage import in_short

BY, NONE, UNSENT = " by ", "no values", "Not submitted"
HEAD = ("Field", "Question", "Values", "In SDTM")
STYLE = """
body { margin: 0; background: #f5f6f8; color: #1c2530; font: 14px/1.45 Arial, "Liberation Sans", sans-serif; }
header { padding: 1.1rem 1.6rem .8rem; background: #24435f; color: #fff; }
header h1 { margin: 0; font-size: 1.35rem; }
header p { margin: .25rem 0 0; color: #dbe6f0; }
main { padding: 1rem 1.6rem 3rem; max-width: 75rem; }
nav a { color: #1f5b94; margin-right: .9rem; white-space: nowrap; }
h2 { font-size: 1.02rem; margin: 1.6rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; background: #fff; }
th, td { border-bottom: 1px solid #dfe3e8; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { color: #5d6773; border-bottom-color: #c4cad1; }
td:nth-child(1) { width: 9rem; } td:nth-child(2) { width: 24rem; }
td:nth-child(3), th:nth-child(3) { text-align: right; width: 5rem; }
span { display: inline-block; border: 1px solid #1f5b94; border-radius: 3px; padding: 0 .35rem;
  margin: 0 .3rem .2rem 0; }
i { color: #5d6773; } b { color: #b3261e; }
@media print { nav { display: none; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""


def page(study: str, found: pd.DataFrame) -> str:
    """The page as text, of the table of coverage: a table per form, one line per field. It loads and runs nothing."""
    forms = [(str(form), fields) for form, fields in found.groupby("FORM", sort=False)]
    links = "\n".join(f'<a href="#{escape(form)}">{escape(form)}</a>' for form, _ in forms)
    tables = "\n".join(part for form, fields in forms for part in _form(form, fields))
    title = f"Annotated CRF: {escape(study)}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1><p>{escape(in_short(found))}</p></header>\n"
        f"<main>\n<nav>\n{links}\n</nav>\n{tables}\n</main>\n</body>\n</html>\n"
    )


def _form(form: str, fields: pd.DataFrame) -> Iterator[str]:
    """A form with its domains and the lines of its fields."""
    domains = dict.fromkeys(target.split(".")[0] for went in fields["WENT_TO"] for target, _ in _ways(went))
    yield f'<h2 id="{escape(form)}">{escape(form)} <i>{escape(", ".join(domains))}</i></h2>'
    yield f"<table><thead><tr>{''.join(f'<th>{name}</th>' for name in HEAD)}</tr></thead><tbody>"
    for field in fields.itertuples():
        cells = (escape(str(field.FIELD)), escape(_text(field.LABEL)), f"{field.VALUES:,}", _annotation(field))
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</tbody></table>"


def _annotation(field: Any) -> str:
    """Where the values of a field went, how many of them did not, and why."""
    told = [f'<span title="{escape(rule)}">{escape(target)}</span>' for target, rule in _ways(field.WENT_TO)]
    told += [f"<i>{UNSENT}: {escape(_text(field.REASON))}</i>"] if _text(field.REASON) else []
    told += [f"<i>{field.LEFT_OUT:,} left out, with a finding</i>"] if field.LEFT_OUT else []
    told += [f"<b>{field.NOWHERE:,} nowhere</b>"] if field.NOWHERE else []
    return " ".join(told) or f"<i>{NONE}</i>"


def _ways(went: object) -> list[tuple[str, str]]:
    """Targets with their rules, as coverage.csv has them ("AE.AETERM by assign; ...")."""
    return [(way.partition(BY)[0], way.partition(BY)[2]) for way in _text(went).split("; ") if way]


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
