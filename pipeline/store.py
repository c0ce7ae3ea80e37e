"""The only place that writes datasets: parquet, hashes, the cache of made things, and products moved in place whole."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError

KEPT_PER_NODE = 4
OURS = ("manifest.json", "log", "validation")


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return sha256(path.read_bytes())


def json_bytes(content: Any) -> bytes:
    """JSON with sorted keys and a final line break: the same content gives the same bytes."""
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")


def write_parquet(frame: Any, path: Path) -> None:
    """A DataFrame as parquet; the same values give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, path, compression="zstd", version="2.6")


def read_parquet(path: Path) -> Any:
    """A DataFrame as it was written."""
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pandas()


class Cache:
    """Made things by node and digest: a folder of files and their content hashes, complete or not there at all."""

    def __init__(self, folder: Path):
        self.folder = folder

    def entry(self, node: str, digest: str) -> dict[str, Any] | None:
        """What was made for this digest: {'files': {name: sha256}, ...}; None when nothing whole is there."""
        path = self.path(node, digest) / "entry.json"
        try:
            return json.loads(path.read_bytes())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def path(self, node: str, digest: str) -> Path:
        """The folder of one made thing."""
        return self.folder / node.replace(":", "-") / digest[:24]

    def write(self, node: str, digest: str, files: dict[str, Any], notes: dict[str, Any]) -> dict[str, Any]:
        """Store bytes, text or DataFrames under their file names; returns the entry."""
        target = self.path(node, digest)
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name, content in files.items():
            _write(aside / name, content)
        entry = {"files": {name: file_hash(aside / name) for name in sorted(files)}, "digest": digest, **notes}
        (aside / "entry.json").write_bytes(json_bytes(entry))
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
        self._prune(target.parent, keep=target)
        return entry

    def _prune(self, folder: Path, keep: Path) -> None:
        others = sorted((p for p in folder.iterdir() if p != keep), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in others[KEPT_PER_NODE - 1 :]:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, content: Any) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_bytes(content.encode("utf-8"))
    else:
        write_parquet(content, path)


def check_target(out: Path) -> None:
    """Refuse to publish over a folder that is not ours. Raises TrialError."""
    if out.is_file():
        raise TrialError("The output folder is a file.", str(out), "say another OUT=")
    if out.is_dir():
        found = sorted(p.name for p in out.iterdir())
        if found and not set(found) & set(OURS):
            what = f"The output folder holds other things ({found[0]} ...); it would be replaced."
            raise TrialError(what, str(out), "say an empty or new OUT=")


def publish(aside: Path, out: Path) -> None:
    """Put the finished folder in place of the old one in one step, so that a reader never sees a mixture."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists():
        aside.rename(out)
        return
    if not _exchange(aside, out):
        older = out.with_name(f".{out.name}.older")
        shutil.rmtree(older, ignore_errors=True)
        out.rename(older)
        aside.rename(out)
        shutil.rmtree(older, ignore_errors=True)
        return
    shutil.rmtree(aside, ignore_errors=True)


def recover(out: Path) -> None:
    """After a run killed between the two renames of the fallback: the earlier outputs come back."""
    older = out.with_name(f".{out.name}.older")
    if older.exists() and not out.exists():
        older.rename(out)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (Linux renameat2); False where the system cannot."""
    at_fdcwd, rename_exchange = -100, 2
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        call = libc.renameat2
    except (OSError, AttributeError):
        return False
    return call(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange) == 0


def leftovers(out: Path) -> list[Path]:
    """Unfinished folders beside the outputs, left by killed runs."""
    return sorted(out.parent.glob(f".{out.name}.making.*")) if out.parent.is_dir() else []
