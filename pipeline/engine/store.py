"""The only place that writes datasets: their bytes and hashes, and the cache of made things.

Nothing that was written is believed when it is read: a file whose hash is not the one noted is no product.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipeline.engine.signs import FileSigns
from pipeline.engine.text_columns import as_frame
from pipeline.ground.faults import TrialError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"
Content: TypeAlias = "bytes | str | pd.DataFrame | pa.Table | Stream"  # what a file of a made thing holds
Files: TypeAlias = "Mapping[str, Content] | Iterable[tuple[str, Content]]"  # of a made thing, by their names
KEPT_PER_NODE = 4
MANY = 2000  # records of a dataset from which on it pays to look for texts kept once
ROW_GROUP = 128 * 1024  # records that parquet keeps together, and that a join of parts holds at a time
ENTRY, SEAL = "entry.json", "seal"


@dataclass(frozen=True)
class Entry:
    """What was made for one digest: its files by name with their SHA-256, and how many records and findings it has."""

    digest: str
    files: Mapping[str, str]
    records: int = 0
    findings: int = 0


@dataclass(frozen=True)
class Stream:
    """The content of a file that is written piece by piece, never held as a whole; `records` are those in it."""

    write: Callable[[Path], None]
    records: int

    def __len__(self) -> int:
        return self.records


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def json_bytes(content: object) -> bytes:
    """JSON with sorted keys and a final line break: the same content gives the same bytes."""
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")


def digest_of(content: object) -> str:
    """SHA-256 of a content, by whatever keys in whatever order it was put together."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8"))


def seal(content: Mapping[str, object]) -> str:
    """The hash of a content without its seal: with it beside the content, a change of it is seen."""
    return sha256(json_bytes({key: value for key, value in content.items() if key != SEAL}))


def is_sealed(content: Mapping[str, object]) -> bool:
    """True when the content is as it was when it was sealed."""
    return content.get(SEAL) == seal(content)


def parquet_bytes(frame: pd.DataFrame | pa.Table) -> bytes:
    """A DataFrame, or a table as arrow holds it, as parquet; the same values give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, buffer = frame, io.BytesIO()
    if not isinstance(table, pa.Table):
        table = pa.Table.from_pandas(table, preserve_index=False)
    pq.write_table(table, buffer, compression="zstd", version="2.6", row_group_size=ROW_GROUP)
    return buffer.getvalue()


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """What writes a file as `parquet_bytes` makes it, given its row groups one after the other."""
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, schema, compression="zstd", version="2.6")


def read_parquet(content: bytes, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A DataFrame as it was written, or those columns of it.

    Of many records, a text that stands many times in a column is kept once.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipeline.ground import text_storage  # noqa: F401

    file = pq.ParquetFile(pa.BufferReader(content))
    if file.metadata.num_rows < MANY:
        return file.read(columns, use_threads=False).to_pandas(use_threads=False)
    texts = [field.name for field in file.schema_arrow if field.type in (pa.large_string(), pa.string())
             and (columns is None or field.name in columns)]  # fmt: skip
    return as_frame(pq.read_table(pa.BufferReader(content), columns=columns, read_dictionary=texts))


def bytes_of(content: bytes | str | pd.DataFrame | pa.Table) -> bytes:
    """Bytes as they are, text as UTF-8, a DataFrame as parquet."""
    if isinstance(content, bytes):
        return content
    return content.encode("utf-8") if isinstance(content, str) else parquet_bytes(content)


class Cache:
    """Made things by node and digest: a folder of files and their content hashes, complete or not there at all.

    Nobody waits for the disk here: what a power failure cuts is not as its hash says, and is made anew.
    """

    def __init__(self, folder: Path):
        self.folder, self.signs = folder, FileSigns(folder)
        self.doubts: dict[str, str] = {}

    def entry(self, node: str, digest: str) -> Entry | None:
        """What was made for this digest; None when nothing whole is there.

        What is there but not as it was written is told in `doubts`, by node, and counts as not there.
        """
        folder = self.path(node, digest)
        if not folder.is_dir():
            return None
        entry, doubt = _read_entry(folder, self.signs, digest)
        if doubt:
            self.doubts[node] = f"{doubt} in the cache is not as it was written"
        return entry

    def kept(self, node: str) -> list[Entry]:
        """Every whole thing that is there of a node, whatever it was made of."""
        home = self.folder / _plain(node)
        found = [_read_entry(path, self.signs)[0] for path in sorted(home.glob("[!.]*"))] if home.is_dir() else []
        return [entry for entry in found if entry is not None]

    def path(self, node: str, digest: str) -> Path:
        """The folder of one made thing."""
        return self.folder / _plain(node) / digest[:24]

    def read(self, node: str, entry: Entry, file: str) -> bytes:
        """One file of a made thing, as its entry says. Raises TrialError when it is not, or no longer, so."""
        path = self.path(node, entry.digest) / file
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = b""
        if sha256(content) != entry.files[file]:
            raise _changed(node, path)
        return content

    def vouched(self, node: str, entry: Entry, file: str) -> Path:
        """Where a file of a made thing lies, found to be as its entry says. Raises TrialError when it is not."""
        path = self.path(node, entry.digest) / file
        if not path.is_file() or file_hash(path) != entry.files[file]:
            raise _changed(node, path)
        return path

    def write(
        self, node: str, digest: str, files: Files, records: int = 0, findings: int = 0,
        beside: Callable[[Path], Iterable[str]] | None = None,
    ) -> Entry:  # fmt: skip
        """Store files under their names (one by one as they come), and what `beside` writes of them; the entry."""
        target = self.path(node, digest)
        aside = target.with_name(f".{target.name}.{platform.node()}.{os.getpid()}")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            hashes = _fill(aside, files)
            hashes |= {name: file_hash(aside / name) for name in beside(aside)} if beside else {}
            entry = Entry(digest, hashes, records, findings)
            content = asdict(entry)  # what vouches for the files, written last
            (aside / ENTRY).write_bytes(json_bytes(content | {SEAL: seal(content)}))
            _put(aside, target, digest, self.signs)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        self._prune(target.parent, keep=target)
        return entry

    def _prune(self, folder: Path, keep: Path) -> None:
        others = sorted((p for p in folder.iterdir() if p != keep), key=_age, reverse=True)
        for path in others[KEPT_PER_NODE - 1 :]:
            shutil.rmtree(path, ignore_errors=True)

    def sweep(self, nodes: Iterable[str]) -> list[str]:
        """Remove what nobody asks for any more: nodes that are not among these, things left half made, and signs."""
        self.signs.keep()
        kept, removed = {_plain(node) for node in nodes}, []
        for folder in sorted(p for p in self.folder.iterdir() if p.is_dir()):
            for path in [folder] if folder.name not in kept else _half_made(folder):
                shutil.rmtree(path, ignore_errors=True)
                removed.append(str(path.relative_to(self.folder)))
        return removed


def _changed(node: str, path: Path) -> TrialError:
    what = f"A file of the cache was changed while the run was under way ({node}, {path.name})."
    return TrialError(what, str(path), "run again; it is then made anew")


def _plain(node: str) -> str:
    return node.replace(":", "-")


def _half_made(folder: Path) -> list[Path]:
    """What killed runs began; what a run that still lives is making stays."""
    return [path for path in sorted(folder.glob(".*")) if not _lives(path.name.rpartition(".")[2])]


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, OSError, OverflowError) as error:
        return isinstance(error, PermissionError)
    return True


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _fill(folder: Path, files: Files) -> dict[str, str]:
    """Write the files; their hashes by name."""
    hashes = {}
    for name, content in files.items() if isinstance(files, Mapping) else files:
        if "/" in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        hashes[name] = _filled(folder / name, content)
    return hashes


def _filled(path: Path, content: Content) -> str:
    """Write a file; its hash."""
    if isinstance(content, Stream):
        content.write(path)
        return file_hash(path)
    whole = bytes_of(content)
    path.write_bytes(whole)
    return sha256(whole)


def _put(aside: Path, target: Path, digest: str, signs: FileSigns) -> None:
    """Give a finished folder its name; one that another run has put there meanwhile is as good, and may be read now."""
    if _read_entry(target, signs, digest)[0] is not None:
        return
    shutil.rmtree(target, ignore_errors=True)
    try:
        aside.rename(target)
    except OSError:
        if _read_entry(target, signs, digest)[0] is None:
            raise


def _read_entry(folder: Path, signs: FileSigns, digest: str = "") -> tuple[Entry | None, str]:
    """The entry of a made thing (of this digest), or None and the name of the file that is not as it was written."""
    try:
        content = json.loads((folder / ENTRY).read_bytes())
        if not is_sealed(content) or digest not in ("", content["digest"]):
            return None, ENTRY
        entry = Entry(content["digest"], content["files"], content["records"], content["findings"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, ENTRY
    for name, noted in entry.files.items():
        try:
            if signs.hash(folder / name) != noted:
                return None, name
        except OSError:
            return None, name
    return entry, ""
