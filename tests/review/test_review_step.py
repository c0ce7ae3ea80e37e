"""The review site among the products: made of a whole build, kept, left by a build of few targets; it stops nothing."""

from types import SimpleNamespace

import pytest

from pipeline.engine.parallel import Workers
from pipeline.engine.store import Cache, Entry
from pipeline.ground.faults import TrialError
from pipeline.publish import products, review_step
from pipeline.publish.findings_made import ALL, GATE_ONLY
from pipeline.publish.review_step import NO_FOLDERS, REVIEW, Folders, Reviewing, known_review, site_of
from pipeline.publish.stale_products import node_of, thing

SITE = {"index.html": b"<!DOCTYPE html>", "data/output/t_1.js": b"Review.data"}


@pytest.fixture
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(review_step, "_digest", lambda _, looked, named: (looked.status + "".join(named.hashes)) * 30)
    specs = SimpleNamespace(datasets={}, mappings={})
    return SimpleNamespace(entries={"adsl": Entry("", {})}, failed={}, graph={}, cache=Cache(tmp_path), specs=specs)


def reviewed(build, review, status="a", scope=ALL, named=NO_FOLDERS):
    told = []
    log = SimpleNamespace(say=lambda text, style="": told.append(text), stage=lambda *what: told.append(what[1]))
    looked = SimpleNamespace(scope=scope, status=status)
    Reviewing(build, looked, Workers(build, 1), review, named).finish(log)
    return told


def test_the_site_is_a_product_under_its_own_folder(build, monkeypatch):
    monkeypatch.setattr(products, "datasets_of", lambda build: {})
    monkeypatch.setattr(products, "products_of_sources", lambda graph: {})
    reviewed(build, lambda build, looked, named: SITE)

    assert products.contents(build) == {f"review/{name}": (REVIEW, name) for name in SITE}
    assert build.cache.read(REVIEW, build.entries[REVIEW], "data/output/t_1.js") == b"Review.data"


def test_it_is_made_anew_only_when_what_it_rests_on_is_another(build):
    assert [reviewed(build, lambda build, looked, named: SITE, status)[-1] for status in "aab"] == [
        "review/index.html", "unchanged", "review/index.html"]  # fmt: skip


def test_another_earlier_build_beside_it_makes_it_anew(build):
    told = [reviewed(build, lambda build, looked, named: SITE, named=Folders(hashes=(one,)))[-1] for one in "xxy"]

    assert told == ["review/index.html", "unchanged", "review/index.html"]


@pytest.mark.parametrize(("review", "scope", "lost"), [(None, ALL, ""), (dict, GATE_ONLY, ""), (dict, ALL, "adsl")])
def test_none_is_made_where_none_is_wanted_or_not_all_is_there(build, review, scope, lost):
    build.entries.pop(lost, None)

    assert [reviewed(build, review, scope=scope), REVIEW in build.entries] == [[], False]


def test_one_that_fails_is_told_as_a_failure_and_stops_nothing(build):
    def harmed(build, looked, named):
        raise TrialError("No such word.", "specs/x.yaml", "mend it")

    told = reviewed(build, harmed)

    assert "The review site could not be made: " in told[0] and "No such word." in build.failed[REVIEW]


def test_a_build_of_few_targets_knows_which_site_it_leaves(build):
    reviewed(build, lambda build, looked, named: SITE)
    build.entries.pop(REVIEW)

    assert [thing("review/data/x.js"), node_of("review/data/x.js", {})] == [REVIEW, (REVIEW, "data/x.js")]
    assert [known_review(build, SimpleNamespace(status=one)) for one in "ab"] == [True, False]


def test_its_place_is_told_and_where_there_is_none_how_to_make_it(tmp_path):
    with pytest.raises(TrialError, match="no review site"):
        site_of(tmp_path)
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "index.html").touch()

    assert site_of(tmp_path) == tmp_path / "review" / "index.html"
