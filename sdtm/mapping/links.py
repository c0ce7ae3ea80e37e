"""Links between forms: which records of one form point to which of another, by numbers or by what both carry.

A link is said once (links.csv). It brings values over in mapping sheets, where a source or a condition may name
`FORM.FIELD` of a linked form, in either direction; its pairs are the record-level relations of RELREC.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.ground.dates import earliest, iso_date
from pipeline.ground.linked_fields import named_elsewhere
from sdtm.findings import of_records
from sdtm.mapping.chosen import as_numbers, coded_value, meeting

COLUMNS = ("link", "form", "keys", "to_form", "to_keys", "where", "to_where", "domains")
HIGHEST, LOWEST, FIRST, LAST = "highest", "lowest", "first", "last"
CHOICES, BY_DATE = (HIGHEST, LOWEST, FIRST, LAST), (FIRST, LAST)  # of several linked records
SEVERAL = r"\s*[;,]\s*"  # "1; 3": one record that points to several
NUMBER = re.compile(r"0*(\d+)(?:\.0+)?")
FROM, TO = "_from", "_to"
Raw = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Link:
    """Records of `form` point by `keys` to the records of `to_form` whose `to_keys` are the same, of one subject.

    `where` and `to_where` choose the records; `domains` are the SDTM domains whose records RELREC relates, of `form`
    and of `to_form`; `several` says which of several linked records counts ("highest ASTGR", "last GRDT").
    """

    name: str
    form: str
    keys: tuple[str, ...]
    to_form: str
    to_keys: tuple[str, ...]
    where: str = ""
    to_where: str = ""
    domains: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    place: str = ""

    @property
    def forms(self) -> tuple[str, str]:
        """Both ends."""
        return self.form, self.to_form


def link_of(row: Mapping[str, str], place: str = "") -> Link:
    """A row of links.csv as a value."""
    return Link(row["link"], row["form"], tuple(row["keys"].split()), row["to_form"], tuple(row["to_keys"].split()),
                row["where"], row["to_where"], tuple(row["domains"].split()), tuple(row.get("several", "").split()),
                place)  # fmt: skip


def links_of(table: pd.DataFrame) -> tuple[Link, ...]:
    """The rows of links.csv, in their order."""
    return tuple(link_of(row, "links.csv") for row in table.fillna("").to_dict("records"))


def pairs(link: Link, raw: Raw, by_key: bool = False) -> pd.DataFrame:
    """One row per pair of linked records: their index in the form (`_from`) and in the form pointed to (`_to`).

    `by_key`: one row per record and key that points to any.
    """
    pointing = pointers(link, raw[link.form])
    known = _keyed(meeting(raw[link.to_form], link.to_where, link.place), link.to_keys)
    found = pointing.merge(known.rename(columns={FROM: TO}), on=["_SUBJECT", "_key"])
    distinct = found[found[FROM] != found[TO]] if link.form == link.to_form else found
    return distinct[[FROM, "_key"] if by_key else [FROM, TO]].drop_duplicates(ignore_index=True)


def pointers(link: Link, records: pd.DataFrame) -> pd.DataFrame:
    """What the records of a form point to: their index (`_from`), subject and key, several where several are named."""
    keyed = _keyed(meeting(records, link.where, link.place), link.keys)
    if len(link.keys) > 1:
        return keyed
    split = keyed.assign(_key=keyed["_key"].str.split(SEVERAL)).explode("_key", ignore_index=True)
    return split[split["_key"] != ""].assign(_key=lambda rows: rows["_key"].map(_plain))


def _keyed(records: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    whole = records[records[list(keys)].notna().all(axis="columns")]
    parts = [whole[name].astype("str").str.strip().map(_plain) for name in keys]
    key = parts[0].str.cat(parts[1:], sep="\t") if len(parts) > 1 else parts[0]
    return pd.DataFrame({FROM: whole.index, "_SUBJECT": whole["_SUBJECT"].to_numpy(), "_key": key.to_numpy()})


def _plain(text: str) -> str:
    """A number in one spelling (03, 3.0: 3); any other text as it is."""
    number = NUMBER.fullmatch(text)
    return number[1] if number else text


def between(links: Iterable[Link], form: str, other: str) -> Link | None:
    """The link between two forms, in either direction; None where there is none."""
    return next((link for link in links if {*link.forms} == {form, other}), None)


def with_linked(
    records: pd.DataFrame, form: str, named: Collection[str], links: Iterable[Link], raw: Raw
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The records of a form with the fields `FORM.FIELD` of linked records beside them, and the findings.

    A field is missing where no record is linked; of several the one counts that the link names (`several`). Where it
    names none and they differ, the first in the order of the extract counts, which is a finding (SDTM-LINK).
    """
    links, findings = list(links), list[pd.DataFrame]()
    brought: dict[str, pd.Series] = {}
    for other in dict.fromkeys(name.partition(".")[0] for name in named):
        link = between(links, form, other)
        if link is None or other not in raw:
            continue
        of_link = pairs(link, raw)
        here, there = (FROM, TO) if link.form == form else (TO, FROM)
        fields = [name.partition(".")[2] for name in named if name.partition(".")[0] == other]
        values = raw[other][fields].reindex(of_link[there]).set_axis(of_link[here])
        chosen = link.several if link.form == other or len(set(link.forms)) == 1 else ()
        order = [_rank(raw[other], chosen).reindex(of_link[there]), raw[other]["_LINE"].reindex(of_link[there])]
        values = values.assign(_rank=order[0].to_numpy(), _line=order[1].to_numpy()).sort_values(["_rank", "_line"])
        first = values.groupby(level=0).head(1)[fields] if chosen else values.groupby(level=0)[fields].first()
        brought |= {f"{other}.{name}": first[name].reindex(records.index).astype("str") for name in fields}
        findings += [] if chosen else _unclear(records, values, fields, other)
    return records.assign(**brought), findings


def _rank(records: pd.DataFrame, chosen: tuple[str, ...]) -> pd.Series:
    """The order in which linked records are taken: by a number (highest, lowest) or a date (first, last), else alike.

    A record without the value comes after all that have it.
    """
    if not chosen:
        return pd.Series(0.0, index=records.index)
    which, name = chosen
    if which in BY_DATE:
        days = earliest(iso_date(records[name]))
        value = (days - pd.Timestamp("1900-01-01")).dt.days.astype("float64")
    else:
        value = as_numbers(coded_value(records, name))
    return -value if which in (HIGHEST, LAST) else value


def _unclear(records: pd.DataFrame, values: pd.DataFrame, fields: list[str], other: str) -> list[pd.DataFrame]:
    """Records that several linked ones tell different values of a field."""
    kinds, found = values.groupby(level=0)[fields].nunique(), []
    for name in fields:
        many = kinds.index[kinds[name] > 1]
        if len(many) and not name.endswith("_STD"):
            said = values[name].dropna().groupby(level=0).unique().reindex(many).map("; ".join)
            message = f"Several records of {other} belong to this one and differ in {name} ({{value}}); "
            message += "the first is used."
            found.append(of_records(records.loc[many], "SDTM-LINK", "major", f"{other}.{name}", said, message))
    return found


def with_all_linked(
    raw: Raw, tables: Iterable[pd.DataFrame], links: Collection[Link]
) -> tuple[dict[str, pd.DataFrame], list[pd.DataFrame]]:
    """The raw forms, each with the fields of linked forms that the rows of these tables name; and the findings."""
    texts: dict[str, list[str]] = {}
    for table in tables:
        for row in table.fillna("").to_dict("records"):
            texts.setdefault(row["form"], []).extend(str(row.get(name, "")) for name in ("source", "where", "field"))
    columns = {form: set(records.columns) for form, records in raw.items()}
    found, findings = dict(raw), list[pd.DataFrame]()
    for form in [form for form in texts if form in raw and links]:
        named = named_elsewhere(texts[form], columns)
        whole = [name for word in named for name in (word, f"{word}_STD") if _has(columns, name)]
        found[form], part = with_linked(raw[form], form, dict.fromkeys(whole), links, raw)
        findings += part
    return found, findings


def _has(columns: Mapping[str, set[str]], word: str) -> bool:
    form, _, name = word.partition(".")
    return name in columns.get(form, ())
