"""Datasets: XPT, Dataset-JSON and define say the same of names, order, labels, lengths, records and values."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

import pandas as pd
import pyreadstat
from lxml import etree

from pipeline.ground.metadata import DatasetSpec
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.define.check import NAMES, differences
from pipeline.publish.export.define.command import counted_in
from pipeline.publish.export.oids import study_oid
from pipeline.publish.submission.layout import DEFINE, HELD_OTHERWISE
from pipeline.publish.submission.selfcheck.laid import LAYERS, Defect, Laid
from pipeline.readers.xport import MEMBER, members
from pipeline.study.csv_text import load_table

EPOCH = pd.Timestamp("1960-01-01")
WORDS = ("name", "itemGroupOID", "studyOID", "records", "metaDataRef")
CARD, SUPP = 80, "SUPP"
GOES_ON = re.compile(r"\b[A-Z]{2,6}\d\b")


@dataclass(frozen=True)
class JsonHead:
    """What a Dataset-JSON says of itself: dataset, its identifier, that of its study, records, and its define."""

    name: str
    group: str
    study: str
    records: str
    define: str


@dataclass(frozen=True)
class AsDefined:
    """A dataset as a define describes it: names and labels of variables in order, lengths of texts."""

    names: list[str]
    labels: list[str]
    lengths: dict[str, int]
    oid: str


def look(laid: Laid) -> Iterator[Defect]:
    """What is wrong with the datasets."""
    otherwise = _otherwise(laid)
    for layer in LAYERS:
        if layer not in laid.defines:
            continue
        described = dict(_described(laid.defines[layer]))
        frames: dict[str, pd.DataFrame] = {}
        for name, told in described.items():
            path = f"{laid.layout.of_layer(layer)}/{name.lower()}"
            found = yield from _transport(laid, f"{path}.xpt", name, told)
            if found is not None:
                frames[name] = found
                yield from _json(laid, f"{path}.json", name, told, found, otherwise)
        yield from _as_defined(laid, layer, frames)


def _described(root: etree._Element) -> Iterator[tuple[str, AsDefined]]:
    items = {each.get("OID"): each for each in root.iterfind(".//odm:ItemDef", NAMES)}
    for group in root.iterfind(".//odm:ItemGroupDef", NAMES):
        told = [items[r.get("ItemOID")] for r in group.iterfind("odm:ItemRef", NAMES) if r.get("ItemOID") in items]
        names = [str(item.get("Name")) for item in told]
        labels = [item.findtext("odm:Description/odm:TranslatedText", "", NAMES) for item in told]
        sized = [item for item in told if item.get("DataType") == "text" and item.get("Length")]
        lengths = {str(item.get("Name")): int(item.get("Length")) for item in sized}
        yield str(group.get("Name")), AsDefined(names, labels, lengths, str(group.get("OID")))


def _transport(laid: Laid, path: str, name: str, told: AsDefined) -> Iterator[Defect] | Any:
    """The records of a transport file, None where it cannot be read; what of it is not as described."""
    content = laid.content(path)
    if not content:
        return None
    if len(content) % CARD or not MEMBER.search(content[: 8 * CARD]) or len(members(content)) != 1:
        yield Defect(path, "is no transport file of version 5 with one dataset in whole cards of 80 bytes.")
        return None
    try:
        signs = laid.told.get("encoding", "ascii")
        frame, meta = pyreadstat.read_xport(
            io.BytesIO(content), disable_datetime_conversion=True, encoding=None if signs == "ascii" else signs.upper()
        )
    except Exception as error:
        yield Defect(path, f"cannot be read: {error}")
        return None
    held = members(content)[0].name
    if held != name:
        yield Defect(path, f"holds the dataset {held}, not {name}.")
    if list(frame) != told.names:
        yield Defect(path, f"has other variables or another order than the define: {_first(list(frame), told.names)}.")
        return None
    if [str(label) for label in meta.column_labels] != told.labels:
        yield Defect(
            path, f"labels differ from the define: {_first([str(label) for label in meta.column_labels], told.labels)}."
        )
    widths = {column: int(meta.variable_storage_width[column]) for column in told.lengths}
    other = [column for column, length in told.lengths.items() if widths[column] != length]
    if other:
        yield Defect(path, f"{other[0]} has {widths[other[0]]} bytes, by the define {told.lengths[other[0]]}.")
    return frame


def _first(here: list[str], there: list[str]) -> str:
    """The first place in which two lists differ, in words."""
    pairs = [(a, b) for a, b in zip([*here, *[""] * len(there)], [*there, *[""] * len(here)], strict=True) if a != b]
    return f"'{pairs[0][0]}' for '{pairs[0][1]}'"


def _json(
    laid: Laid, path: str, name: str, told: AsDefined, frame: pd.DataFrame, otherwise: pd.DataFrame
) -> Iterator[Defect]:
    content = laid.content(path)
    if not content:
        return
    try:
        said = json.loads(content)
        names = [column["name"] for column in said["columns"]]
        held = pd.DataFrame(said["rows"], columns=names)
        head = JsonHead(*(str(said.get(word, "")) for word in WORDS))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Defect(path, f"is no Dataset-JSON that can be read: {error}")
        return
    yield from _head(
        laid, path, head, JsonHead(name, told.oid, study_oid(laid.layout.study), str(len(held)), head.define)
    )
    own = otherwise[otherwise["DATASET"] == name]
    grown = {word for text in own["HOW"] for word in GOES_ON.findall(text)}
    if names != [one for one in told.names if one in names or one not in grown]:
        yield Defect(path, f"has other variables than the define: {_first(names, told.names)}.")
        return
    if len(held) > len(frame) or (len(held) < len(frame) and not name.startswith(SUPP)):
        yield Defect(path, f"has {len(held):,} records, the transport file {len(frame):,}.")
    elif len(held) == len(frame):
        yield from _values(path, held, frame, own)


def _head(laid: Laid, path: str, said: JsonHead, due: JsonHead) -> Iterator[Defect]:
    """What a Dataset-JSON says of itself."""
    for word, here, there in zip(WORDS, astuple(said), astuple(due), strict=True):
        if here != there:
            yield Defect(path, f"says {word} {here}; it is {there}.")
    if not laid.reached(path, said.define):
        yield Defect(path, f"names the define {said.define}, which is not in the package.")
    noted = laid.run.get("datasets", {}).get(due.name.lower())
    if noted and str(noted["records"]) != due.records:
        yield Defect(path, f"has {due.records} records, the run made {noted['records']}.")


def _values(path: str, held: pd.DataFrame, frame: pd.DataFrame, own: pd.DataFrame) -> Iterator[Defect]:
    """Values of the two files are the same, but for those that are listed."""
    listed = own["VARIABLE"].value_counts()
    for name in held:
        here, there = _comparable(held[name], frame[name])
        count = int((here != there).sum())
        if count > int(listed.get(name, 0)):
            what = f"{count} values of {name} are not those of the transport file, and {HELD_OTHERWISE} lists fewer."
            yield Defect(path, what)


def _comparable(held: pd.Series, stored: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Both as numbers where the transport file has numbers (dates as days or seconds), else as texts."""
    if not pd.api.types.is_numeric_dtype(stored.dtype):
        return held.fillna("").astype("str"), stored.fillna("").astype("str")
    if held.notna().any() and isinstance(held.dropna().iloc[0], str):
        moments = pd.to_datetime(held, format="ISO8601")
        seconds = held.dropna().str.contains("T").any()
        held = (moments - EPOCH) / pd.Timedelta(seconds=1 if seconds else 86400)
    numbers = pd.to_numeric(held, errors="coerce").astype("float64")
    return numbers.fillna(float("inf")), stored.astype("float64").fillna(float("inf"))


def _as_defined(laid: Laid, layer: str, frames: Mapping[str, pd.DataFrame]) -> Iterator[Defect]:
    """The values are as the define says, but for what is listed beside it."""
    folder = laid.layout.of_layer(layer)
    told = [Exported(DatasetSpec(dataset=name), _emptied(frame)) for name, frame in frames.items()]
    listed = laid.folder / laid.layout.misc / f"{layer}_differences.csv"
    known = load_table(listed).fillna("").astype("str") if listed.is_file() else pd.DataFrame()
    there = set(zip(known["DATASET"], known["VARIABLE"], known["RULE"], strict=True)) if len(known) else set()
    signs = counted_in(laid.told.get("encoding", "ascii"))
    for row in differences(laid.content(f"{folder}/{DEFINE}"), told, signs).itertuples(index=False):
        if (row.DATASET, row.VARIABLE, row.RULE) not in there and row.DATASET in frames:
            where = f"{row.DATASET} {row.VARIABLE} {row.WHERE}".strip()
            yield Defect(f"{folder}/{DEFINE}", f"{where} {row.RULE} ({row.VALUE}) in {row.RECORDS} records.")


def _emptied(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts as a dataset has them: nothing is a missing value."""
    texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    return frame.assign(**{name: frame[name].astype("str").where(frame[name].ne("")) for name in texts})


def _otherwise(laid: Laid) -> pd.DataFrame:
    """The values that transport files hold otherwise, as the package lists them."""
    path = laid.folder / laid.layout.misc / HELD_OTHERWISE
    return load_table(path).fillna("") if path.is_file() else pd.DataFrame(columns=["DATASET", "VARIABLE", "HOW"])
