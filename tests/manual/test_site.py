"""The site of the documentation opens from disk: links lead somewhere, it is searched, it asks no network."""

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.cli import trial
from pipeline.documentation.parts import SiteSources, page
from pipeline.documentation.pictures import pictures
from pipeline.documentation.search import Article, sections
from pipeline.documentation.site import build
from pipeline.documentation.sources import rules
from pipeline.documentation.statistics import of_statistics
from pipeline.ground.faults import TrialError
from pipeline.study.specs import load_specs

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("TRIAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def of(study_build):
    """What the site is made of, with pictures of a table and of a figure."""
    known = study_build("iomab_act").with_what_is_known()
    shown = dict(pictures(known, ["t_14_2_1"]))
    return SiteSources(ROOT, load_specs(ROOT, "iomab_act"), trial, shown)


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


@pytest.fixture
def tab():
    """A browser's page that notes what it asks for and what goes wrong in it."""
    if CHROMIUM is None:
        pytest.skip("chromium is not on this machine; with TRIAL_CHROMIUM=path it is used")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page, asked, slips = browser.new_page(), [], []
        page.on("request", lambda one: asked.append(one.url))
        page.on("console", lambda one: slips.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: slips.append(str(one)))
        yield page
        browser.close()
        assert ([url for url in asked if not url.startswith(("file:", "data:", "blob:"))], slips) == ([], [])


def test_a_browser_opens_it_from_disk_and_asks_no_network(site, tab):
    for name in ("index.html", "guide/start.html", "guide/derivations.html", "specs/index.html"):
        tab.goto((site / name).as_uri())

    assert tab.inner_text("h1").rstrip("¶") == "The manual of specs: how a study is said"


def test_who_searches_is_led_to_the_section_from_any_page(site, tab):
    tab.goto((site / "guide" / "start.html").as_uri())
    tab.keyboard.press("/")
    tab.keyboard.type("Clopper estimate 95", delay=1)
    tab.wait_for_selector(".site-search li")
    tab.fill(".site-search input", "exact_interval")
    tab.wait_for_function("document.querySelector('.site-search a').textContent.startsWith('exact_interval')")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/statistics.html#exact_interval")

    tab.fill(".site-search input", "zebrafish")
    tab.wait_for_selector(".site-search .none")
    tab.keyboard.press("Escape")
    assert (tab.locator(".site-search li").count(), tab.input_value(".site-search input")) == (0, "")


def test_a_section_is_found_by_its_heading_and_by_its_words():
    found = Article('<h1 id="x">Outside</h1><article><script>no</script><h1 id="a">The <b>head</b></h1><p>one</p>'
                    '<h2 id="b">Below</h2><pre>two\nthree</pre></article><h2 id="y">After</h2>').found  # fmt: skip

    assert [(place, "".join(title), "".join(words)) for place, title, words in found] == [
        ("a", "The head", "one"), ("b", "Below", "two\nthree")]  # fmt: skip


def test_every_section_that_is_found_is_a_place_of_its_page(site):
    found = list(sections(site))
    places = {path.relative_to(site).as_posix(): Page(path).places for path in site.rglob("*.html")}
    at = [one.at.partition("#") for one in found]

    assert len(found) > 400
    assert [f"{page}#{place}" for page, _, place in at if place and place not in places[page]] == []


def test_an_output_is_told_with_its_page_as_a_picture(site):
    told = (site / "guide" / "outputs.html").read_text(encoding="utf-8")

    assert 'alt="First page of T-14.2.1" loading="lazy" src="../outputs/t_14_2_1.png"' in told
    assert (site / "outputs" / "t_14_2_1.png").read_bytes().startswith(b"\x89PNG")


def test_a_statistic_is_told_with_its_formula_the_tests_that_hold_it_and_the_values_they_read():
    told = "\n\n".join(of_statistics(ROOT)).split("\n### ")
    of_one = {part.split("\n")[0]: part for part in told}

    assert "Clopper-Pearson" in of_one["exact_interval"] and "`binomial.csv`" in of_one["exact_interval"]
    assert "proportions.R" in of_one["agresti_coull_interval"]  # called by its name in a table
    unheld = [name for name, part in of_one.items() if "Tests hold:" not in part and not name.startswith("## ")]
    assert set(unheld) <= {"upper_tail", "chi_squared", "spread_around", "observations"}  # parts of others


def test_every_command_and_every_derived_set_is_told(site, of):
    commands = (site / "guide" / "commands.html").read_text(encoding="utf-8")
    derived = (site / "guide" / "derivations.html").read_text(encoding="utf-8")

    assert [name for name in trial.commands if f"trial {name}" not in commands] == []
    assert [one.label for one in of.specs.declared.sets if one.label not in derived] == []
    assert [one.code for one in of.specs.datasets["adtte"].parameters if one.code not in derived] == []


def test_every_variable_that_people_are_handed_is_told_with_how_it_is_made(site, of):
    pages = {layer: (site / "guide" / f"{layer}.html").read_text(encoding="utf-8") for layer in ("sdtm", "adam")}
    handed = [one for one in of.specs.datasets.values() if one.layer in pages and not one.intermediate]
    parts = {(layer, part.split(">", 1)[1].split(" ")[0]): part
             for layer, text in pages.items() for part in text.split("<h2")[1:]}  # fmt: skip
    lost = [(spec.dataset, one.name) for spec in handed for one in spec.variables
            if f"<code>{one.name}</code>" not in parts[spec.layer, spec.dataset]]

    assert len(handed) > 60
    assert lost == []
    assert "Number of the record within the subject, in the order of the keys." in pages["sdtm"]


def test_a_part_that_nobody_makes_is_told(of):
    with pytest.raises(TrialError, match="Nobody makes 'comands'"):
        page("<!-- made: comands -->", of)


def test_the_reason_of_a_block_that_is_not_run_stands_beneath_it(of):
    told = page("```sh not run: it opens an editor\nvi x\n```\n", of)

    assert re.fullmatch(r"```sh\nvi x\n```\n\n\*Tests do not run this block: it opens an editor\.\*\n", told)


def test_a_test_is_told_as_its_rule_with_its_table(tmp_path):
    one = "@given(1)\ndef test_a_set_has_a_reason():\n    pass"
    (tmp_path / "test_x.py").write_text(f"{one}\n\ndef other():\n    pass\n")

    assert rules(tmp_path / "test_x.py") == [("A set has a reason.", one)]
