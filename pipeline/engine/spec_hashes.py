"""A value of the specs as one hash: what a product is made by is what the files together say, not the files alone.

What one file says decides over what another means (the criteria that study.yaml names choose among the tables of
criteria), so that a file that is as it was does not mean what it meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from pathlib import Path, PurePath
from typing import Any

from pipeline.engine.mapping_parts import AGREED, COLLECTED, WHOLE
from pipeline.engine.node import Node
from pipeline.engine.store import file_hash, sha256
from pipeline.study.catalogue import FILE as CATALOGUE
from pipeline.study.specs import TERMINOLOGY, Specs

OF_MAPPING = (WHOLE, COLLECTED, AGREED)
LEAVES = (str, int, float, bool, type(None))


def spec_hashes(specs: Specs) -> dict[str, str]:
    """SHA-256 of every spec file of the standard and the study, by path from the root."""
    folders = (specs.root / "specs" / "standard", specs.folder)
    paths = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    return {str(p.relative_to(specs.root)): spec_hash(p) for p in paths}


def without_words(specs: Specs) -> Specs:
    """The specs with outputs that say neither title nor footnotes, which their pages alone show."""
    outputs = {n: replace(one, shell=one.shell.measured) for n, one in specs.outputs.items()}
    return replace(specs, outputs=outputs)


def without_words_hash(specs: Specs) -> str:
    """SHA-256 of what the specs say beside the titles and footnotes of outputs.

    Of files that say outputs alone (`tlf/`, the catalogue) it tells what they come to, of all others their bytes.
    """
    homes = (specs.root / "specs" / "standard", specs.folder)
    of_outputs = {path for one in specs.outputs.values() for path in one.written.files
                  if path.parent in {home / "tlf" for home in homes} or path.name == CATALOGUE}  # fmt: skip
    alone = {str(path.relative_to(specs.root)) for path in of_outputs}
    files = {name: told for name, told in spec_hashes(specs).items() if name not in alone}
    return hash_of(files, [one.shell for one in without_words(specs).outputs.values()])


def spec_hash(path: Path) -> str:
    """SHA-256 of a spec file's bytes; many nodes rest on one file, which is read again when it was written again."""
    told = path.stat()
    return _hash_of_file(path, (told.st_mtime_ns, told.st_ctime_ns, told.st_size, told.st_ino))


@lru_cache(maxsize=10_000)
def _hash_of_file(path: Path, written: tuple[int, ...]) -> str:
    return file_hash(path)



def specs_of(node: Node, specs: Specs) -> list[Any]:
    """What the files together say of a node's product: its metadata as it is in force, its shell, its terms."""
    mapped = (node.function, f"supp{node.function}") if node.made_as in OF_MAPPING else ()
    names = (node.dataset, *mapped)
    metadata = [specs.datasets[name] for name in names if name in specs.datasets]
    shell = [specs.outputs[node.name].shell.measured] if node.kind == "output" else []
    terms = specs.table_files(TERMINOLOGY) if node.made_as == "recipe" and TERMINOLOGY in specs.tables else []
    return [*metadata, *shell, *(spec_hash(path) for path in terms)]


def hash_of(*values: Any) -> str:
    """SHA-256 of what values say; equal in every process, and in every folder that the project lies in."""
    return sha256(text_of(*values).encode("utf-8"))


def text_of(*values: Any) -> str:
    """What values say, as one text."""
    return repr(_plain(values))


def _plain(value: Any) -> Any:
    if type(value) in LEAVES:
        return value
    if isinstance(value, list | tuple):
        return tuple(_plain(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *((word, _plain(getattr(value, word))) for word in _words(type(value))))
    if isinstance(value, Mapping):
        return ("map", *((_plain(key), _plain(one)) for key, one in value.items()))
    if isinstance(value, set | frozenset):
        return ("set", *sorted(repr(_plain(one)) for one in value))
    if isinstance(value, PurePath):
        return value.name
    return f"{value.__module__}.{value.__qualname__}" if callable(value) else repr(value)


@cache
def _words(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))
