"""A folder that stands at one place and is put in order before each use: what was read of its files stays read."""

import shutil
from collections.abc import Mapping
from pathlib import Path


def put_in_order(root: Path, files: Mapping[str, bytes]) -> Path:
    """The folder with these files (by their path below it) and nothing else."""
    folders = {str(parent) for name in files for parent in Path(name).parents}
    for path in sorted(root.rglob("*")) if root.exists() else ():
        name = str(path.relative_to(root))
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path) if name not in folders and path.exists() else None
        elif name not in files:
            path.unlink(missing_ok=True)
    for name, content in files.items():
        path = root / name
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or not path.exists() or path.read_bytes() != content:
            path.unlink(missing_ok=True)
            path.write_bytes(content)
    return root


def files_below(folder: Path, *parts: str) -> dict[str, bytes]:
    """The files of parts of a folder by their path below it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in parts for path in sorted((folder / part).rglob("*")) if path.is_file()
    }  # fmt: skip
