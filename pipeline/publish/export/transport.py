"""Datasets as SAS transport files can carry them: signs, lengths, names, numbers; what they cannot is listed.

Nothing is cut or left out in silence. A dataset with a value that cannot be written is not written at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.export.dataset import LISTED, Exported
from pipeline.publish.export.ibm import carried
from pipeline.publish.export.letters import writable
from pipeline.publish.export.long_text import LABEL, LONGEST, in_parts
from pipeline.publish.export.xport import StoredColumn

NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
EPOCH = pd.Timestamp("1960-01-01")
SPELT, NO_SIGNS = "spelt in the signs of the file", "not written: the file has no signs for it"
TRANSLATED, ASCII = "translated (translations.csv)", "ascii"
NO_NUMBER = "not written: a transport file has no such number"
FORMATS = {"date": "DATE9.", "datetime": "DATETIME20."}
SECOND = pd.Timedelta(seconds=1)


@dataclass(frozen=True)
class Transportable:
    """What transport files hold: the datasets by name, those that cannot be written, and the list of values."""

    datasets: Mapping[str, Exported]
    refused: frozenset[str]
    listing: pd.DataFrame


def carry(
    datasets: Mapping[str, Exported], model: DatasetSpec, encoding: str, english: Mapping[str, str]
) -> Transportable:
    """The datasets as transport files of this encoding carry them. Raises TrialError for a name or label that cannot.

    `model` is the spec of any SUPP--; `english` are translations of texts, for files in ASCII.
    """
    spelt, told = {}, []
    for name, one in datasets.items():
        _check_names(one)
        spelt[name], found = _in_signs(one, encoding, english if encoding == ASCII else {})
        told += [*found, *_numbers(one)]
    whole, long = in_parts(spelt, model, encoding)
    listing = pd.concat([pd.DataFrame(columns=list(LISTED), dtype="str"), *told, *long], ignore_index=True)
    out = {str(name) for name in listing.loc[listing["WRITTEN"].isna(), "DATASET"].unique()}
    return Transportable(whole, frozenset(name for name, one in whole.items() if one.name in out), listing)


def _check_names(one: Exported) -> None:
    """Raises TrialError for a name or a label that a transport file cannot hold."""
    for name, label in [(one.name, one.spec.label), *((v.name, v.label) for v in one.spec.variables)]:
        if not NAME.fullmatch(name):
            what = f"{one.name}: the name {name} is not of at most 8 capitals, digits and _, a letter first."
            raise TrialError(what, str(one.spec.path), "name it otherwise in the dataset's spec")
        if not label.isascii() or not 0 < len(label) <= LABEL:
            what = f"{one.name}: the label '{label}' of {name} is not of 1 to 40 signs of ASCII."
            raise TrialError(what, str(one.spec.path), "word the label otherwise in the dataset's spec")


def _in_signs(one: Exported, encoding: str, english: Mapping[str, str]) -> tuple[Exported, list[pd.DataFrame]]:
    """The dataset with its texts spelt in the signs of the file, and the list of those that are not as they were."""
    told, new = [], {}
    for name in [variable.name for variable in one.texts]:
        values = one.data[name]
        spelt = {text: english.get(text) or writable(text, encoding) for text in values.dropna().unique()}
        other = {text: plain for text, plain in spelt.items() if text != plain}
        if not other:
            continue
        at, written = values.isin(list(other)), values.map(other).astype("str")
        lost, said = at & written.isna(), values.isin(list(english))
        told += [one.told(name, at & said, written, TRANSLATED), one.told(name, at & ~lost & ~said, written, SPELT)]
        told += [one.told(name, lost, None, NO_SIGNS)]
        new[name] = values.where(written.isna(), written)
    return replace(one, data=one.data.assign(**new)), [found for found in told if len(found)]


def _numbers(one: Exported) -> Iterator[pd.DataFrame]:
    """The numbers that a transport file cannot hold exactly."""
    for variable in one.spec.variables:
        if variable.type in ("number", "integer"):
            lost = ~carried(one.data[variable.name].to_numpy("float64"))
            if lost.any():
                yield one.told(variable.name, pd.Series(lost, one.data.index), None, NO_NUMBER)


def lengths(datasets: Iterable[Exported], encoding: str) -> dict[tuple[str, str], int]:
    """Bytes of each text variable by dataset and name: of its longest value, of keys the longest of all datasets."""
    every = list(datasets)
    shared = {key for one in every for key in one.spec.keys}
    own = {(one.name, v.name): _longest(one.data[v.name], encoding) for one in every for v in one.texts}
    most: dict[str, int] = {}
    for (_, name), size in own.items():
        most[name] = max(size, most.get(name, 1))
    return {(dataset, name): most[name] if name in shared else size for (dataset, name), size in own.items()}


def _longest(values: pd.Series, encoding: str) -> int:
    return max((len(text.encode(encoding)) for text in values.dropna().unique()), default=1) or 1


def columns(one: Exported, sizes: Mapping[tuple[str, str], int], encoding: str) -> list[StoredColumn]:
    """The columns of the file, in the order of the dataset. Texts are at most 200 bytes by now."""
    return [_column(one, each, sizes.get((one.name, each.name), 8), encoding) for each in one.spec.variables]


def _column(one: Exported, variable: Variable, size: int, encoding: str) -> StoredColumn:
    values = one.data[variable.name]
    if variable.type == "text":
        assert size <= LONGEST
        codes, texts = pd.factorize(values)
        filled = [*(str(text).encode(encoding) for text in texts), b""]
        stored = np.array([text.ljust(size) for text in filled], dtype=f"S{size}")
        return StoredColumn(variable.name, variable.label, size, "", stored, codes)
    if variable.type in FORMATS:
        unit = pd.Timedelta(days=1) if variable.type == "date" else SECOND
        numbers = ((values - EPOCH) / unit).to_numpy("float64")
        return StoredColumn(variable.name, variable.label, 8, FORMATS[variable.type], numbers)
    return StoredColumn(variable.name, variable.label, 8, "", values.to_numpy("float64"))
