/* "Who is in this cell?": the panel beside a table, from a number to the subjects, their records and the delivered lines. */
(function (Review) {
  "use strict";
  const {h, load, link, address, count, plural, say, walk} = Review;
  const FEW = 200, USUAL = ["PARAMCD", "PARAM", "AVALC", "AVAL", "ADT", "CNSR", "EVNTDESC", "CNSDTDSC", "AETERM", "AEDECOD", "AETOXGR", "ATOXGR", "ASTDT", "AVISIT"];
  const NAMING = ["STUDYID", "DOMAIN", "USUBJID"];
  const node = document.getElementById("panel");
  let opener = null, home = "", turn = 0;

  function close(back) {
    turn++;
    if (node.hidden) { return; }
    node.hidden = true;
    document.body.classList.remove("with-panel");
    node.replaceChildren();
    if (back && opener && opener.isConnected) { opener.focus({preventScroll: true}); }
  }
  const leave = () => { close(true); if (home) { location.hash = home; } };

  function frame(title, ...content) {
    node.hidden = false;
    document.body.classList.add("with-panel");
    node.replaceChildren(h("div", {class: "panel-head"}, h("h2", {tabindex: "-1"}, title), h("button", {type: "button", class: "close", "aria-label": "Close (Escape)", onclick: leave}, "×")), ...content);
    node.scrollTop = 0;
    node.querySelector("h2").focus({preventScroll: true});
  }
  const message = text => { home = ""; frame("Not found", h("p", {}, text)); };

  /** Show what stands behind one cell of an output. */
  async function open(study, listed, told, at, back, from) {
    const mine = ++turn, cell = told.cells[at];
    home = back; opener = from || null;
    const [row, column] = cell.l;
    frame(row.split(" / ").pop() || row, h("p", {class: "quiet"}, listed.number + ", " + row + (column ? " | " + column : "")), statistics(cell));
    if (new Set(cell.s.map(([, level]) => level)).size > 1) { node.append(h("p", {class: "quiet"}, "The subjects below are those of all points together; the value of each point stands above.")); }
    if (!cell.b.length) { node.append(h("p", {}, "No condition on records stands behind this text.")); return; }
    for (const number of cell.b) {
      const block = await selection(study, listed, told.behind[number]);
      if (mine !== turn) { return; }
      node.append(block);
    }
    say(row + " " + column + ": " + told.behind[cell.b[0]].n + " subjects");
  }

  function statistics(cell) {
    if (!cell.s.length) { return null; }
    return h("table", {class: "plain tight"}, h("tbody", {}, cell.s.map(([name, level, value, note]) =>
      h("tr", {}, h("th", {scope: "row"}, name, level ? h("span", {class: "quiet"}, " " + level) : null), h("td", {class: "number"}, value || "none"), h("td", {class: "quiet"}, note)))));
  }

  async function selection(study, listed, one) {
    const dataset = study.datasets[one.d];
    const block = h("section", {class: "selection"},
      h("p", {class: "share"}, h("strong", {}, count(one.n)), " of " + count(one.of) + " subjects"),
      h("dl", {class: "told"},
        h("dt", {}, "Population"), h("dd", {}, one.u || "all subjects", clause(one.p, "ADSL")),
        h("dt", {}, "Condition"), h("dd", {}, one.t || "every record", clause(one.w, dataset ? dataset.name.toUpperCase() : ""))),
      variables(dataset, one), decided(study, one));
    if (!dataset) { block.append(h("p", {class: "quiet"}, "The records lie in a dataset that people are not handed.")); return block; }
    const people = walk.bySubject(await load("whose/" + dataset.path), walk.places(one.r));
    block.append(h("h3", {}, plural(people.size, "subject")), subjects(study, one, people));
    return block;
  }

  const clause = (text, of) => text ? h("code", {class: "clause"}, text, of ? h("span", {class: "quiet"}, "  (" + of + ")") : null) : null;

  function variables(dataset, one) {
    const told = dataset ? dataset.variables.filter(each => one.v.includes(each.name) && (each.derivation || each.label)) : [];
    if (!told.length) { return null; }
    return h("details", {}, h("summary", {}, "Variables of the condition"), h("dl", {class: "told"}, told.map(each => [
      h("dt", {}, h("code", {}, each.name), " ", each.label), h("dd", {}, each.derivation || each.source || each.origin || "")])));
  }

  function decided(study, one) {
    const near = study.decisions.filter(each => one.q.includes(each.id)), criteria = Object.values(study.criteria || {});
    if (!near.length && !criteria.length) { return null; }
    return h("details", {}, h("summary", {}, plural(near.length, "decision") + ", criteria"), h("ul", {class: "told"}, near.map(each =>
      h("li", {}, link("#/decisions/" + each.id, each.id), " = ", h("strong", {}, each.choice), " ", h("span", {class: "quiet"}, each.question))),
      criteria.length ? h("li", {}, "Criteria: " + criteria.join(", ")) : null));
  }

  function subjects(study, one, people) {
    const wanted = Review.parsed(location.hash)[1].subject || "";
    const items = [...people].map(([number, places]) => {
      const who = study.subjects[number] || {id: "no subject", at: ""};
      const inside = h("div", {class: "records"});
      const item = h("details", {class: "subject"}, h("summary", {}, h("span", {class: "id"}, who.SUBJID || who.id), h("span", {class: "quiet"}, " " + plural(places.length, "record"))), inside);
      item.addEventListener("toggle", () => {
        if (!item.open || inside.childNodes.length) { return; }
        keep(who);
        if (who.at) { inside.append(h("p", {}, link("#/subject/" + who.at, "Profile of " + (who.SUBJID || who.id)))); }
        records(study, one, number, places, inside);
      });
      if (wanted && (who.at === wanted)) { item.open = true; }
      return item;
    });
    const list = h("div", {class: "subjects"}, items.slice(0, FEW));
    if (items.length > FEW) { list.append(h("button", {type: "button", onclick: event => { event.target.remove(); list.append(...items.slice(FEW)); }}, "Show all " + count(items.length) + " subjects")); }
    return list;
  }

  /** The address remembers which subject is open, so that it can be sent to a colleague. */
  function keep(who) {
    const [parts, asked] = Review.parsed(location.hash);
    if (who.at && parts.includes("row")) { history.replaceState(null, "", address(parts, {...asked, subject: who.at})); }
  }

  async function records(study, one, number, places, inside) {
    for (const place of places.slice(0, FEW)) { Review.fill(inside, await walked(study, one.d, place, one.v)); }
    if (places.length > FEW) { inside.append(h("p", {class: "quiet"}, "… and " + plural(places.length - FEW, "more record"))); }
    if (one.b) { inside.append(await standing(study, one.b, number)); }
  }

  /** The records of the subject that stand for those which do not say their sources. */
  async function standing(study, number, subject) {
    const told = (await load("stand/" + number))[subject] || [], made = h("div", {});
    let left = FEW;
    for (let n = 0; n < told.length; n += 3) {
      for (let at = 0; at < told[n + 2] && left > 0; at++, left--) { Review.fill(made, h("div", {class: "source"}, await walked(study, told[n], told[n + 1] + at))); }
    }
    if (left <= 0) { made.append(h("p", {class: "quiet"}, "… and further records of the subject")); }
    return made;
  }

  /** A record, and below it what it comes from, down to the delivered lines. */
  async function walked(study, number, place, named) {
    const record = await walk.record(study, number, place);
    if (record.dataset.layer === "raw") { return [line(record)]; }
    const from = [];
    for (const [to, at] of await walk.sources(study, number, place)) { from.push(h("div", {class: "source"}, await walked(study, to, at))); }
    if (!from.length && record.dataset.layer === "sdtm") { from.push(h("p", {class: "quiet source"}, study.pooled ? "The lines of delivered files stand in the review site of its study." : "Derived: no line of a delivered file stands behind this record by itself.")); }
    return [entry(record, named || []), from];
  }

  /** One record in a line, the variables that were asked for first; all of them when it is opened. */
  function entry(record, named) {
    const by = new Map(record.dataset.variables.map((one, at) => [one.name, record.values[at]]));
    const has = name => by.get(name) !== null && by.get(name) !== undefined;
    const first = [...new Set([...named, ...USUAL])].filter(has);
    const others = [...by.keys()].filter(name => has(name) && !NAMING.includes(name)).slice(0, 7);
    const told = (first.length > 1 ? first : [...new Set([...first, ...others])]).map(name => name + " = " + shown(by.get(name)));
    const text = record.place >= record.dataset.records ? "delivered, not in the dataset" : told.join(", ");
    return h("details", {class: "record " + record.dataset.layer}, h("summary", {}, h("span", {class: "badge"}, record.dataset.name.toUpperCase()), " ", text), fields(record));
  }

  /** A line of a delivered file: where it stands, its hash, and every field that has a value. */
  function line(record) {
    const at = name => record.values[record.dataset.variables.findIndex(one => one.name === name)];
    return h("details", {class: "record raw"}, h("summary", {}, h("span", {class: "badge"}, record.dataset.name), " line " + shown(at("LINE")) + ", record " + shown(at("RECORD")), " ", h("span", {class: "quiet"}, "sha256 " + (record.dataset.hash || "").slice(0, 16))), fields(record));
  }

  function fields(record) {
    const told = record.dataset.variables.map((one, at) => [one, record.values[at]]).filter(([one, text]) => text !== null && text !== undefined && !one.system);
    return h("dl", {class: "fields"}, told.map(([one, text]) => h("div", {}, h("dt", {}, h("code", {title: one.label || null}, one.name)), h("dd", {}, shown(text), one.label ? h("span", {class: "quiet"}, " " + one.label) : null))),
      h("div", {class: "noprint"}, h("dt", {}), h("dd", {}, link(address(["data", ...record.dataset.path.split("/")], {row: record.place + 1}), "In the dataset"))));
  }
  const shown = text => text === null || text === undefined ? "" : String(text);

  document.addEventListener("keydown", event => { if (event.key === "Escape" && !node.hidden) { leave(); } });
  Review.panel = {open, close, message, walked};
})(window.Review);
