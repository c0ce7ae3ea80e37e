/* The list of outputs with its search, and one output as on its page: every number a link to who is in it. */
(function (Review) {
  "use strict";
  const {h, fill, load, link, address, count, say} = Review;

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
    const told = await load("output/" + listed.name);
    const base = ["output", listed.number, "row"];
    const cells = told.cells.map((cell, at) => ({at, address: address([...base, ...cell.a, ...again(told, at)]), links: []}));
    fill(element, steps(study, listed), h("article", {class: "page"},
      told.head.map(line => h("p", {class: "head"}, line.map(text => h("span", {}, text)))),
      h("h1", {}, h("span", {}, told.number), told.titles.map(text => h("span", {}, text))),
      told.population ? h("p", {class: "population"}, told.population) : null,
      told.picture ? h("figure", {class: "picture"}, h("img", {src: told.picture, alt: told.description || listed.title})) : null,
      told.picture && told.tables.length ? h("h2", {class: "noprint"}, "The numbers of this figure") : null,
      told.tables.map(table => body(table, cells, listed.title, study)),
      h("footer", {}, told.foot.map(text => h("p", {}, text)))));
    return function (parts) {
      cells.forEach(cell => cell.links.forEach(one => one.removeAttribute("aria-current")));
      if (parts[1] !== "row") { return Review.panel.close(false); }
      const wanted = address([...base, ...parts.slice(2)]);
      const cell = cells.find(each => each.address === wanted);
      if (!cell) { return Review.panel.message("No number of " + listed.number + " has this address."); }
      cell.links.forEach(each => each.setAttribute("aria-current", "true"));
      return Review.panel.open(study, listed, told, cell.at, "#/output/" + listed.number, cell.links[0]);
    };
  }

  /** What tells a cell from others of the same ids: its level, or its place among them. */
  function again(told, at) {
    const same = told.same || (told.same = told.cells.reduce((found, cell, n) => {
      const key = cell.a.join("\u0000");
      found.set(key, [...(found.get(key) || []), n]);
      return found;
    }, new Map()));
    const of = same.get(told.cells[at].a.join("\u0000"));
    return of.length > 1 ? [told.cells[at].l[0].split(" / ").pop() + (of.filter(n => told.cells[n].l[0] === told.cells[at].l[0]).length > 1 ? " " + (of.indexOf(at) + 1) : "")] : [];
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

  function body(table, cells, title, study) {
    const number = (at, text, label) => {
      if (at < 0 || !text.trim()) { return text; }
      const made = h("a", {class: "cell", href: cells[at].address, title: label}, text);
      cells[at].links.push(made);
      return made;
    };
    const spans = table.spans.length ? h("tr", {}, table.spans.map(([text, wide]) => text ? h("th", {class: "span", scope: "colgroup", colspan: wide}, h("span", {}, text)) : h("td", {colspan: wide}))) : null;
    const heads = h("tr", {}, table.columns.map(column => column.label ? h("th", {scope: "col", class: column.align}, number(column.n, column.label, "Who is in this column?")) : h("td")));
    const rows = table.rows.map(row => {
      const kind = [row.h ? "header" : "", row.o ? "opens" : ""].filter(Boolean).join(" ");
      const stub = h("th", {scope: row.h ? "rowgroup" : "row", class: "stub i" + Math.min(row.i, 6), colspan: row.x ? table.columns.length : null}, row.x || row.n.length < 1 ? row.c[0] : number(row.n[0], row.c[0], "Who is this?"));
      return h("tr", {class: kind || null}, stub, row.x ? null : row.c.slice(1).map((text, n) => h("td", {class: table.columns[n + 1].align}, h("span", {}, number(row.n[n + 1] === undefined ? -1 : row.n[n + 1], text, "Who is in this number?")))));
    });
    const made = h("table", {class: "printed", "aria-label": title},
      h("thead", {}, spans, heads),
      h("tbody", {}, rows.length ? rows : h("tr", {}, h("td", {class: "center", colspan: table.columns.length}, table.empty))));
    return h("div", {class: "wide", tabindex: "0", role: "region", "aria-label": title}, made);
  }
})(window.Review);
