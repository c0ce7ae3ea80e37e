"""The site of the documentation opens from disk: its links lead somewhere, it asks no network, it tells the sources."""

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.cli import trial
from pipeline.documentation.parts import SiteSources, page
from pipeline.documentation.site import build
from pipeline.documentation.sources import sentences
from pipeline.ground.faults import TrialError
from pipeline.study.specs import load_specs

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("TRIAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def of():
    return SiteSources(ROOT, load_specs(ROOT, "iomab_act"), trial)


@pytest.fixture(scope="module")
def site(of, tmp_path_factory):
    pytest.importorskip("material", reason="the site needs MkDocs with Material (make docs sets it up)")
    return build(of, tmp_path_factory.mktemp("site") / "site").parent


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.places |= {told[name] for name in ("id", "name") if told.get(name)}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if tag in ("img", "script", "iframe") and told.get("src"):
            self.loads.append(told["src"])
        if tag == "link" and told.get("rel") in ("stylesheet", "icon", "preconnect"):
            self.loads.append(told["href"])


def test_every_link_leads_to_a_place_that_is_there(site):
    found = [path for path in site.rglob("*.html") if path.name != "404.html" and "example" not in path.parts]
    pages = {path: Page(path) for path in found}
    lost = []
    for path, one in pages.items():
        for link in [*one.links, *one.loads]:
            to = urlsplit(link)
            target = (path.parent / unquote(to.path)).resolve() if to.path else path
            there = to.scheme in ("", "mailto") and target.exists()
            if not there or (to.fragment and target in pages and unquote(to.fragment) not in pages[target].places):
                lost.append(f"{path.relative_to(site)}: {link}")

    assert len(pages) > 40
    assert lost == []


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on this machine; with TRIAL_CHROMIUM=path it is used")
def test_a_browser_opens_it_from_disk_and_asks_no_network(site):
    from playwright.sync_api import sync_playwright

    asked, slips = [], []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("request", lambda one: asked.append(one.url))
        tab.on("console", lambda one: slips.append(one.text) if one.type == "error" else None)
        for name in ("index.html", "guide/start.html", "guide/derivations.html", "specs/index.html"):
            tab.goto((site / name).as_uri())
        told = tab.inner_text("h1").rstrip("¶")
        browser.close()

    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert (slips, told) == ([], "The manual of specs: how a study is said")


def test_every_command_and_every_derived_set_is_told(site, of):
    commands = (site / "guide" / "commands.html").read_text(encoding="utf-8")
    derived = (site / "guide" / "derivations.html").read_text(encoding="utf-8")

    assert [name for name in trial.commands if f"trial {name}" not in commands] == []
    assert [one.label for one in of.specs.declared.sets if one.label not in derived] == []
    assert [one.code for one in of.specs.datasets["adtte"].parameters if one.code not in derived] == []


def test_a_part_that_nobody_makes_is_told(of):
    with pytest.raises(TrialError, match="Nobody makes 'comands'"):
        page("<!-- made: comands -->", of)


def test_the_reason_of_a_block_that_is_not_run_stands_beneath_it(of):
    told = page("```sh not run: it opens an editor\nvi x\n```\n", of)

    assert re.fullmatch(r"```sh\nvi x\n```\n\n\*Tests do not run this block: it opens an editor\.\*\n", told)


def test_the_name_of_a_test_is_told_as_its_rule(tmp_path):
    (tmp_path / "test_x.py").write_text("def test_a_set_has_a_reason():\n    pass\n\ndef other():\n    pass\n")

    assert sentences(tmp_path / "test_x.py") == ["A set has a reason."]
