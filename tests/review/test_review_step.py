"""The review site among the products: made of a whole build, kept, left by a build of few targets; it stops nothing."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from read_once import specs_of

from pipeline.engine.parallel import Workers
from pipeline.engine.store import Cache, Entry
from pipeline.ground.faults import TrialError
from pipeline.publish import products, review_step
from pipeline.publish.findings_made import ALL, GATE_ONLY
from pipeline.publish.review_step import DATA, NO_FOLDERS, REVIEW, Folders, Review, Reviewing, known_review, site_of
from pipeline.publish.stale_products import node_of, thing
from pipeline.study.specs import Specs

PAGE = {"index.html": b"<!DOCTYPE html>"}
OUTPUTS = {"data/output/t_1.js": b"Review.data", "data/study.js": b"Review.data"}


def joined(build, looked, told):
    """The outputs, of what `data` has made for them."""
    return OUTPUTS | {"data/output/t_2.js": told("told/output/t_2.json")}


SITE = Review(lambda *page: None, lambda build, looked, named: PAGE | {"told/output/t_2.json": b"{}"}, joined)


@dataclass
class Built:
    """A build with the run that it is, and what its pages rest on."""

    cache: Cache
    specs: Specs
    entries: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)
    graph: dict = field(default_factory=dict)
    run: str = "1"
    pages: str = "1"


@pytest.fixture
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(review_step, "_digest", lambda _, looked, named: (looked.status + "".join(named.hashes)) * 30)
    monkeypatch.setattr(review_step, "run_identity", lambda build: build.run)
    monkeypatch.setattr(review_step, "pages_digest", lambda build, name, status: build.pages)
    specs = replace(specs_of("iomab_act"), datasets={}, mappings={})
    return Built(Cache(tmp_path), specs, {"adsl": Entry("", {}), "t_14_2_1": Entry("", {})})


def reviewed(build, review, status="a", scope=ALL, named=NO_FOLDERS):
    told = []
    log = SimpleNamespace(say=lambda text, style="": told.append(text), stage=lambda *what: told.append(what[1]))
    looked = SimpleNamespace(scope=scope, status=status)
    Reviewing(build, looked, Workers(build, 1), review, named).finish(log)
    return told


def test_the_site_is_a_product_under_its_own_folder(build, monkeypatch):
    monkeypatch.setattr(products, "datasets_of", lambda build: {})
    monkeypatch.setattr(products, "products_of_sources", lambda graph: {})
    reviewed(build, SITE)

    made = {name: (REVIEW, name) for name in (*OUTPUTS, "data/output/t_2.js")} | {"index.html": (DATA, "index.html")}
    assert products.contents(build) == {f"review/{name}": place for name, place in made.items()}
    assert build.cache.read(REVIEW, build.entries[REVIEW], "data/output/t_2.js") == b"{}"


def test_it_is_made_anew_only_when_what_it_rests_on_is_another(build):
    assert [reviewed(build, SITE, status)[-1] for status in "aab"] == [
        "review/index.html", "unchanged", "review/index.html"]  # fmt: skip


def test_another_page_or_run_joins_it_anew_of_the_data_that_are_known_and_these_cannot_say_a_title(build):
    asked = []

    def data(build, looked, named):
        asked.append({(one.shell.title, one.shell.footnotes) for one in build.specs.outputs.values()})
        return SITE.data(build, looked, named)

    told = []
    for build.run, build.pages in ("11", "11", "12", "22"):
        told += reviewed(build, replace(SITE, data=data))

    assert told == ["review/index.html", "unchanged", "review/index.html", "review/index.html"]
    assert asked == [{((), ())}]


def test_another_earlier_build_beside_it_makes_it_anew(build):
    told = [reviewed(build, SITE, named=Folders(hashes=(one,)))[-1] for one in "xxy"]

    assert told == ["review/index.html", "unchanged", "review/index.html"]


@pytest.mark.parametrize(("review", "scope", "lost"), [(None, ALL, ""), (SITE, GATE_ONLY, ""), (SITE, ALL, "adsl")])
def test_none_is_made_where_none_is_wanted_or_not_all_is_there(build, review, scope, lost):
    build.entries.pop(lost, None)

    assert [reviewed(build, review, scope=scope), REVIEW in build.entries] == [[], False]


def test_one_that_fails_is_told_as_a_failure_and_stops_nothing(build, monkeypatch):
    monkeypatch.setattr(products, "datasets_of", lambda build: {})
    monkeypatch.setattr(products, "products_of_sources", lambda graph: {})

    def harmed(*_):
        raise TrialError("No such word.", "specs/x.yaml", "mend it")

    for site in (replace(SITE, data=harmed), replace(SITE, outputs=harmed)):
        told = reviewed(build, site)

        assert "The review site could not be made: " in told[0] and "No such word." in build.failed[REVIEW]
        assert not [name for name in products.contents(build) if name.startswith("review/")]


def test_a_page_is_noted_for_a_site_that_is_wanted_and_one_that_cannot_be_noted_is_made_all_the_same(build):
    noted = []
    looked = SimpleNamespace(scope=ALL, status="a")
    for page in (lambda *told: noted.append(told), lambda *told: 1 / 0):
        reviewing = Reviewing(build, looked, Workers(build, 1), replace(SITE, page=page), Folders(hashes=(str(page),)))
        reviewing.beside(build, "t_1", "a", "page", "body")
    reviewed(build, SITE)

    assert noted == [(build, "t_1", "a", "page", "body")]
    assert Reviewing(build, looked, Workers(build, 1), None).beside is None


def test_a_build_of_few_targets_knows_which_site_it_leaves(build):
    reviewed(build, SITE)
    build.entries.pop(REVIEW)

    files = {"review/data/x.js": DATA, "review/data/study.js": REVIEW, "review/data/output/t_1/2.js": REVIEW}
    assert {file: node_of(file, {})[0] for file in files} == files
    assert (thing("review/data/x.js"), node_of("review/data/x.js", {})[1]) == (REVIEW, "data/x.js")
    assert [known_review(build, SimpleNamespace(status=one)) for one in "ab"] == [True, False]


def test_its_place_is_told_and_where_there_is_none_how_to_make_it(tmp_path):
    with pytest.raises(TrialError, match="no review site"):
        site_of(tmp_path)
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "index.html").touch()

    assert site_of(tmp_path) == tmp_path / "review" / "index.html"
