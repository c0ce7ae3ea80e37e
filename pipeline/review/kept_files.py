"""The files of the site that show the records of datasets, each dataset's kept under the hash of what they show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.engine.store import Cache, Entry
from pipeline.ground import source
from pipeline.publish.review_step import DATA, MODULE, TOLD
from pipeline.review.library import Shown
from pipeline.review.script import file_of

LIST = f"{TOLD}/datasets.json"  # each dataset: its key, and the first rows of its files
Sources = tuple[Any, Any, Any]  # of records: where each begins among the numbers, datasets and places of its sources


class KeptFiles:
    """The files of datasets of one site; `made` are the datasets whose files no earlier site has."""

    def __init__(self, cache: Cache):
        self.cache, self.made = cache, list[str]()
        self._code = source.code_hash(MODULE)
        self._now: dict[str, tuple[str, list[int]]] = {}
        self._kept: dict[tuple[str, str], tuple[Entry, list[int]]] = {}
        for entry in [entry for entry in cache.kept(DATA) if LIST in entry.files]:
            for path, (key, starts) in json.loads(cache.read(DATA, entry, LIST)).items():
                self._kept[path, key] = entry, starts

    def files(
        self, one: Shown, told: Sources, make: Callable[[], Iterable[tuple[int, bytes]]]
    ) -> Iterator[tuple[int, bytes]]:  # fmt: skip
        """The first row and the content of each file of a dataset; `make` makes them where no earlier site has them."""
        path, key = one.path, self._key(one, told)
        entry, starts = self._kept.get((path, key), (None, []))
        if entry is None:
            self.made.append(path)
        begun = []
        for start, content in make() if entry is None else self._read(path, entry, starts):
            begun.append(start)
            yield start, content
        self._now[path] = key, begun

    def listed(self) -> bytes:
        """What a later site is told of these."""
        return json.dumps(self._now, sort_keys=True).encode("ascii")

    def _read(self, path: str, entry: Entry, starts: list[int]) -> Iterator[tuple[int, bytes]]:
        return ((start, self.cache.read(DATA, entry, file_of(f"{path}/{start}"))) for start in starts)

    def _key(self, one: Shown, told: Sources) -> str:
        """The hash of all that the files show: the records and their sources."""
        digest = hashlib.sha256(f"{self._code} {one.path} {one.content}".encode("utf-8", "surrogatepass"))
        for numbers in told:
            digest.update(b"\x1e" + numbers.astype("int64").tobytes())
        return digest.hexdigest()
