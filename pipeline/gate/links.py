"""Numbers that point to no record of the form they belong to: asked at the gate, by links.csv."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.ground.queries import for_rows, gather
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.links import FROM, Link, links_of, pairs, pointers

OPTIONAL = "optional"  # said under `partner`


def link_findings(raw: Mapping[str, pd.DataFrame], specs: Specs) -> pd.DataFrame:
    """One finding per record that points to a record which is not there (RAW-LINK), of links that need one."""
    needed = [link for table in _tables(specs) for link in links_of(_needed(table))]
    return gather([_pointing_to_nothing(link, raw) for link in needed if all(form in raw for form in link.forms)])


def links_asked(specs: Specs) -> list[Link]:
    """All links of a study."""
    return [link for table in _tables(specs) for link in links_of(table)]


def _tables(specs: Specs) -> list[pd.DataFrame]:
    return [load_table(path) for path in specs.table_files("links")] if "links" in specs.tables else []


def _needed(table: pd.DataFrame) -> pd.DataFrame:
    """The links of a table but those whose records may stand alone."""
    return table[table["partner"] != OPTIONAL] if "partner" in table else table


def _pointing_to_nothing(link: Link, raw: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    records = raw[link.form]
    if not set(link.keys) <= set(records) or not set(link.to_keys) <= set(raw[link.to_form]):
        return gather([])
    pointing = pointers(link, records)
    met = pairs(link, raw, by_key=True)
    lost = pointing.merge(met, on=[FROM, "_key"], how="left", indicator=True)
    lost = lost[lost["_merge"] == "left_only"]
    rows = records.loc[lost[FROM]].reset_index(drop=True)
    fields = " and ".join(link.keys)
    among = f" with {link.to_where}" if link.to_where else ""
    told = f"{link.to_form}{among}".replace("{", "{{").replace("}", "}}")
    message = f"{fields} {{value}} points to no record of {told} of this subject. "
    message += "Please correct it, or enter the record."
    shown = lost["_key"].str.replace("\t", ", ").reset_index(drop=True)
    return for_rows(rows, "RAW-LINK", "major", link.keys[0], message, shown)
