"""A product that stays as it was is not written again."""

import hashlib
import os
import pathlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.engine.signs import FileSigns
from pipeline.engine.store import Cache, json_bytes, seal, sha256
from pipeline.publish import products, standing
from pipeline.publish.products import _put, _stays


@pytest.mark.parametrize("links", [True, False])
def test_a_product_that_stays_is_the_same_file_or_a_copy_where_the_disk_has_no_links(links, tmp_path, monkeypatch):
    def refused(*_):
        raise OSError("no links here")

    if not links:
        monkeypatch.setattr(pathlib.Path, "hardlink_to", refused)
    before, after = tmp_path / "adsl.parquet", tmp_path / "aside" / "adam" / "adsl.parquet"
    before.write_bytes(b"records")
    _stays(before, after)

    assert after.read_bytes() == b"records" and after.samefile(before) == links


@pytest.fixture
def published(tmp_path):
    """Products in OUT, of what the cache has of a page: the build, and OUT."""
    build = SimpleNamespace(cache=Cache(tmp_path / "cache"), specs=SimpleNamespace(datasets={}), graph={})
    build.entries = {"pages:t_1": build.cache.write("pages:t_1", "d", {"t_1.txt": "same", "t_1.rtf": "new"})}
    out = tmp_path / "out"
    for name, content in (("t_1.txt", "same"), ("t_1.rtf", "old"), ("t_0.txt", "altered")):
        (out / "tlf").mkdir(parents=True, exist_ok=True)
        (out / "tlf" / name).write_text(content)
    noted = {"t_1.txt": sha256(b"same"), "t_1.rtf": sha256(b"old"), "t_0.txt": sha256(b"other")}
    manifest = {"build": "b", "files": {f"tlf/{name}": one for name, one in noted.items()}}
    (out / "manifest.json").write_bytes(json_bytes(manifest | {"seal": seal(manifest)}))
    return build, out


def test_what_stands_as_it_would_be_written_stays_and_all_else_is_written(published, tmp_path, monkeypatch):
    build, out = published
    monkeypatch.setattr(products, "contents", lambda build: {f"tlf/{file}": ("pages:t_1", file) for file in
                                                             ("t_1.txt", "t_1.rtf")})  # fmt: skip
    stands = standing.standing(out, build.cache.signs)
    hashes = _put(build, stands, tmp_path / "aside", {})

    assert [*stands.altered] == ["tlf/t_0.txt"] and "tlf/t_0.txt" not in stands.files
    assert hashes == {"tlf/t_1.txt": sha256(b"same"), "tlf/t_1.rtf": sha256(b"new")}
    assert (tmp_path / "aside" / "tlf" / "t_1.rtf").read_text() == "new"
    assert (tmp_path / "aside" / "tlf" / "t_1.txt").samefile(out / "tlf" / "t_1.txt")


def test_a_product_is_read_for_its_hash_only_where_its_sign_is_another(published, monkeypatch):
    build, out = published
    before = [*standing.standing(out, build.cache.signs).altered]
    build.cache.signs.keep()
    read, told = [], hashlib.file_digest

    def noted(file, kind):
        read.append(Path(file.name).name)
        return told(file, kind)

    monkeypatch.setattr(hashlib, "file_digest", noted)
    assert [*standing.standing(out, FileSigns(build.cache.folder)).altered] == before == ["tlf/t_0.txt"] and not read

    changed, state = out / "tlf" / "t_1.txt", (out / "tlf" / "t_1.txt").stat()
    changed.write_text("asme")
    os.utime(changed, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert {*standing.standing(out, FileSigns(build.cache.folder)).altered} == {"tlf/t_0.txt", "tlf/t_1.txt"}
    assert read == ["t_1.txt"]


def test_signs_that_cannot_be_read_are_none(published):
    build, out = published
    for content in ("", "[]", '{"a": 1}', "[" * 10_000):
        (build.cache.folder / "signs.json").write_text(content)
        assert [*standing.standing(out, FileSigns(build.cache.folder)).altered] == ["tlf/t_0.txt"]
