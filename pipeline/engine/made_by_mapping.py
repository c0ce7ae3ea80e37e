"""What a mapped node, or a part of it (pipeline/engine/mapping_parts.py), makes of raw forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.engine.audit import CARRIED
from pipeline.engine.mapping_parts import AGREED, COLLECTED
from pipeline.engine.mapping_sheets import domain_forms
from pipeline.engine.merging import merged
from pipeline.engine.node import AT, DATA, FINDINGS, KEYS, Node
from pipeline.engine.pieces import value_counts
from pipeline.engine.store import Stream
from pipeline.study.contracts import numbers_of
from pipeline.study.csv_text import load_table

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine.mapping_run import MappingTables
    from sdtm.mapping.inputs import MappingInputs

BY_SUBJECT = ("USUBJID", "SEQ", "FILE", "LINE")
MET, UNITS = "met.parquet", "units.parquet"
Frames: TypeAlias = "dict[str, pd.DataFrame | Stream]"


def of_mapping(build: Any, node: Node) -> Frames:
    """The mapped records of a domain, with findings, keys and ways of values; of a part, what was met in it."""
    from pipeline.engine.mapping_run import keys_of, map_domain
    from sdtm.findings import gathered
    from sdtm.mapping.carried import MADE
    from sdtm.mapping.domain import completed

    first = next((need for need in node.needs if need.startswith(f"{node.function}_{COLLECTED}{AT}")), "")
    if not first:
        part = node.partition is not None
        found, keys = map_domain(node.function, build.specs, _raw(build, node), _tables(build, node), part)
        told = {MET: found.findings} if part else {FINDINGS: _in_order([found.findings])}
        return {DATA: found.records, KEYS: keys, CARRIED: found.carried} | told
    met = build.frame(f"{node.function}_mapped{AT}{AGREED}")
    records, findings = completed(node.function, build.read(first), _inputs(build, node), met)
    records = records.drop(columns=MADE)
    told = {MET: gathered([build.read(first, MET), *findings]), CARRIED: build.read(first, CARRIED)}
    return {DATA: records, KEYS: keys_of(node.function, records)} | told


def of_collected(build: Any, node: Node) -> Frames:
    """The first part of the mapping of some subjects, with the units that their results come in."""
    from sdtm.findings import gathered
    from sdtm.mapping.carried import carried
    from sdtm.mapping.domain import collected
    from sdtm.units import units_met

    domain, inputs = node.function.upper(), _inputs(build, node)
    made = collected(domain, load_table(build.specs.mappings[node.function]), _raw(build, node), inputs)
    units = units_met(made.records, domain, inputs.units)
    ways = carried(made.lines, made.records, made.rows, domain)
    return {DATA: made.records, MET: gathered(made.findings), UNITS: units, CARRIED: ways}


def of_agreed(build: Any, node: Node) -> Frames:
    """TEST, UNIT: the units that results of all subjects have, of each test for which no one says a standard unit.

    Raises ColumnError for a column that the domain rests on and of which most cannot be read.
    """
    import pandas as pd

    _judge_columns(build, node)
    parts = [build.read(need, UNITS) for need in node.needs if need.startswith(f"{node.function}_{COLLECTED}{AT}")]
    units = pd.concat([pd.DataFrame({"TEST": [], "UNIT": [], "OPEN": []}, dtype="str"), *parts])
    units = units[units["TEST"].isin(units.loc[units["OPEN"].eq(True), "TEST"]) & units["UNIT"].notna()]
    told = units[["TEST", "UNIT"]].astype("str").drop_duplicates()
    return {DATA: told.sort_values(["TEST", "UNIT"], ignore_index=True)}


def _judge_columns(build: Any, node: Node) -> None:
    """Look at every column that the domain rests on, by its values and how often each stands there."""
    import pandas as pd

    from pipeline.ground.readable import column_fault, most, unreadable
    from sdtm.mapping.domain import read
    from sdtm.mapping.unreadable import columns_read

    raw = {need.removeprefix("raw:"): _without_records(build, need) for need in node.needs if need.startswith("raw:")}
    sheet = load_table(build.specs.mappings[node.function])
    rows = read(node.function.upper(), sheet, raw, _inputs(build, node)).rows
    asked = columns_read(rows, raw, build.specs.study)
    forms = dict.fromkeys(form for form, _, _ in asked)
    told = {form: _values(build, form, [field for one, field, _ in asked if one == form]) for form in forms}
    for form, field, kind in asked:
        counts = told[form][field]
        wrong = counts[unreadable(pd.Series(counts.index, counts.index, "str"), kind)]
        at_fault = most(int(wrong.sum()), int(counts.sum()))
        fault = at_fault and column_fault(build.read(f"raw:{form}", columns=[field, "_FORM", "_FILE"]), field, kind)
        if fault:
            raise fault


def _values(build: Any, form: str, fields: Iterable[str]) -> dict[str, pd.Series]:
    """How often each value stands in fields of a raw form."""
    need = f"raw:{form}"
    return value_counts(build.cache.vouched(need, build.entries[need], DATA), [*dict.fromkeys(fields)])


def _without_records(build: Any, need: str) -> pd.DataFrame:
    """The columns of a raw form."""
    import pandas as pd
    import pyarrow.parquet as pq

    return pd.DataFrame(columns=pq.read_schema(build.cache.vouched(need, build.entries[need], DATA)).names, dtype="str")


def joined_mapping(build: Any, node: Node) -> Frames:
    """The mapped records of all subjects from those of the parts; what stands for many records is told of all."""
    parts = node.partitions
    ways = _all_carried([build.read(name, CARRIED) for name in parts], domain_forms(build.specs, node.function))
    told = {FINDINGS: _in_order([build.read(name, MET) for name in parts]), CARRIED: ways}
    keys = build.specs.datasets[node.function].keys
    return {DATA: merged_parts(build, node, DATA, keys), KEYS: merged_parts(build, node, KEYS, BY_SUBJECT)} | told


def merged_parts(build: Any, node: Node, file: str, keys: Sequence[str]) -> Stream | pd.DataFrame:
    """A file of all parts of a node in the order of its keys, streamed where these and its types let it be."""
    paths = [build.cache.vouched(name, build.entries[name], file) for name in node.partitions]
    whole = merged(paths, keys)
    return read_parts(build, node, file, keys) if whole is None else whole


def read_parts(build: Any, node: Node, file: str, keys: Sequence[str]) -> pd.DataFrame:
    """A file of all parts of a node, read, in the order of its keys."""
    import pandas as pd

    frames = [build.read(name, file) for name in node.partitions]
    rows = pd.concat([one for one in frames if len(one)] or frames[:1], ignore_index=True)
    return rows.sort_values(list(keys), kind="stable", na_position="first", ignore_index=True)


def _raw(build: Any, node: Node) -> dict[str, pd.DataFrame]:
    """The raw forms of a node, those of its part where it is made for one."""
    return {need.removeprefix("raw:"): build.needed(node, need) for need in node.needs if need.startswith("raw:")}


def _tables(build: Any, node: Node) -> MappingTables:
    from pipeline.engine.mapping_run import MappingTables

    return MappingTables(**{word: build.setting(word) for word in node.settings if word != "study"})


def _inputs(build: Any, node: Node) -> MappingInputs:
    """What the mapping of some subjects is told."""
    from pipeline.engine.mapping_run import inputs_of

    inputs = inputs_of(node.function, build.specs, _tables(build, node), numbers_of(build.specs.contracts))
    return replace(inputs, columns_judged=True)


def _in_order(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The findings of a domain, in an order that does not depend on its parts."""
    from pipeline.ground.queries import COLUMNS, gather
    from sdtm.findings import added_up

    return gather([added_up(parts)]).sort_values(list(COLUMNS), ignore_index=True)


def _all_carried(parts: list[pd.DataFrame], forms: list[str]) -> pd.DataFrame:
    """Which values of all subjects went where, in the order of the sheet; what was left out stands last."""
    import pandas as pd

    from pipeline.ground.line_numbers import packed_together
    from sdtm.mapping.carried import COLUMNS, LEFT_OUT

    lines: dict[tuple[str, ...], list[Any]] = {}
    for part in parts:
        for *key, own in part[list(COLUMNS)].itertuples(index=False, name=None):
            lines.setdefault(tuple(key), []).append(own)
    left = sorted((key for key in lines if key[3] == LEFT_OUT), key=lambda key: forms.index(key[0]))
    order = [*(key for key in lines if key[3] != LEFT_OUT), *left]
    told = [(*key, packed_together(lines[key])) for key in order]
    return pd.DataFrame(told, columns=list(COLUMNS))
