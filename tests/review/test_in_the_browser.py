"""The review site in a real browser, from disk: from a number to the delivered line, filters, addresses, keys."""

import os
import shutil
from pathlib import Path

import pytest
from small_review import HOSTILE, small_review

CHROMIUM = os.environ.get("TRIAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = os.environ.get("TRIAL_AXE", "")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="needs chromium (or TRIAL_CHROMIUM=/path/to/it)"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return small_review(tmp_path_factory.mktemp("review")).as_uri()


@pytest.fixture
def page(browser, site):
    """A page of the site; whatever it asks of the network, and every error, fails the test."""
    opened = browser.new_page()
    told = []
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    opened.on(
        "request", lambda asked: None if asked.url.startswith(("file:", "blob:", "data:")) else told.append(asked.url)
    )
    opened.set_default_timeout(5000)
    opened.goto(site)
    yield opened
    opened.close()
    assert told == []


def shown(page, address, wanted="main h1"):
    page.goto(page.url.partition("#")[0] + address)
    page.wait_for_selector(wanted)


def test_a_number_leads_to_its_subjects_and_to_the_delivered_line(page):
    shown(page, "#/output/T-1")
    page.click("text=2 (66.7)")
    panel = page.locator("#panel")
    page.click("#panel details.subject >> text=2")

    line = panel.locator("details.subject[open] details.record.raw summary")
    line.wait_for()
    assert [panel.locator(".share").inner_text(), line.inner_text()] == [
        "2 of 3 subjects", "AE.csv line 5, record 13 sha256 abababababababab"]  # fmt: skip
    assert panel.locator("code.clause").all_inner_texts() == ['SAFFL == "Y" (ADSL)', "ATOXGRN >= 3 (ADAE)"]


def test_a_long_listing_shows_some_rows_and_those_of_the_number_that_an_address_names(page):
    shown(page, "#/output/L-1", ".rows-told")
    first = [page.locator(".rows-told").inner_text(), page.locator("table.printed tbody tr").count()]
    page.click("text=Rows after")
    second = page.locator("table.printed tbody tr").first.inner_text().split("\t")
    shown(page, "#/output/L-1/row/-/row.7/n", "#panel details.subject")
    back = page.locator("a.cell[aria-current]").inner_text()
    shown(page, "#/output/L-1/row/-/row.1200/n", "#panel details.subject")

    assert first == ["Rows 1 to 1,000 of 1,201 ‹ Rows before Rows after ›", 1000]
    assert second == ["Row 1000", "1000"]
    assert [back, page.locator("a.cell[aria-current]").inner_text()] == ["7", "1200"]


def test_every_state_has_an_address_that_can_be_sent(page):
    shown(page, "#/output/T-1/row/saf/grade_3/total?subject=2", "#panel details.subject[open] details.record.raw")

    assert page.locator("a.cell[aria-current]").inner_text() == "2 (66.7)"


def test_back_and_forward_work(page):
    shown(page, "#/output/T-1")
    page.click("text=2 (66.7)")
    page.wait_for_selector("#panel:not([hidden])")
    page.go_back()
    page.wait_for_selector("#panel", state="hidden")
    page.go_forward()
    page.wait_for_selector("#panel:not([hidden])")
    assert page.locator("#panel h2").inner_text() == "Grade 3 or higher"


def test_free_text_stays_text(page):
    shown(page, "#/data/adam/adae", ".grid-body .grid-row")
    told = page.locator(".grid-body [role=cell]").all_inner_texts()
    shown(page, "#/findings")

    assert [HOSTILE in told, page.locator("main td").last.inner_text()] == [True, f"The term is {HOSTILE}."]
    assert [page.locator("main img").count(), page.title()] == [0, "Findings – S"]


@pytest.mark.parametrize(("asked", "rows"), [
    ("", 1), ("?subject=1", 1), ("?subject=2", 0), ("?words=term%20AETERM", 1), ("?words=other", 0), ("?check=AE-1", 1),
])  # fmt: skip
def test_findings_are_chosen_by_subject_and_by_words_of_their_messages(page, asked, rows):
    shown(page, f"#/findings{asked}", "main .counted:not(:empty)")

    assert page.locator("main tbody tr").count() == rows


@pytest.mark.parametrize(("asked", "rows"), [
    ("", 4), ("?AEDECOD=pyr", 2), ("?ATOXGRN=%3E%3D3", 2), ("?ATOXGRN=%3D", 1), ("?USUBJID=%3DS-1&AEDECOD=pyr", 1),
])  # fmt: skip
def test_a_dataset_is_filtered_by_its_address(page, asked, rows):
    shown(page, f"#/data/adam/adae{asked}", ".grid-body .grid-row")

    assert page.locator(".grid-body .grid-row").count() == rows


def test_a_filter_is_typed_and_a_column_orders(page):
    shown(page, "#/data/adam/adae", ".grid-body .grid-row")
    page.click(".grid-head button >> text=ATOXGRN")
    page.click(".grid-head button >> text=ATOXGRN")
    page.fill("input[aria-label='Filter AEDECOD']", "Pyrexia")

    assert page.locator(".grid-body .number").all_inner_texts()[1::2] == ["4", "3"]
    assert page.url.endswith("#/data/adam/adae?AEDECOD=Pyrexia&sort=-ATOXGRN")


def test_what_is_shown_is_downloaded_and_carries_no_formula(page):
    shown(page, "#/data/raw/AE.csv?AETERM=1", ".grid-body .grid-row")
    with page.expect_download() as waiting:
        page.click("text=Download as CSV")

    assert Path(waiting.value.path()).read_text(encoding="utf-8-sig") == "LINE,RECORD,AETERM,AEGR\n6,14,'=1+1,\n"


def test_a_record_of_a_dataset_leads_to_its_line(page):
    shown(page, "#/data/adam/adae?row=3", ".column-told details.raw")

    told = page.locator(".column-told summary").all_inner_texts()
    assert [text.split(" ")[0] for text in told] == ["ADAE", "AE", "AE.csv"] and "line 5, record 13" in told[2]


def test_a_derived_record_says_that_no_line_stands_behind_it(page):
    shown(page, "#/data/sdtm/se?row=1", ".column-told .source")

    told = page.locator(".column-told .source").inner_text()
    assert told == "Derived: no line of a delivered file stands behind this record by itself."


def test_the_start_says_what_is_new_since_an_earlier_build_and_leads_to_it(page):
    new = page.locator("section.news")

    assert new.locator("h2").inner_text() == "New since the build of 2025-12-01"
    assert "4 differences, and 1 accepted in the register." in new.inner_text()
    assert new.locator("tbody tr").first.inner_text().split("\t") == ["DLT_MED", "COND", "ANY"]
    page.click("text=1 dataset that differs")
    told = {link.inner_text(): link.get_attribute("href") for link in new.locator("a").all() if link.inner_text()}
    assert told == {"DLT_MED": "#/decisions/DLT_MED", "Grade 3": "#/output/T-1/row/saf/grade_3/total",
                    "3": "#/subject/3", "Findings": "#/findings", "ADAE": "#/data/adam/adae"}  # fmt: skip


def test_beside_a_decision_stands_what_its_other_choices_move(page):
    shown(page, "#/decisions/DLT_MED", ".moved table")

    moved = page.locator(".moved")
    told = moved.locator("tbody td, tbody th").all_inner_texts()
    assert told == ["DLT_MED=COND", "Grade 3", "2/3", "1/3", "\u221233.3"]
    assert "DLT_MED=COND: DLTFL: +1 \u22122; EASFL: \u22123" in moved.inner_text()
    links = [one.get_attribute("href") for one in moved.locator("p a").all()]
    assert links == ["#/subject/1", "#/subject/2", "#/subject/3"]
    assert "1 other choice moves no headline result and no set: DLT_MED=BOTH" in moved.inner_text()


def test_axe_finds_nothing_to_mend(page):
    if not AXE:
        pytest.skip("needs axe-core (TRIAL_AXE=/path/to/axe.min.js, as `npm pack axe-core` brings it)")
    source, found = Path(AXE).read_text(encoding="utf-8"), {}
    for address in PAGES:
        shown(page, address)
        page.evaluate(source)
        met = page.evaluate("async () => (await axe.run(document, {preload: false})).violations")
        found[address] = [(one["id"], one["nodes"][0]["html"]) for one in met]

    assert found == {address: [] for address in PAGES}


def test_on_paper_stands_the_page_alone_in_ink(page):
    page.emulate_media(media="print", color_scheme="dark")
    shown(page, "#/output/T-1/row/saf/grade_3/total")

    seen = [page.locator(one).is_visible() for one in ("header.top", "#panel", ".steps", "article.page")]
    told = "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one.querySelector('h1')).color]"
    colours = page.locator("article.page").evaluate(told)
    assert [seen, colours] == [[False, False, False, True], ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]]


def test_the_keyboard_alone_reaches_a_number_and_leaves_it(page):
    shown(page, "#/output/T-1")
    page.locator("a.cell").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel:not([hidden])")
    at_panel = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel", state="hidden")

    assert [at_panel, page.url.rpartition("#")[2]] == ["Grade 3 or higher", "/output/T-1"]
    assert page.evaluate("document.activeElement.textContent") == "2 (66.7)"


UNNAMED = """() => [...document.querySelectorAll('a[href], button, input, select, [role=region], [role=table], img')]
  .filter(one => one.offsetParent !== null)
  .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label') || one.alt || (one.labels || []).length))
  .map(one => one.outerHTML.slice(0, 80))"""
FAINT = """() => {
  const parts = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  const ground = one => { for (; one; one = one.parentElement) {
    const told = parts(getComputedStyle(one).backgroundColor);
    if (told.length === 3) { return told; } } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')].filter(one => one.offsetParent !== null && one.childNodes.length)
    .filter(one => [...one.childNodes].some(each => each.nodeType === 3 && each.textContent.trim()))
    .map(one => { const [a, b] = [light(parts(getComputedStyle(one).color)), light(ground(one))];
      return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), one.textContent.trim().slice(0, 40)]; })
    .filter(([contrast]) => contrast < 4.5).map(([contrast, text]) => text + ' ' + contrast.toFixed(1)); }"""
PAGES = ["#/", "#/output", "#/output/T-1/row/saf/grade_3/total", "#/subjects", "#/data", "#/data/adam/adae",
         "#/findings", "#/decisions", "#/lineage/adam/ADAE"]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_has_a_name_and_every_text_is_plain_to_see(page, scheme):
    """WCAG 2.2: 4.1.2 name, role, value; 1.4.3 contrast of 4.5 to 1; 2.4.2 page titled; 3.1.1 language."""
    page.emulate_media(color_scheme=scheme)
    found = {}
    for address in PAGES:
        shown(page, address)
        page.wait_for_timeout(80)
        found[address] = [*page.evaluate(UNNAMED), *page.evaluate(FAINT)]

    assert found == {address: [] for address in PAGES}
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_cut_off_on_a_narrow_screen(page, address):
    page.set_viewport_size({"width": 400, "height": 800})
    shown(page, address)
    page.wait_for_timeout(80)

    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_course_of_a_subject_says_its_records_and_leads_to_them(page):
    shown(page, "#/subject/1", ".profile svg .mark")
    mark = page.locator(".profile .mark").first
    mark.focus()

    assert page.locator(".told-of").inner_text() == "Events; Pyrexia; Fever; grade 3; 2025-01-10; day 2 to 8; ADAE 1"
    assert page.locator(".profile h2").all_inner_texts() == [
        "Not on the time line", "Analysis sets", "Response", "Open findings"]  # fmt: skip
    page.keyboard.press("Enter")
    page.wait_for_selector(".grid-row.chosen")
    assert page.url.endswith("#/data/adam/adae?row=1")


def test_a_part_of_the_course_can_be_shown_alone(page):
    shown(page, "#/subject/1", ".profile svg .mark")
    page.click("text=Day 35 to 62")

    assert page.locator(".profile [aria-pressed=true]").inner_text() == "Day 35 to 62"
    assert page.locator(".profile svg .mark").count() == 0
