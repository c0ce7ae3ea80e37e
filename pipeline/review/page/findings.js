/* What the gate and the build found, by subject; the decisions of the plan; the subjects of the study. */
(function (Review) {
  "use strict";
  const {h, fill, load, link, address, count, plural} = Review;

  Review.views.findings = async function (element, rest, study, asked) {
    const all = await load("findings");
    const known = new Map(study.subjects.flatMap(one => [[one.id, one], [one.SUBJID, one], [one.at, one]]));
    const told = h("p", {class: "counted", role: "status"}), place = h("div");
    const fields = [["severity", "Severity", [...new Set(all.map(one => one.severity))]], ["check", "Check", [...new Set(all.map(one => one.check))].sort()], ["form", "Form", [...new Set(all.map(one => one.form))].sort()]];
    const boxes = fields.map(([name, label, values]) => {
      const box = h("select", {name, onchange: () => changed()}, h("option", {value: ""}, "all"), values.filter(Boolean).map(value => h("option", {value}, value)));
      return [name, box, h("label", {}, label, " ", box)];
    });
    const word = h("input", {type: "search", placeholder: "subject, field, words", oninput: () => changed()});
    fill(element, h("h1", {}, "Findings"), h("div", {class: "tools noprint"}, told, boxes.map(one => one[2]), h("label", {}, "Words ", word)), place);
    const now = () => Object.fromEntries([...boxes.map(([name, box]) => [name, box.value]), ["words", word.value]]);
    function changed() { history.replaceState(null, "", address(["findings"], now())); draw(); }
    function draw() {
      const wanted = now(), words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean);
      const rows = all.filter(one => boxes.every(([name]) => !wanted[name] || one[name] === wanted[name]) && words.every(each => [one.subject, one.field, one.message, one.record, one.check].join(" ").toLowerCase().includes(each)));
      const groups = new Map();
      rows.forEach(one => groups.set(one.subject, [...(groups.get(one.subject) || []), one]));
      told.textContent = plural(rows.length, "finding") + " of " + plural(groups.size, "subject");
      place.replaceChildren(...[...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([subject, own]) => section(subject, own)));
    }
    function section(subject, own) {
      const who = known.get(subject);
      return h("section", {}, h("h2", {}, who && who.at ? link("#/subject/" + who.at, subject) : subject || "Of no subject"), h("div", {class: "wide"}, h("table", {class: "plain asked"}, h("thead", {class: "aloud"}, h("tr", {}, ["Severity", "Check", "Where", "Message"].map(text => h("th", {scope: "col"}, text)))), h("tbody", {}, own.map(one => h("tr", {},
        h("td", {}, h("span", {class: "dot " + one.severity}), one.severity), h("td", {class: "quiet"}, one.check), h("td", {}, where(one)), h("td", {}, one.message)))))));
    }
    function where(one) {
      const file = study.datasets.find(each => each.layer === "raw" && each.form === one.form);
      const text = [one.form, one.record, one.field].filter(Boolean).join(" · ");
      return file && one.record ? link(address(["data", ...file.path.split("/")], {RECORD: "=" + one.record}), text) : text;
    }
    for (const [name, box] of boxes) { box.value = asked[name] || ""; }
    word.value = asked.words || "";
    draw();
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
    const all = await load("findings"), open = new Map();
    all.forEach(one => open.set(one.subject, (open.get(one.subject) || 0) + 1));
    const shown = ["SITEID", "AGE", "SEX", "ARM"].filter(name => study.subjects.some(one => one[name]));
    const box = h("input", {type: "search", id: "search", "aria-label": "Search subjects", placeholder: "subject"});
    const rows = study.subjects.filter(one => one.at).map(one => h("tr", {}, h("th", {scope: "row"}, link("#/subject/" + one.at, one.SUBJID || one.id)), shown.map(name => h("td", {}, one[name] || "")), h("td", {class: "number"}, count(open.get(one.SUBJID) || open.get(one.id) || 0))));
    box.addEventListener("input", () => rows.forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(box.value.toLowerCase()); }));
    fill(element, h("h1", {}, "Subjects"), h("div", {class: "search"}, h("label", {for: "search"}, "Search"), box), h("div", {class: "wide"}, h("table", {class: "plain"}, h("thead", {}, h("tr", {}, ["Subject", ...shown.map(name => ({SITEID: "Site", AGE: "Age", SEX: "Sex", ARM: "Arm"})[name]), "Findings"].map((text, at) => h("th", {scope: "col", class: at > shown.length ? "number" : null}, text)))), h("tbody", {}, rows))));
  };
})(window.Review);
