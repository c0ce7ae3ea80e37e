"""The folder that tests of lint damage is whole again before each of them, however little of it was changed."""

import os
import shutil
import time

import pytest
from standing_folder import OLD, put_in_order

FILES = {"a.csv": b"x,y\n", "tlf/b.yaml": b"output: T-1\n"}


def damaged(root, how):
    path = root / "a.csv"
    if how == "other content of the same size at the same time":
        state = path.stat()
        path.write_bytes(b"x,z\n")
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    elif how == "a link":
        path.unlink()
        path.symlink_to(root / "tlf" / "b.yaml")
    elif how == "a folder in its place":
        path.unlink()
        path.mkdir()
    elif how == "a folder lost":
        shutil.rmtree(root / "tlf")
    else:
        (root / "tlf" / "deep" / "er").mkdir(parents=True)
        (root / "tlf" / "deep" / "er" / "c.csv").write_bytes(b"")


@pytest.mark.parametrize("how", [
    "other content of the same size at the same time", "a link", "a folder in its place", "a folder lost",
    "further files",
])  # fmt: skip
@pytest.mark.parametrize("age", [0, 2 * OLD])
def test_a_damaged_folder_is_put_in_order(tmp_path, monkeypatch, how, age):
    root = put_in_order(tmp_path / "project", FILES)
    now = (root / "a.csv").stat().st_mtime_ns + age
    monkeypatch.setattr("standing_folder.time.time_ns", lambda: now)
    put_in_order(root, FILES)  # what is not new is remembered by its signs
    time.sleep(0.02 * bool(age))  # a tick of the disk's clock, by which a change shows
    damaged(root, how)

    put_in_order(root, FILES)

    found = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if not path.is_dir()}
    assert found == FILES and not (root / "a.csv").is_symlink()
    assert {str(path.relative_to(root)) for path in root.rglob("*") if path.is_dir()} == {"tlf"}
