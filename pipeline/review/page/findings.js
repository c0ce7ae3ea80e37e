/* What the gate and the build found, by subject; the decisions of the plan; the subjects of the study. */
(function (Review) {
  "use strict";
  const {h, fill, load, link, address, count, plural} = Review;

  const FEW = 200, MANY = 500;

  /** A list of which only the first are made (what `make` tells of some); the others when they are asked for. */
  async function some(place, items, most, make, what) {
    const more = async from => {
      fill(place, await make(items.slice(from, from + most)));
      if (items.length > from + most) {
        fill(place, h("p", {class: "noprint"}, h("button", {type: "button", onclick: event => { event.target.parentNode.remove(); more(from + most); }}, "Show " + count(Math.min(most, items.length - from - most)) + " more of " + plural(items.length, what))));
      }
    };
    await more(0);
  }

  /** Of each finding the texts that nothing is chosen by lie in files of their own, `size` in each. */
  async function messages(all, numbers) {
    const parts = [...new Set(numbers.map(at => Math.floor(at / all.size)))], told = new Map();
    await Promise.all(parts.map(async part => told.set(part, await load("findings/" + part))));
    return at => told.get(Math.floor(at / all.size))[at % all.size];
  }

  Review.views.findings = async function (element, rest, study, asked) {
    const head = await load("findings"), all = Review.rows(head);
    all.forEach((one, at) => { Object.assign(one, {number: at, subject: one.subject || ""}); });
    const known = new Map(study.subjects.flatMap(one => [[one.id, one], [one.SUBJID, one], [one.at, one]]));
    const told = h("p", {class: "counted", role: "status"}), place = h("div");
    let turn = 0;
    const fields = [["severity", "Severity", [...study.severities, "info"].filter(one => all.some(each => each.severity === one))], ["check", "Check", [...new Set(all.map(one => one.check))].sort()], ["form", "Form", [...new Set(all.map(one => one.form))].sort()]];
    const boxes = fields.map(([name, label, values]) => {
      const box = h("select", {name, onchange: () => changed()}, h("option", {value: ""}, "all"), values.filter(Boolean).map(value => h("option", {value}, value)));
      return [name, box, h("label", {}, label, " ", box)];
    });
    const typed = (name, placeholder) => h("input", {type: "search", name, placeholder, oninput: () => changed()});
    const who = typed("subject", "number"), word = typed("words", "field, words");
    fill(element, h("h1", {}, "Findings"), h("div", {class: "tools noprint"}, told, boxes.map(one => one[2]), h("label", {}, "Subject ", who), h("label", {}, "Words ", word)), place);
    const now = () => Object.fromEntries([...boxes.map(([name, box]) => [name, box.value]), ["subject", who.value], ["words", word.value]]);
    function changed() { history.replaceState(null, "", address(["findings"], now())); return draw(); }

    async function draw() {
      const mine = ++turn, rows = await met(now());
      const groups = new Map();
      for (const one of rows) { if (groups.has(one.subject)) { groups.get(one.subject).push(one); } else { groups.set(one.subject, [one]); } }
      const made = h("div"), sections = async few => {
        const message = await messages(head, few.flatMap(([, own]) => own.map(one => one.number)));
        return few.map(([subject, own]) => section(subject, own, message));
      };
      await some(made, [...groups].sort(([a], [b]) => a < b ? -1 : 1), FEW, sections, "subject");
      if (mine !== turn) { return; }
      told.textContent = plural(rows.length, "finding") + " of " + plural(groups.size, "subject");
      place.replaceChildren(made);
    }
    /** The findings that are asked for; for words that stand in messages these are read. */
    async function met(wanted) {
      const words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean), subject = wanted.subject.trim().toLowerCase();
      const rows = all.filter(one => boxes.every(([name]) => !wanted[name] || one[name] === wanted[name]) && one.subject.toLowerCase().includes(subject));
      if (!words.length) { return rows; }
      const message = await messages(head, rows.map(one => one.number));
      return rows.filter(one => words.every(each => [one.subject, one.field, message(one.number), one.record, one.check].join(" ").toLowerCase().includes(each)));
    }
    function section(subject, own, message) {
      const person = known.get(subject);
      return h("section", {}, h("h2", {}, person && person.at ? link("#/subject/" + person.at, subject) : subject || "Of no subject"), h("div", {class: "wide"}, h("table", {class: "plain asked"}, h("thead", {class: "aloud"}, h("tr", {}, ["Severity", "Check", "Where", "Message"].map(text => h("th", {scope: "col"}, text)))), h("tbody", {}, own.map(one => h("tr", {},
        h("td", {}, h("span", {class: "dot " + one.severity}), one.severity), h("td", {class: "quiet"}, one.check), h("td", {}, where(one)), h("td", {}, message(one.number))))))));
    }
    function where(one) {
      const file = study.datasets.find(each => each.layer === "raw" && each.form === one.form);
      const text = [one.form, one.record, one.field].filter(Boolean).join(" · ");
      return file && one.record ? link(address(["data", ...file.path.split("/")], {RECORD: "=" + one.record}), text) : text;
    }
    for (const [name, box] of boxes) { box.value = asked[name] || ""; }
    who.value = asked.subject || "";
    word.value = asked.words || "";
    await draw();
  };

  Review.views.decisions = async function (element, rest, study) {
    const moved = await load("moved");
    const outputs = new Map(study.outputs.map(one => [one.number, one.title]));
    fill(element, h("h1", {}, "Decisions"), h("p", {class: "quiet"}, plural(study.decisions.length, "open point") + " of the analysis plan, with the choice in force and the outputs that rest on it."));
    for (const one of study.decisions.slice().sort((a, b) => (a.set_in === "standard") - (b.set_in === "standard"))) {
      fill(element, h("article", {class: "decision" + (rest[0] === one.id ? " chosen" : ""), id: "decision-" + one.id},
        h("h2", {}, link("#/decisions/" + one.id, one.id), " = ", one.choice, one.set_in === "standard" ? null : h("span", {class: "chip"}, "set by the study, standard: " + one.default)),
        h("p", {}, one.question), one.why ? h("p", {class: "quiet"}, one.why) : null,
        one.choices.length ? h("p", {class: "quiet"}, "Choices: " + one.choices.join(", ")) : null,
        Review.moved(study, one, moved[one.id] || []), resting(one, rest[0] === one.id)));
    }
    function resting(one, open) {
      const further = one.further ? (one.outputs.length ? " " : "") + plural(one.further, "output") + (one.outputs.length ? " more rest" : " rest") + " on it further upstream." : "";
      const list = h("ul", {class: "told"}, one.outputs.map(number => h("li", {}, link("#/output/" + number, number), " ", h("span", {class: "quiet"}, outputs.get(number) || ""))));
      return [one.outputs.length ? h("details", {open}, h("summary", {}, plural(one.outputs.length, "output") + " compute with it, or with a dataset that does"), list) : null,
              h("p", {class: "quiet"}, further || (one.outputs.length ? "" : "No output rests on it."))];
    }
    return parts => {
      const chosen = parts[0] && document.getElementById("decision-" + parts[0]);
      if (chosen) { chosen.scrollIntoView({block: "start"}); }
    };
  };

  Review.views.subjects = async function (element, rest, study) {
    const all = Review.rows(await load("findings")), open = new Map();
    all.forEach(one => open.set(one.subject || "", (open.get(one.subject || "") || 0) + 1));
    const people = study.subjects.filter(one => one.at), shown = ["SITEID", "AGE", "SEX", "ARM"].filter(name => people.some(one => one[name]));
    const box = h("input", {type: "search", id: "search", "aria-label": "Search subjects", placeholder: "subject"});
    const place = h("div", {class: "wide"}), body = h("tbody"), more = h("div");
    const text = one => [one.SUBJID || one.id, ...shown.map(name => one[name] || "")].join("").toLowerCase();
    const row = one => h("tr", {}, h("th", {scope: "row"}, link("#/subject/" + one.at, one.SUBJID || one.id)), shown.map(name => h("td", {}, one[name] || "")), h("td", {class: "number"}, count(open.get(one.SUBJID) || open.get(one.id) || 0)));
    /** The first of those that are searched for; many thousands would keep a browser busy. */
    function draw(most) {
      const found = people.filter(one => text(one).includes(box.value.toLowerCase()));
      body.replaceChildren(...found.slice(0, most).map(row));
      more.replaceChildren(...(found.length > most ? [h("button", {type: "button", onclick: () => draw(2 * most)}, "Show more of " + plural(found.length, "subject"))] : []));
    }
    box.addEventListener("input", () => draw(MANY));
    fill(place, h("table", {class: "plain"}, h("thead", {}, h("tr", {}, ["Subject", ...shown.map(name => ({SITEID: "Site", AGE: "Age", SEX: "Sex", ARM: "Arm"})[name]), "Findings"].map((label, at) => h("th", {scope: "col", class: at > shown.length ? "number" : null}, label)))), body), more);
    fill(element, h("h1", {}, "Subjects"), h("div", {class: "search"}, h("label", {for: "search"}, "Search"), box), place);
    draw(MANY);
  };
})(window.Review);
