"""A product that stays as it was is not written again."""

import pathlib

import pytest

from pipeline.publish.products import _stays


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
