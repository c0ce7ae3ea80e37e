"""A folder that stands at one place and is put in order before each use: what was read of its files stays read."""

import os
import shutil
import stat
import time
from collections.abc import Mapping
from pathlib import Path

OLD = 10**9  # nanoseconds after which a further writing of a file shows in its time
_read: dict[str, tuple[tuple[int, int, int, int], bytes]] = {}  # what a file of these signs holds, of those not new


def put_in_order(root: Path, files: Mapping[str, bytes]) -> Path:
    """The folder with these files (by their path below it) and nothing else."""
    folders = {str(parent) for name in files for parent in Path(name).parents}
    standing, base = set(), str(root)
    for home, below, names in os.walk(base):
        for path in [Path(home, name) for name in below]:
            if path.is_symlink() or os.path.relpath(path, base) not in folders:
                below.remove(path.name)
                path.unlink() if path.is_symlink() else shutil.rmtree(path)
        for path in [f"{home}/{name}" for name in names]:
            own = path[len(base) + 1 :]
            if own in files and _holds(path, files[own]):
                standing.add(own)
            else:
                Path(path).unlink()
    for name in files.keys() - standing:
        path = root / name
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])
    return root


def _holds(path: str, content: bytes) -> bool:
    """True where a file holds this content and is no link; what was read of one that is not new is not read again."""
    told = os.lstat(path)
    signs = (told.st_ino, told.st_mtime_ns, told.st_ctime_ns, told.st_size)
    known = _read.get(path)
    if known and known[0] == signs:
        return known[1] == content
    if stat.S_ISLNK(told.st_mode) or Path(path).read_bytes() != content:
        return False
    if time.time_ns() - max(told.st_mtime_ns, told.st_ctime_ns) > OLD:
        _read[path] = signs, content
    return True


def files_below(folder: Path, *parts: str) -> dict[str, bytes]:
    """The files of parts of a folder by their path below it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in parts for path in sorted((folder / part).rglob("*")) if path.is_file()
    }  # fmt: skip
