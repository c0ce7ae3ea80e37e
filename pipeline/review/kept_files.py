"""The files of the site that show records or lead to them, kept under the hash of what they tell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator

from pipeline.engine.store import Cache, Entry
from pipeline.ground import source
from pipeline.publish.review_step import DATA, MODULE, TOLD
from pipeline.review.behind import Sources
from pipeline.review.shown import Shown

LIST = f"{TOLD}/datasets.json"  # each dataset, and each output on it: its key and the names of its files
NamedFiles = Iterable[tuple[str, bytes]]


class KeptFiles:
    """The files of one site; `made` are the datasets, and outputs on them, whose files no earlier site has."""

    def __init__(self, cache: Cache):
        self.cache, self.made = cache, list[str]()
        self._code = source.code_hash(MODULE)
        self._given: set[str] = set()
        self._now: dict[str, tuple[str, list[str]]] = {}
        self._kept: dict[tuple[str, str], tuple[Entry, list[str]]] = {}
        for entry in [entry for entry in cache.kept(DATA) if LIST in entry.files]:
            for path, (key, names) in json.loads(cache.read(DATA, entry, LIST)).items():
                self._kept[path, key] = entry, names

    def of(self, path: str, key: str, make: Callable[[], NamedFiles]) -> Iterator[tuple[str, bytes]]:
        """The files of a thing by name; `make` makes them where no earlier site has them under this key."""
        key = hashlib.sha256(f"{self._code} {key}".encode("utf-8", "surrogatepass")).hexdigest()
        entry, names = self._kept.get((path, key), (None, []))
        if entry is None:
            self.made.append(path)
        begun = []
        for name, content in make() if entry is None else self._read(entry, names):
            begun.append(name)
            if name not in self._given:  # what stands for subjects may be led to from several things
                self._given.add(name)
                yield name, content
        self._now[path] = key, begun

    def listed(self) -> bytes:
        """What a later site is told of these."""
        return json.dumps(self._now, sort_keys=True).encode("ascii")

    def _read(self, entry: Entry, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((name, self.cache.read(DATA, entry, name)) for name in names)


def key_of(one: Shown, told: Sources) -> str:
    """What the files of a dataset show: its records, and their sources."""
    digest = hashlib.sha256()
    for numbers in told:
        digest.update(b"\x1e" + numbers.astype("int64").tobytes())
    return f"{one.path} {one.content} {digest.hexdigest()}"
