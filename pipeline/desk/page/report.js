"use strict";
// Everything is written with textContent: a cell of the extract is never read as HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const STEP = 100;
const SEVERITY = { critical: 0, major: 1, minor: 2, info: 3 };

function make(tag, text, kind) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== "") node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

function cellOf(column, row, grid) {
  const value = row[grid.at[column.name]];
  const cell = make("td", undefined, column.kind || "");
  if (column.name === "severity" || column.name === "status" || column.name === "kind") {
    cell.append(make("span", value, "pill " + value));
  } else if (column.old && row[grid.at[column.old]] !== "") {
    cell.append(make("del", row[grid.at[column.old]]), " → ", make("span", value === "" ? "(empty)" : value));
  } else {
    cell.textContent = value;
  }
  if (column.under && row[grid.at[column.under]]) cell.append(make("small", row[grid.at[column.under]]));
  return cell;
}

function withCode(i, coded, cell) {
  const code = coded === undefined ? "" : cell(coded);
  return (cell(i) === "" ? "(empty)" : cell(i)) + (code ? ` [${code}]` : "");
}

function recordOf(row, grid) {
  const form = data.records[row[grid.at.form]];
  const found = form && form.rows[row[grid.at.key]];
  if (!found) return null;
  const box = make("div", undefined, "record");
  const asked = row[grid.at.field].split(",");
  const at = Object.fromEntries(form.header.map((name, i) => [name, i]));
  form.header.forEach((name, i) => {
    const base = name.replace(/_STD$/, "");
    if (base !== name && base in at) return; // the code is shown beside its decode
    const coded = at[name + "_STD"], isAsked = asked.includes(name) || asked.includes(name + "_STD");
    const moved = found.old[i] !== undefined || (coded !== undefined && found.old[coded] !== undefined);
    if (found.cells[i] === "" && !moved && !isAsked && !(coded !== undefined && found.cells[coded])) return;
    const line = make("div", undefined, (isAsked ? "asked " : "") + (moved ? "moved " : "") + (form.system.includes(name) ? "system" : ""));
    const label = make("b", name), shown = make("span");
    if (form.labels[name]) label.append(make("small", form.labels[name]));
    if (moved) shown.append(make("del", withCode(i, coded, (k) => (found.old[k] === undefined ? found.cells[k] : found.old[k]))));
    shown.append(withCode(i, coded, (k) => found.cells[k]));
    line.append(label, shown);
    box.append(line);
  });
  return { box, from: found.from };
}

function detailOf(row, grid, width) {
  const line = make("tr", undefined, "detail"), cell = make("td");
  cell.colSpan = width;
  const value = (name) => row[grid.at[name]];
  if (value("note")) cell.append(make("p", value("note")));
  cell.append(make("p", data.why[value("check")] || "", "why"));
  if (value("cause")) cell.append(make("p", `Follows from ${value("cause")} and is settled with it.`));
  const settled = grid.rows.filter((other) => value("query") && other[grid.at.cause] === value("query"));
  if (settled.length) {
    cell.append(make("p", "Settled with it:"));
    const list = make("ul");
    for (const other of settled) list.append(make("li", `${other[grid.at.check]} ${other[grid.at.form]} ${other[grid.at.field]}: ${other[grid.at.message]}`));
    cell.append(list);
  }
  const about = make("p", `${value("query")} · check ${value("check")} · record ${value("record") || "none"} · first seen in ${value("first_seen")} · answered by ${value("responsible")} `);
  if (value("subject")) {
    const same = make("button", "all queries of subject " + value("subject"), "link");
    same.addEventListener("click", () => { location.hash = "queries?search=" + encodeURIComponent(value("subject")); });
    about.append(same);
  }
  cell.append(about);
  const record = recordOf(row, grid);
  if (record) {
    if (record.from) cell.append(make("p", "The record as it was in " + record.from + ":", "why"));
    cell.append(record.box);
  }
  line.append(cell);
  return line;
}

function compare(one, other, name) {
  if (name === "severity") return SEVERITY[one] - SEVERITY[other];
  return one.localeCompare(other, "en", { numeric: true });
}

class Grid {
  constructor(host, setting, name) {
    Object.assign(this, setting, { name });
    this.at = Object.fromEntries(this.names.map((name, i) => [name, i]));
    this.text = this.rows.map((row) => row.join("\n").toLowerCase());
    this.wanted = {}; this.search = ""; this.order = null; this.shown = STEP;
    this.tools = make("div", undefined, "tools");
    this.table = make("table", undefined, "list");
    this.more = make("button", "Show more", "more");
    this.more.addEventListener("click", () => { this.shown += STEP * 5; this.draw(); });
    this.buildTools();
    host.append(this.tools, this.table, this.more);
    this.draw();
  }

  buildTools() {
    this.box = make("input");
    this.box.type = "search"; this.box.placeholder = "Search all columns"; this.box.setAttribute("aria-label", "Search");
    this.box.addEventListener("input", () => { this.search = this.box.value.toLowerCase(); this.shown = STEP; this.remember(); this.draw(); });
    this.tools.append(this.box);
    this.selects = {};
    for (const name of this.filters) {
      const levels = [...new Set(this.rows.map((row) => row[this.at[name]]))].sort((a, b) => compare(a, b, name));
      if (levels.length < 2) continue;
      const select = make("select");
      select.setAttribute("aria-label", name);
      select.append(new Option(name + ": all", "\u0000all"), ...levels.map((level) => new Option(level || "(none)", level)));
      select.addEventListener("change", () => { this.want(name, select.value); this.remember(); this.draw(); });
      this.selects[name] = select;
      this.tools.append(select);
    }
    const tied = "cause" in this.at ? this.rows.filter((row) => row[this.at.cause]).length : 0;
    if (tied) {
      this.bound = make("input");
      this.bound.type = "checkbox";
      this.bound.addEventListener("change", () => this.draw());
      const label = make("label");
      label.append(this.bound, ` also the ${tied} that follow from another`);
      this.tools.append(label);
    }
    const clear = make("button", "Clear");
    clear.addEventListener("click", () => { this.apply({}); this.remember(); });
    this.found = make("span", "", "found");
    this.tools.append(clear, this.found);
  }

  want(name, level) {
    if (level === "\u0000all") delete this.wanted[name]; else this.wanted[name] = level;
    this.shown = STEP;
  }

  // The address tells the view, so that it can be sent to a colleague; the file itself stays as it is.
  remember() {
    const view = new URLSearchParams(this.wanted);
    if (this.box.value) view.set("search", this.box.value);
    if (this.order) view.set("sort", (this.order.sign < 0 ? "-" : "") + this.order.name);
    const text = view.toString();
    history.replaceState(null, "", "#" + this.name + (text ? "?" + text : ""));
  }

  apply(wanted) {
    const sort = (wanted.sort || "").replace(/^-/, "");
    this.order = sort in this.at ? { name: sort, sign: wanted.sort.startsWith("-") ? -1 : 1 } : null;
    this.wanted = {}; this.search = (wanted.search || "").toLowerCase(); this.box.value = wanted.search || ""; this.shown = STEP;
    for (const [name, level] of Object.entries(wanted)) if (name !== "search" && name !== "sort" && name in this.at) this.wanted[name] = level;
    for (const [name, select] of Object.entries(this.selects)) select.value = name in this.wanted ? this.wanted[name] : "\u0000all";
    this.draw();
  }

  chosen() {
    const words = this.search.split(/\s+/).filter(Boolean), wanted = Object.entries(this.wanted);
    let found = [];
    for (let i = 0; i < this.rows.length; i += 1) {
      if (this.bound && !this.bound.checked && this.rows[i][this.at.cause]) continue;
      if (wanted.every(([name, level]) => this.rows[i][this.at[name]] === level) && words.every((w) => this.text[i].includes(w))) found.push(this.rows[i]);
    }
    if (this.order) {
      const { name, sign } = this.order, at = this.at[name];
      found = found.slice().sort((a, b) => sign * compare(a[at], b[at], name));
    }
    return found;
  }

  head() {
    const row = make("tr");
    for (const column of this.columns) {
      const here = this.order && this.order.name === column.name;
      const head = make("th", column.head, here ? (this.order.sign > 0 ? "up" : "down") : "");
      head.addEventListener("click", () => { this.order = { name: column.name, sign: here ? -this.order.sign : 1 }; this.remember(); this.draw(); });
      row.append(head);
    }
    const whole = make("thead");
    whole.append(row);
    return whole;
  }

  draw() {
    const found = this.chosen(), body = make("tbody");
    for (const row of found.slice(0, this.shown)) {
      const line = make("tr", undefined, (this.detail ? "row" : "") + (row[this.at.cause] ? " follows" : ""));
      for (const column of this.columns) line.append(cellOf(column, row, this));
      if (this.detail) {
        line.tabIndex = 0;
        const open = () => this.unfold(line, row);
        line.addEventListener("click", open);
        line.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
      }
      body.append(line);
    }
    this.table.replaceChildren(this.head(), body);
    this.more.hidden = found.length <= this.shown;
    this.found.textContent = found.length === this.rows.length ? `${found.length} rows` : `${found.length} of ${this.rows.length} rows`;
    for (const [name, select] of Object.entries(this.selects)) select.className = name in this.wanted ? "set" : "";
    if (!this.rows.length) this.table.replaceChildren(make("caption", "None.", "empty"));
  }

  unfold(line, row) {
    const next = line.nextSibling;
    if (next && next.className === "detail") { next.remove(); line.classList.remove("open"); return; }
    line.classList.add("open");
    line.after(detailOf(row, this, this.columns.length));
  }
}

const grids = {};
for (const host of document.querySelectorAll("[data-grid]")) grids[host.dataset.grid] = new Grid(host, data.grids[host.dataset.grid], host.dataset.grid);

function show() {
  const [name, query] = location.hash.slice(1).split("?");
  const section = document.getElementById("s-" + name) || document.getElementById("s-overview");
  const here = section.id.slice(2);
  for (const other of document.querySelectorAll("main > section")) other.classList.toggle("here", other === section);
  for (const tab of document.querySelectorAll("nav a")) tab.classList.toggle("here", tab.getAttribute("href") === "#" + here);
  if (query !== undefined && grids[here]) grids[here].apply(Object.fromEntries(new URLSearchParams(query)));
  window.scrollTo(0, 0);
}
window.addEventListener("hashchange", show);
show();
