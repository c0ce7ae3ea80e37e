"""The index page of all outputs: one HTML file that needs nothing else, with a search over numbers, titles and labels.

It opens from disk and works by keyboard: / goes to the search, the arrows walk through what is found, Enter opens it.
Without scripts it is the whole list.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from tlf.contents import TITLE, Listed, title
from tlf.model import Page
from tlf.render import layout
from tlf.render.volumes import name_of

HINT = "number, title, or what a row is called ( / )"
FORMATS = (("html", "HTML"), ("pdf", "PDF"), ("rtf", "RTF"))
STYLE = """
:root { --ink: #1a1a1a; --soft: #55595e; --rule: #1a1a1a; --hair: #d9dbde; --link: #0b5394; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f4f2; color: var(--ink);
  font: 15px/1.45 Arial, "Liberation Sans", Helvetica, sans-serif; }
main { max-width: 70rem; margin: 2rem auto; padding: 2rem 2.5rem; background: #fff; box-shadow: 0 1px 4px #0002; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; margin: 0; color: var(--soft); }
h1 { font-size: 1.5em; margin: 1rem 0 .25rem; }
h2 { font-size: 1.05em; margin: 1.75rem 0 .25rem; border-bottom: 1px solid var(--rule); padding-bottom: .2rem; }
.search { position: sticky; top: 0; background: #fff; padding: .75rem 0; display: flex; gap: 1rem;
  align-items: center; }
input { flex: 1; font: inherit; padding: .45rem .6rem; border: 1px solid var(--soft); border-radius: 3px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
output { color: var(--soft); min-width: 9rem; text-align: right; }
ol { list-style: none; margin: 0; padding: 0; }
li { display: grid; grid-template-columns: 7.5rem 1fr auto; gap: 0 1rem; padding: .35rem 0;
  border-bottom: 1px solid var(--hair); }
a { color: var(--link); }
li a { text-decoration: none; }
li a:hover { text-decoration: underline; }
.population, .found { color: var(--soft); font-size: .9em; grid-column: 2; }
.files a { margin-left: .75rem; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { main { margin: 0; padding: 1rem; } li { grid-template-columns: 1fr; }
  .population, .found { grid-column: 1; } .files a { margin: 0 .75rem 0 0; } }
@media print { body { background: none; } main { box-shadow: none; margin: 0; } .search, .files { display: none; } }
""".strip()
SCRIPT = """
const box = document.querySelector("input"), told = document.querySelector("output");
const items = [...document.querySelectorAll("li")].map(li => {
  const labels = JSON.parse(li.dataset.labels);
  const head = li.querySelector(".number").textContent + " " + li.querySelector(".title").textContent;
  return {li, labels, head: head.toLowerCase(), lower: labels.map(one => one.toLowerCase())};
});
function show(item, words) {
  const own = words.filter(word => !item.head.includes(word));
  const at = own.length ? item.lower.findIndex(one => own.every(word => one.includes(word))) : -1;
  const found = item.li.querySelector(".found");
  item.li.hidden = own.length > 0 && at < 0;
  found.hidden = at < 0;
  found.textContent = at < 0 ? "" : item.labels[at];
  return !item.li.hidden;
}
function search() {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const count = items.filter(item => show(item, words)).length;
  document.querySelectorAll("section").forEach(one => { one.hidden = !one.querySelector("li:not([hidden])"); });
  told.textContent = words.length ? count + " of " + items.length + " outputs" : items.length + " outputs";
}
box.addEventListener("input", search);
document.addEventListener("keydown", event => {
  const links = [...document.querySelectorAll("li:not([hidden]) .title a")], at = links.indexOf(document.activeElement);
  if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); box.select(); }
  else if (event.key === "Escape") { box.value = ""; search(); box.focus(); }
  else if (event.key === "ArrowDown" && links.length) { event.preventDefault();
    links[Math.min(at + 1, links.length - 1)].focus(); }
  else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (links[at - 1] || box).focus(); }
  else if (event.key === "Enter" && document.activeElement === box && links.length) { links[0].click(); }
});
search();
""".strip()


def render(page: Page, listed: Sequence[Listed], whole: str) -> str:
    """The index as an HTML document; `page` says whose and of which data, `whole` is the file of all outputs."""
    name = escape(f"{page.study}: {TITLE}")
    head = "".join(f'<p class="head"><span>{escape(left)}</span><span>{escape(right)}</span></p>\n'
                   for left, right in layout.head(page))
    sections = "".join(_section(section, list(outputs))
                       for section, outputs in groupby(listed, key=lambda one: one.section))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{name}</title>\n'
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n{head}<h1>{escape(TITLE)}</h1>\n"
        f'<p><a href="{quote(whole)}">All outputs in one PDF</a></p>\n'
        f'<div class="search" role="search"><label for="search">Search</label>'
        f'<input id="search" type="search" autocomplete="off" placeholder="{HINT}">'
        f'<output for="search" aria-live="polite">{len(listed)} outputs</output></div>\n'
        f"{sections}</main>\n<script>\n{SCRIPT}\n</script>\n</body>\n</html>\n"
    )


def _section(section: str, outputs: Sequence[Listed]) -> str:
    items = "".join(map(_item, outputs))
    return f"<section>\n<h2>{escape(section)}</h2>\n<ol>\n{items}</ol>\n</section>\n"


def _item(one: Listed) -> str:
    """One output: its number, title, population, files, and the labels that the search looks through."""
    said = "[" + ",".join(f'"{_json(label)}"' for label in one.labels) + "]"
    number = escape(one.page.number)
    files = "".join(_file(one, suffix, shown, volume) for suffix, shown in FORMATS
                    for volume in range(1, one.volumes + 1))  # fmt: skip
    return (
        f'<li data-labels="{escape(said)}"><span class="number">{number}</span>'
        f'<span class="title"><a href="{quote(one.name)}.html">{escape(title(one.page))}</a></span>'
        f'<span class="files">{files}</span><span class="population">{escape(one.page.population)}</span>'
        f'<span class="found" hidden></span></li>\n'
    )


def _file(one: Listed, suffix: str, shown: str, volume: int) -> str:
    """A link to a file of an output, or of a volume of it."""
    told = shown if one.volumes == 1 else f"{shown} {volume}"
    return (f'<a href="{quote(one.name + name_of(volume))}.{suffix}" '
            f'aria-label="{escape(one.page.number)} as {told}">{told}</a>')  # fmt: skip


def _json(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
