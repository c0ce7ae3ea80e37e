/* Datasets: the list of them, and one as a table that draws only the rows in sight. */
(function (Review) {
  "use strict";
  const {h, fill, load, link, address, count, plural, say, grid} = Review;
  const LAYERS = [["adam", "Analysis datasets (ADaM)"], ["sdtm", "Tabulation datasets (SDTM)"], ["raw", "Delivered files"]];
  const HEIGHT = 26, AROUND = 8, TALLEST = 8000000;

  Review.views.data = function (element, rest, study, asked) {
    return rest.length < 2 ? list(element, study) : one(element, rest, study, asked);
  };
  Review.views.data.key = parts => parts.slice(0, 3).join("/");

  function list(element, study) {
    fill(element, h("h1", {}, "Data"), LAYERS.map(([layer, label]) => {
      const own = study.datasets.filter(each => each.layer === layer);
      return own.length ? h("section", {}, h("h2", {}, label), h("div", {class: "wide"}, h("table", {class: "plain"}, h("thead", {}, h("tr", {}, ["Dataset", "Label", "Records", "One record is"].map((text, at) => h("th", {scope: "col", class: at === 2 ? "number" : null}, text)))),
        h("tbody", {}, own.map(each => h("tr", {}, h("th", {scope: "row"}, link("#/data/" + each.path, layer === "raw" ? each.name : each.name.toUpperCase())), h("td", {}, each.label), h("td", {class: "number"}, count(each.records)), h("td", {class: "quiet"}, each.structure || (each.form ? "form " + each.form : "")))))))) : null;
    }));
  }

  async function one(element, rest, study, asked) {
    const path = rest.slice(0, 2).join("/"), dataset = study.datasets.find(each => each.path === path);
    if (!dataset) { throw new Error("There is no dataset " + path + "."); }
    const parts = await Promise.all(dataset.starts.map(start => load(path + "/" + start)));
    const columns = grid.joined(parts, dataset.variables.length);
    const table = new Grid(study, dataset, columns);
    fill(element, h("h1", {}, dataset.layer === "raw" ? dataset.name : dataset.name.toUpperCase(), " ", h("small", {}, dataset.label)), table.element);
    return (parts_, now) => table.told(now);
  }

  class Grid {
    constructor(study, dataset, columns) {
      Object.assign(this, {study, dataset, columns});
      this.names = dataset.variables.map(each => each.name);
      this.shown = this.usual();
      this.filters = new Map();
      this.order = null;
      this.rows = [];
      this.chosen = null;
      this.first = -1;
      this.count = h("p", {class: "counted", role: "status"});
      this.head = h("div", {class: "grid-head", role: "rowgroup"});
      this.body = h("div", {class: "grid-body", role: "rowgroup"});
      this.space = h("div", {class: "grid-space"}, this.body);
      this.scroller = h("div", {class: "grid", role: "table", tabindex: "0", "aria-label": dataset.label || dataset.name, onscroll: () => this.draw()}, this.head, this.space);
      this.meta = h("div", {class: "column-told", "aria-live": "polite"});
      this.element = h("div", {class: "data"}, this.tools(), this.scroller, this.meta);
      this.scroller.addEventListener("keydown", event => this.key(event));
      new ResizeObserver(() => { this.first = -1; this.draw(); }).observe(this.scroller);
    }

    /** At first what the records carry themselves: without columns of which no record has a value, and the study's name. */
    usual() {
      return this.names.map((_, at) => at).filter(at => this.names[at] !== "STUDYID" && !this.dataset.variables[at].system && this.some(at));
    }
    some(at) {
      const one = this.columns[at];
      return one.numbers ? one.values.some(each => each !== null) : one.texts.length > 0;
    }

    tools() {
      const choices = this.names.map((name, at) => h("label", {}, h("input", {type: "checkbox", value: at, checked: this.shown.includes(at), onchange: event => this.toggle(at, event.target.checked)}), h("code", {}, name), h("span", {class: "quiet"}, " " + (this.dataset.variables[at].label || ""))));
      return h("div", {class: "tools noprint"}, this.count,
        h("details", {class: "chooser"}, h("summary", {}, "Columns"), h("div", {}, choices)),
        h("button", {type: "button", onclick: () => this.clear()}, "Clear filters"),
        h("button", {type: "button", onclick: () => this.download()}, "Download as CSV"));
    }

    toggle(at, on) {
      this.shown = this.names.map((_, n) => n).filter(n => n === at ? on : this.shown.includes(n));
      this.remember();
      this.heads();
      this.first = -1;
      this.draw();
    }

    /** The address says filters (by column), order, columns and the record that is marked. */
    told(asked) {
      this.filters = new Map(Object.entries(asked).map(([name, text]) => [this.names.indexOf(name), text]).filter(([at]) => at >= 0));
      const by = /^(-?)(.+)$/.exec(asked.sort || "");
      this.order = by && this.names.includes(by[2]) ? [this.names.indexOf(by[2]), by[1] === "-"] : null;
      if (asked.columns) { this.shown = asked.columns.split(",").map(name => this.names.indexOf(name)).filter(at => at >= 0); }
      this.chosen = asked.row ? Number(asked.row) - 1 : null;
      this.heads();
      this.choose();
      if (this.chosen !== null) { this.reach(this.rows.indexOf(this.chosen)); this.record(this.chosen); }
    }

    remember() {
      const asked = {};
      for (const [at, text] of this.filters) { asked[this.names[at]] = text; }
      if (this.order) { asked.sort = (this.order[1] ? "-" : "") + this.names[this.order[0]]; }
      if (this.shown.join() !== this.usual().join()) { asked.columns = this.shown.map(at => this.names[at]).join(","); }
      if (this.chosen !== null) { asked.row = this.chosen + 1; }
      history.replaceState(null, "", address(["data", ...this.dataset.path.split("/")], asked));
    }

    choose() {
      const rows = grid.filtered(this.columns, this.dataset.records, [...this.filters]);
      this.rows = this.order ? grid.sorted(this.columns, rows, ...this.order) : rows;
      this.count.textContent = rows.length === this.dataset.records ? plural(rows.length, "record") : count(rows.length) + " of " + plural(this.dataset.records, "record");
      this.space.style.height = Math.min(TALLEST, this.rows.length * HEIGHT) + "px";
      this.scroller.setAttribute("aria-rowcount", this.rows.length + 1);
      this.first = -1;
      this.draw();
    }

    widths() {
      return this.shown.map(at => {
        const one = this.columns[at], sample = one.numbers ? one.values.slice(0, 200).map(String) : one.texts.slice(0, 200);
        const longest = sample.reduce((most, text) => Math.max(most, text.length), this.names[at].length + 3);
        return Math.min(38, Math.max(7, 1.15 * longest + 2)) + "ch";
      }).join(" ");
    }

    heads() {
      const wide = this.widths();
      this.scroller.style.setProperty("--columns", wide);
      this.head.replaceChildren(h("div", {class: "grid-row", role: "row"}, this.shown.map(at => {
        const name = this.names[at], [by, down] = this.order || [-1, false];
        return h("div", {role: "columnheader", "aria-sort": by === at ? (down ? "descending" : "ascending") : "none"},
          h("button", {type: "button", title: this.dataset.variables[at].label || name, onclick: () => this.sort(at), onfocus: () => this.describe(at), onmouseenter: () => this.describe(at)}, name, h("span", {"aria-hidden": "true"}, by === at ? (down ? " ▼" : " ▲") : "")),
          h("input", {type: "search", "aria-label": "Filter " + name, value: this.filters.get(at) || "", onfocus: () => this.describe(at), oninput: event => this.filter(at, event.target.value)}));
      })));
    }

    sort(at) {
      this.order = !this.order || this.order[0] !== at ? [at, false] : this.order[1] ? null : [at, true];
      this.remember();
      this.heads();
      this.choose();
      this.head.querySelectorAll("button")[this.shown.indexOf(at)].focus();
    }
    filter(at, text) {
      if (text.trim()) { this.filters.set(at, text); } else { this.filters.delete(at); }
      this.remember();
      this.choose();
    }
    clear() {
      this.filters.clear();
      this.order = null;
      this.remember();
      this.heads();
      this.choose();
    }

    /** Only the rows in sight are elements; a table taller than a browser can scroll is scrolled in proportion. */
    draw() {
      const height = this.scroller.clientHeight || 400, whole = this.rows.length * HEIGHT;
      const tall = Math.min(TALLEST, whole), top = this.scroller.scrollTop;
      const share = whole > tall ? top / Math.max(1, tall - height) : 0;
      const seen = whole > tall ? share * (whole - height) : top;
      const first = Math.max(0, Math.floor(seen / HEIGHT) - AROUND);
      const last = Math.min(this.rows.length, Math.ceil((seen + height) / HEIGHT) + AROUND);
      if (first === this.first && this.last === last && whole <= tall) { return; }
      this.body.style.transform = "translateY(" + (whole > tall ? top - (seen - first * HEIGHT) : first * HEIGHT) + "px)";
      const lines = (from, to) => this.rows.slice(from, to).map((row, n) => this.line(row, from + n));
      if (this.first < 0 || first >= this.last || last <= this.first) { this.body.replaceChildren(...lines(first, last)); }
      else {
        const kept = [...this.body.children].slice(Math.max(0, first - this.first), last - this.first);
        const before = lines(first, Math.max(first, this.first)), after = lines(Math.min(last, this.last), last);
        [...this.body.children].forEach(one => { if (!kept.includes(one)) { one.remove(); } });
        this.body.prepend(...before);
        this.body.append(...after);
      }
      [this.first, this.last] = [first, last];
    }

    line(row, at) {
      return h("div", {class: "grid-row" + (row === this.chosen ? " chosen" : "") + (at % 2 ? " odd" : ""), role: "row", "aria-rowindex": at + 2, onclick: () => { this.record(row); }},
        this.shown.map(column => {
          const value = grid.at(this.columns[column], row);
          return h("div", {role: "cell", class: this.columns[column].numbers ? "number" : null, title: value !== null && String(value).length > 36 ? value : null}, value === null ? "" : String(value));
        }));
    }

    key(event) {
      if (event.target !== this.scroller) { return; }
      const at = this.chosen === null ? -1 : this.rows.indexOf(this.chosen);
      const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.rows.length - 1, PageDown: at + 20, PageUp: at - 20}[event.key];
      if (to === undefined || !this.rows.length) { return; }
      event.preventDefault();
      const row = this.rows[Math.max(0, Math.min(this.rows.length - 1, to))];
      this.reach(this.rows.indexOf(row));
      this.record(row);
      this.scroller.focus();
    }
    reach(at) {
      if (at < 0) { return; }
      const height = this.scroller.clientHeight || 400, whole = this.rows.length * HEIGHT, tall = Math.min(TALLEST, whole);
      const wanted = at * HEIGHT - height / 3;
      this.scroller.scrollTop = whole > tall ? wanted / (whole - height) * (tall - height) : wanted;
    }

    /** What is known of a column: the data definition as define.xml has it. */
    describe(at) {
      const one = this.dataset.variables[at];
      this.meta.replaceChildren(h("dl", {class: "facts"}, [["Variable", one.name], ["Label", one.label], ["Type", one.type], ["Origin", one.origin], ["Source", one.source], ["Codelist", one.codelist], ["Core", one.core], ["Derivation", one.derivation]]
        .filter(([, text]) => text).map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text)))));
    }

    /** The record that is chosen, and what it comes from. */
    async record(row) {
      this.chosen = row;
      this.remember();
      this.first = -1;
      this.draw();
      const number = this.study.datasets.indexOf(this.dataset);
      this.meta.replaceChildren(h("h2", {}, "Record " + count(row + 1)), ...(await Review.panel.walked(this.study, number, row)).flat());
    }

    download() {
      const text = grid.csv(this.names, this.columns, this.rows, this.shown);
      const place = URL.createObjectURL(new Blob(["\ufeff" + text], {type: "text/csv;charset=utf-8"}));
      const made = h("a", {href: place, download: this.dataset.name.replace(/[^\w.-]/g, "_") + ".csv"});
      document.body.append(made);
      made.click();
      made.remove();
      setTimeout(() => URL.revokeObjectURL(place), 1000);
      say(plural(this.rows.length, "record") + " written");
    }
  }
})(window.Review);
