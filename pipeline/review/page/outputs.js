/* The list of outputs with its search, and one output as on its page: every number a link to who is in it. */
(function (Review) {
  "use strict";
  const {h, fill, load, link, address, count, say} = Review;
  const ROWS = 1000;  // rows of a table that are shown at once

  Review.views.output = function (element, rest, study, asked) {
    return rest.length ? one(element, rest, study) : list(element, study, asked);
  };
  Review.views.output.key = parts => parts.slice(0, 2).join("/");

  /* ---- all of them ---- */
  function list(element, study, asked) {
    const box = h("input", {type: "search", id: "search", autocomplete: "off", placeholder: "number, title, or what a row is called"});
    const told = h("output", {for: "search", "aria-live": "polite"});
    const sections = new Map();
    const items = study.outputs.slice().sort((a, b) => place(a) < place(b) ? -1 : 1).map(item => {
      const found = h("span", {class: "quiet found"});
      const li = h("li", {}, h("a", {href: "#/output/" + item.number}, h("span", {class: "id"}, item.number), h("span", {}, item.title)), h("span", {class: "quiet"}, item.population), found);
      if (!sections.has(item.section)) { sections.set(item.section, []); }
      sections.get(item.section).push(li);
      return {li, found, head: (item.number + " " + item.title).toLowerCase(), words: item.words, lower: item.words.map(one => one.toLowerCase())};
    });
    const groups = [...sections].map(([name, lis]) => h("section", {}, h("h2", {}, name), h("ol", {class: "list"}, lis)));
    function search() {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of items) {
        const own = words.filter(word => !item.head.includes(word));
        const at = own.length ? item.lower.findIndex(text => own.every(word => text.includes(word))) : -1;
        item.li.hidden = own.length > 0 && at < 0;
        item.found.textContent = at < 0 ? "" : item.words[at];
        shown += item.li.hidden ? 0 : 1;
      }
      groups.forEach(group => { group.hidden = !group.querySelector("li:not([hidden])"); });
      told.textContent = words.length ? shown + " of " + items.length + " outputs" : items.length + " outputs";
    }
    box.addEventListener("input", search);
    box.value = asked.search || "";
    search();
    fill(element, h("h1", {}, "Outputs"), h("div", {class: "search"}, h("label", {for: "search"}, "Search"), box, told), groups);
  }

  /** Section, tables before figures before listings, then by number: as the document has them. */
  function place(item) {
    const numbers = item.number.match(/\d+/g) || [], kind = "TFL".indexOf(item.number[0].toUpperCase());
    const wide = text => text.padStart(4, "0");
    return numbers.slice(0, 2).map(wide).join(".") + (kind < 0 ? 9 : kind) + numbers.slice(2).map(wide).join(".");
  }

  /* ---- one ---- */
  async function one(element, rest, study) {
    const listed = study.outputs.find(each => each.number === rest[0] || each.name === rest[0]);
    if (!listed) { throw new Error("There is no output " + rest[0] + "."); }
    const told = await whole("output/" + listed.name);
    const cells = addressed(listed, told), tables = told.tables.map(table => body(table, cells, listed.title));
    fill(element, steps(study, listed), h("article", {class: "page"},
      told.head.map(line => h("p", {class: "head"}, line.map(text => h("span", {}, text)))),
      h("h1", {}, h("span", {}, told.number), told.titles.map(text => h("span", {}, text))),
      told.population ? h("p", {class: "population"}, told.population) : null,
      told.picture ? h("figure", {class: "picture"}, h("img", {src: told.picture, alt: told.description || listed.title})) : null,
      told.picture && told.tables.length ? h("h2", {class: "noprint"}, "The numbers of this figure") : null,
      tables.map(table => table.element),
      h("footer", {}, told.foot.map(text => h("p", {}, text)))));
    return function (parts) {
      cells.links.forEach(own => own.forEach(one => one.removeAttribute("aria-current")));
      if (parts[1] !== "row") { return Review.panel.close(false); }
      const at = cells.at(address(["output", listed.number, "row", ...parts.slice(2)]));
      if (at === undefined) { return Review.panel.message("No number of " + listed.number + " has this address."); }
      if (!cells.links.has(at)) { tables.forEach(table => table.show(at)); }
      const links = cells.links.get(at) || [];
      links.forEach(each => each.setAttribute("aria-current", "true"));
      return Review.panel.open(study, listed, told, at, "#/output/" + listed.number, links.find(one => one === document.activeElement) || links[0]);
    };
  }

  /** What is told of an output; a long one lies in several files. */
  async function whole(name) {
    const told = await load(name);
    const parts = await Promise.all(Array.from({length: told.parts || 0}, (_, n) => load(name + "/" + (n + 1))));
    if (!told.joined) {
      for (const part of parts) {
        for (const word of ["cells", "behind"]) { for (const one of part[word] || []) { told[word].push(one); } }
        (part.rows || []).forEach(([table, rows]) => { for (const row of rows) { told.tables[table].rows.push(row); } });
      }
      told.joined = true;
    }
    return told;
  }

  /** The cells by their addresses, and the links of those that are shown now. */
  function addressed(listed, told) {
    const own = told.cells.map(cell => cell.a.join("\u0000")), of = at => address(["output", listed.number, "row", ...told.cells[at].a, ...again(told, own, at)]);
    let known = null;
    const at = wanted => {
      known = known || new Map(told.cells.map((_, n) => [of(n), n]));
      return known.get(wanted);
    };
    return {of, at, links: new Map()};
  }

  /** What tells a cell from others of the same ids: its level, or its place among them. */
  function again(told, own, at) {
    if (!told.same) {
      told.same = new Map();
      own.forEach((key, n) => {
        const same = told.same.get(key) || {n: 0, labels: new Map(), place: new Map()}, label = told.cells[n].l[0];
        same.place.set(n, ++same.n);
        same.labels.set(label, (same.labels.get(label) || 0) + 1);
        told.same.set(key, same);
      });
    }
    const same = told.same.get(own[at]), label = told.cells[at].l[0];
    return same.n > 1 ? [label.split(" / ").pop() + (same.labels.get(label) > 1 ? " " + same.place.get(at) : "")] : [];
  }

  function steps(study, listed) {
    const all = study.outputs.slice().sort((a, b) => place(a) < place(b) ? -1 : 1), at = all.indexOf(listed);
    const files = ["html", "pdf", "rtf"].map(kind => h("a", {href: "../tlf/" + listed.name + "." + kind}, kind.toUpperCase()));
    return h("nav", {class: "steps noprint", "aria-label": "Outputs"},
      link("#/output", "All outputs"),
      at > 0 ? h("a", {href: "#/output/" + all[at - 1].number, rel: "prev"}, "‹ " + all[at - 1].number) : null,
      at < all.length - 1 ? h("a", {href: "#/output/" + all[at + 1].number, rel: "next"}, all[at + 1].number + " ›") : null,
      h("span", {class: "files"}, "As printed: ", files.flatMap((one, n) => n ? [" ", one] : [one])));
  }

  /** A table as on its page; of a long one some rows at a time, and those of a cell when it is asked for. */
  function body(table, cells, title) {
    let mine = [];
    const number = (at, text, label) => {
      if (at < 0 || !text.trim()) { return text; }
      const made = h("a", {class: "cell", href: cells.of(at), title: label}, text);
      cells.links.set(at, [...(cells.links.get(at) || []), made]);
      mine.push(at);
      return made;
    };
    const spans = table.spans.length ? h("tr", {}, table.spans.map(([text, wide]) => text ? h("th", {class: "span", scope: "colgroup", colspan: wide}, h("span", {}, text)) : h("td", {colspan: wide}))) : null;
    const heads = h("tr", {}, table.columns.map(column => column.label ? h("th", {scope: "col", class: column.align}, number(column.n, column.label, "Who is in this column?")) : h("td")));
    const line = row => {
      const kind = [row.h ? "header" : "", row.o ? "opens" : ""].filter(Boolean).join(" ");
      const stub = h("th", {scope: row.h ? "rowgroup" : "row", class: "stub i" + Math.min(row.i, 6), colspan: row.x ? table.columns.length : null}, row.x || row.n.length < 1 ? row.c[0] : number(row.n[0], row.c[0], "Who is this?"));
      return h("tr", {class: kind || null}, stub, row.x ? null : row.c.slice(1).map((text, n) => h("td", {class: table.columns[n + 1].align}, h("span", {}, number(row.n[n + 1] === undefined ? -1 : row.n[n + 1], text, "Who is in this number?")))));
    };
    const rows = h("tbody", {}), told = h("p", {class: "rows-told noprint"}), heading = new Set(mine);
    const made = h("table", {class: "printed", "aria-label": title}, h("thead", {}, spans, heads), rows);
    function from(start) {
      mine.filter(at => !heading.has(at)).forEach(at => cells.links.delete(at));
      mine = [];
      rows.replaceChildren(...table.rows.slice(start, start + ROWS).map(line));
      const step = (text, to) => h("button", {type: "button", disabled: to < 0 || to >= table.rows.length, onclick: () => from(to)}, text);
      if (table.rows.length > ROWS) {
        const last = Math.min(start + ROWS, table.rows.length);
        told.replaceChildren("Rows " + count(start + 1) + " to " + count(last) + " of " + count(table.rows.length) + " ", step("‹ Rows before", start - ROWS), " ", step("Rows after ›", start + ROWS));
        say(told.textContent);
      }
    }
    if (table.rows.length) { from(0); } else { rows.append(h("tr", {}, h("td", {class: "center", colspan: table.columns.length}, table.empty))); }
    const show = at => {
      const place = table.rows.findIndex(row => row.n.includes(at));
      if (place >= 0) { from(place - place % ROWS); }
    };
    return {element: [told, h("div", {class: "wide", tabindex: "0", role: "region", "aria-label": title}, made)], show};
  }
})(window.Review);
