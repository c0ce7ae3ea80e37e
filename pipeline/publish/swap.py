"""Products put in place whole: in one step where the system can, else file by file so that a kill loses nothing.

A folder is exchanged for the new one (Linux renameat2), or renamed away and back. Where OUT cannot be renamed, as a
container's volume cannot, the new files are laid ready inside it under one name; from then on the next run finishes
what a killed one began.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.engine.store import json_bytes

NOT_RENAMED = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL)
READY, LIST, LAST = ".ready", ".files.json", "manifest.json"
STAY = ("lost+found",)
AT_A_TIME = 16  # files waited for at once


def hidden(out: Path, word: str) -> Path:
    """Where a thing of ours lies that is no product: beside OUT, or inside it where OUT is a mount of its own."""
    return out / f".{word}" if stays_put(out) else out.with_name(f".{out.name}.{word}")


def stays_put(out: Path) -> bool:
    """True for a folder that cannot be renamed: a mount, one that holds a mount, or one whose parent is not ours."""
    if not out.is_dir():
        return False
    mounts = [path for path in (out, *out.iterdir()) if os.path.ismount(path)]
    return bool(mounts) or not os.access(out.parent, os.W_OK | os.X_OK)


def publish(aside: Path, out: Path) -> None:
    """Put the finished folder in place of the old one so that no run, killed or failed, leaves a mixture behind."""
    sync_tree(aside)
    if stays_put(out):
        _lay_ready(aside, out)
        return finish(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        _swap(aside, out)
    except OSError as error:
        if error.errno not in NOT_RENAMED or not out.is_dir():
            raise
        _lay_ready(aside, out)
        return finish(out)
    sync_folder(out.parent)
    shutil.rmtree(aside, ignore_errors=True)
    return shutil.rmtree(_older(out), ignore_errors=True)


def recover(out: Path) -> bool:
    """After a killed run: the earlier products come back, or the new ones that were ready are put in place whole.

    Returns True when there was something to mend.
    """
    older, begun = _older(out), bool(_listed(out))
    if begun:
        finish(out)
    back = older.is_dir() and not out.exists()
    if back:
        older.rename(out)
        sync_folder(out.parent)
    for path in leftovers(out):
        shutil.rmtree(path, ignore_errors=True)
    return begun or back


def leftovers(out: Path) -> list[Path]:
    """Unfinished folders in and beside the outputs, left by killed runs."""
    found = [out / READY, _older(out)] if out.is_dir() else []
    places = ((out.parent, f".{out.name}.making.*"), (out, ".making.*"), (out, ".*.making.*"))
    found += [path for folder, pattern in places if folder.is_dir() for path in sorted(folder.glob(pattern))]
    return [path for path in found if path.exists()]


def finish(out: Path) -> None:
    """Move what lies ready in OUT to its places, the manifest last, and take away what is not among it."""
    names = _listed(out)
    _move_ready(out, names)
    wanted = {out / name for name in names}
    folders = {parent for path in wanted for parent in path.parents}
    for path in sorted(_shown(out), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if path not in folders and not os.path.ismount(path):
                shutil.rmtree(path, ignore_errors=True)
        elif path not in wanted:
            path.unlink(missing_ok=True)
    sync_tree(out)
    shutil.rmtree(out / READY)
    sync_folder(out)


def _move_ready(out: Path, names: Iterable[str]) -> None:
    """Move those of these files that lie ready to their places, the manifest last."""
    for name in sorted(names, key=lambda n: (n == LAST, n)):
        if os.path.lexists(out / READY / name):
            _make_room(out, out / name)
            _move(out / READY / name, out / name)


def put(files: Mapping[str, bytes], out: Path) -> None:
    """Put these files in place in OUT, the manifest last, by the list that the next run finishes where this is killed.

    All others stay.
    """
    inside = out / f".making.{os.getpid()}"
    shutil.rmtree(inside, ignore_errors=True)
    for name, content in files.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(content)
    there = [str(path.relative_to(out)) for path in _shown(out) if path.is_symlink() or not path.is_dir()]
    write_through(inside / LIST, json_bytes(sorted({*there, *files})))
    sync_tree(inside)
    shutil.rmtree(out / READY, ignore_errors=True)
    inside.rename(out / READY)
    sync_folder(out)
    _move_ready(out, [*files])
    for folder in {(out / name).parent for name in files}:
        sync_folder(folder)
    shutil.rmtree(out / READY)


def copy_tree(folder: Path, target: Path) -> None:
    """Copy all files of a folder into another one, over what is there. Raises OSError at the first that cannot be."""
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir()):
        place = target / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def _listed(out: Path) -> list[str]:
    """The files that lie ready in OUT; none when nothing does, or not whole."""
    try:
        names = json.loads((out / READY / LIST).read_bytes())
    except (OSError, ValueError):
        return []
    return [str(name) for name in names]


def write_through(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk: a power failure after that cannot cut it."""
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Wait until all files of a folder, and their names, are on the disk.

    Many at a time: the disk then writes its journal for all that wait, not once for each file.
    """
    walked = [(Path(path), files) for path, _, files in os.walk(folder)]
    with ThreadPoolExecutor(AT_A_TIME) as waiting:
        list(waiting.map(_sync_file, [path / name for path, files in walked for name in files]))
        list(waiting.map(sync_folder, [path for path, _ in walked]))


def _sync_file(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def _older(out: Path) -> Path:
    return out.with_name(f".{out.name}.older")


def _swap(aside: Path, out: Path) -> None:
    if not out.exists():
        aside.rename(out)
    elif not _exchange(aside, out):
        older = _older(out)
        shutil.rmtree(older, ignore_errors=True)
        out.rename(older)
        try:
            aside.rename(out)
        except OSError:
            older.rename(out)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (Linux renameat2); False where the system cannot."""
    at_fdcwd, rename_exchange = -100, 2
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        call = libc.renameat2
    except (OSError, AttributeError):
        return False
    return call(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange) == 0


def _lay_ready(aside: Path, out: Path) -> None:
    """The new files under their one name inside OUT, with the list of them: after this the new products count."""
    shutil.rmtree(out / READY, ignore_errors=True)
    names = sorted(str(p.relative_to(aside)) for p in aside.rglob("*") if not p.is_dir())
    write_through(aside / LIST, json_bytes(names))
    inside = aside
    if aside.parent != out:
        inside = out / f".making.{os.getpid()}"
        shutil.rmtree(inside, ignore_errors=True)
        try:
            copy_tree(aside, inside)
        except OSError:
            shutil.rmtree(inside, ignore_errors=True)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    sync_tree(inside)
    inside.rename(out / READY)
    sync_folder(out)


def _make_room(out: Path, path: Path) -> None:
    """Folders on the way to a file, and nothing else of its name, whatever stood there before."""
    for parent in [p for p in reversed(path.parents) if out in p.parents]:
        if parent.is_symlink() or parent.is_file():
            parent.unlink()
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)


def _move(path: Path, target: Path) -> None:
    """Rename a file; where a mount lies between, copy it beside its place first."""
    try:
        path.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        near = target.with_name(f".{target.name}.near")
        write_through(near, path.read_bytes())
        near.replace(target)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _shown(out: Path) -> list[Path]:
    """Everything in OUT that is a product: nothing hidden at its top, nothing of the file system's own."""
    tops = [p for p in out.iterdir() if not p.name.startswith(".") and p.name not in STAY]
    return [p for top in tops for p in (top, *(top.rglob("*") if top.is_dir() and not top.is_symlink() else ()))]
