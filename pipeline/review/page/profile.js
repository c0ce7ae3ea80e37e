/* The page of a subject: who, the course, sets with reasons, tables, open findings. */
(function (Review) {
  "use strict";
  const {h, load, link, address} = Review;
  const LEGEND = "A bar covers its days, the last included. Dashed: days that a partial date leaves open, or an end that nobody recorded. Arrow: ongoing. The axis changes its scale at //. Hollow: below the limit of quantification (LLOQ). Click a mark for its record.";

  Review.views.subject = async function (element, rest, study) {
    const page = await load("subject/" + rest[0]), go = source => { location.hash = where(source, study); };
    const told = h("p", {class: "told-of noprint", "aria-live": "polite"}, "Point at a mark, or step through them with the tab key.");
    const tell = text => { told.textContent = text; };
    const frame = h("div", {class: "drawing"});
    const show = parts => frame.replaceChildren(Review.drawn.draw(page, parts, go, tell));
    show(page.axis);
    element.append(h("div", {class: "profile"}, around(study, rest[0]), h("h1", {}, "Subject " + page.short),
      facts([...page.head, ["Day " + page.first, page.day0 ? page.day0 + ", " + page.origin : ""]]),
      zoom(page, show), frame, h("p", {class: "legend"}, LEGEND, scales(page)), told, h("div", {class: "after"},
        page.undated.length ? [h("h2", {}, "Not on the time line"), table(["What", "Says", "Why"], page.undated)] : null,
        h("h2", {}, "Analysis sets"), table(["Set", "In the set", "Reason"], page.sets),
        page.tables.map(one => [h("h2", {}, one.label), table(one.heads, one.rows, one.sources, study)]),
        h("h2", {}, "Open findings"), page.queries.length ? table(["Severity", "Check", "Where", "Message"], page.queries.map(one => [one.severity, one.check, one.place, one.message])) : h("p", {}, "None."),
        h("p", {class: "noprint"}, link(address(["findings"], {subject: page.short}), "All findings that name this subject")))));
  };

  /** The address of a record in its dataset. */
  function where(source, study) {
    const dataset = study.datasets.find(one => one.name.toUpperCase() === source.dataset && one.layer !== "raw");
    return dataset ? address(["data", ...dataset.path.split("/")], {row: source.record}) : "#/data";
  }

  /** Steps to the subject before and after. */
  function around(study, at) {
    const number = study.subjects.findIndex(one => one.at === at), step = (by, text) => study.subjects[number + by] ? link("#/subject/" + study.subjects[number + by].at, text) : h("span", {class: "quiet"}, text);
    return h("p", {class: "steps noprint"}, step(-1, "‹ Subject before"), step(1, "Subject after ›"));
  }

  function facts(pairs) {
    return h("dl", {class: "facts"}, pairs.filter(([, text]) => text).map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))));
  }

  /** Buttons for the whole course and for each part of the axis. */
  function zoom(page, show) {
    if (page.axis.length < 2) { return null; }
    const name = day => Review.axis.numbered(day, page.first);
    const views = [["Whole course", page.axis], ...page.axis.map(part => [`Day ${name(part.first)} to ${name(part.last)}`, Review.axis.whole(part.first, part.last)])];
    const buttons = views.map(([text, parts], at) => h("button", {type: "button", "aria-pressed": String(at === 0), onclick: () => {
      buttons.forEach((one, other) => one.setAttribute("aria-pressed", String(other === at)));
      show(parts);
    }}, text));
    return h("div", {class: "zoom noprint", role: "group", "aria-label": "Days shown"}, buttons);
  }

  function scales(page) {
    const used = new Set(page.rows.filter(row => row.scale && row.marks.length).map(row => row.scale));
    return [...used].map(name => h("span", {class: "scales"}, Object.entries(page.scales[name]).filter(([level]) => name === "GRADE" || page.rows.some(row => row.scale === name && row.marks.some(mark => mark.level === level)))
      .map(([level, colour]) => h("span", {}, Review.svg("svg", {width: 11, height: 11, viewBox: "0 0 11 11", class: "swatch", "aria-hidden": "true"}, Review.svg("rect", {width: 11, height: 11, fill: colour})), " " + (name === "GRADE" ? "grade " : "") + level))));
  }

  function table(heads, rows, sources, study) {
    const cell = (row, at, text, n) => n === 0 && sources && sources.length ? link(where(sources[at], study), text || "-") : text;
    return h("div", {class: "wide" + (sources && sources.length ? " records-told" : "")}, h("table", {class: "plain tight"}, h("thead", {}, h("tr", {}, heads.map(text => h("th", {scope: "col"}, text.replace(" (", "\n("))))),
      h("tbody", {}, rows.map((row, at) => h("tr", {}, row.map((text, n) => h("td", {}, cell(row, at, text, n))))))));
  }
})(window.Review);
