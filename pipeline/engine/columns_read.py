"""Which columns of ADSL an output can read: every output rests on ADSL, and few of its columns are of any one of them.

An output is handed these columns and no other (`pipeline/engine/runner.py`), and rests on them alone: what it is not
handed it cannot be made of. A column counts as read where its name stands anywhere in what the output says, in the
decisions and tables it is given, or in the code that makes it; so a name that code puts together of parts is an error
(a column that ADSL lacks), never another result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engine.node import DATA, Node
from pipeline.engine.output_view import SUBJECT
from pipeline.engine.pieces import as_written
from pipeline.engine.spec_hashes import text_of
from pipeline.engine.store import Json, json_bytes, parquet_bytes, read_parquet, sha256
from pipeline.ground import source
from pipeline.study.declared import ADSL
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "columns.json"  # the hash of each column of a dataset, in their order
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
WORDS = ("tlf.rows.kinds", "tlf.mock")  # say what shells may say, which a shell that uses it says itself


def hashes_beside(name: str, folder: Path) -> list[str]:
    """Write the hashes of the columns of ADSL beside it, and tell the file; of another dataset nothing."""
    if name != ADSL:
        return []
    content = (folder / DATA).read_bytes()
    columns = ((word, read_parquet(content, [word])) for word in as_written(folder / DATA).names)
    (folder / COLUMNS).write_bytes(json_bytes([[word, sha256(parquet_bytes(one))] for word, one in columns]))
    return [COLUMNS]


def content_for(build: Any, node: Node, need: str) -> Json:
    """The hash of what a node is given of a need: of each column of ADSL that an output can read, else of all."""
    if node.kind != "output" or need != ADSL:
        whole: str = build.content(need, node.partition)
        return whole
    hashes = _hashes(build)
    return [[name, hashes[name]] for name in columns_read(node, build.specs, hashes)]


def given_of_adsl(build: Any, node: Node, adsl: pd.DataFrame) -> pd.DataFrame:
    """ADSL as an output is handed it: the columns that it can read."""
    return adsl[columns_read(node, build.specs, _hashes(build))]


def _hashes(build: Any) -> dict[str, str]:
    """The hash of each column of ADSL by its name, in their order."""
    entry, known = build.entries[ADSL], build.columns
    noted = entry.files[COLUMNS]
    if noted not in known:
        known[noted] = dict(json.loads(build.cache.read(ADSL, entry, COLUMNS)))
    hashes: dict[str, str] = known[noted]
    return hashes


def columns_read(node: Node, specs: Specs, known: Iterable[str]) -> list[str]:
    """Those of the known columns of ADSL that an output can read, in their order."""
    told = names_read(node, specs)
    return [name for name in known if name in told]


def names_read(node: Node, specs: Specs) -> set[str]:
    """What may be a variable that an output reads: named in what it says, or in the code that makes it."""
    return _names_said(node, specs) | _names_in_code(node.module) | {*SUBJECT}


def _names_said(node: Node, specs: Specs) -> set[str]:
    """What may be a name in what an output says, and in the decisions and tables that it is given."""
    shell = specs.outputs[node.name].shell.measured
    decided = [one.value for word in node.settings if (one := specs.decisions.get(word.upper()))]
    tables = [path.read_text(encoding="utf-8-sig") for word in shell.tables for path in specs.table_files(word)]
    return {*NAME.findall("\n".join([text_of(shell, decided), *tables]))}


@cache
def _names_in_code(module: str) -> frozenset[str]:
    """What may be a name in the modules that a family of outputs rests on."""
    told = [one for one in source.closure(module) if not one.startswith(WORDS)]
    paths = [path for one in told if (path := source.module_path(one))]
    return frozenset(name for path in paths for name in NAME.findall(path.read_text(encoding="utf-8")))
