/* The first page: which study and data, what is open, who is in which set, the headline results. */
(function (Review) {
  "use strict";
  const {h, svg, fill, link, count, plural, address} = Review;

  Review.views.start = async function (element, rest, study) {
    const news = study.news ? Review.news(study, await Review.load("news")) : null;
    fill(element, 
      h("h1", {}, study.study, " ", h("small", {}, study.title)),
      facts([["Data cut", study.cut], ["Extract", study.extract], ["Extracted", (study.extracted || "").slice(0, 10)],
             ["Sponsor", study.sponsor], ["Coded with", study.dictionaries], ["Run", study.run], ["Stage", study.stage]]),
      h("p", {class: "status"}, study.status),
      h("div", {class: "columns"}, findings(study), sets(study)),
      news, forest(study), decisions(study), flow(study), leftOut(study));
  };

  function facts(pairs) {
    return h("dl", {class: "facts"}, pairs.filter(([, text]) => text).map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))));
  }
  Review.facts = facts;

  function findings(study) {
    const rows = study.severities.map(one => h("tr", {},
      h("th", {scope: "row"}, h("span", {class: "dot " + one}), one),
      h("td", {class: "number"}, link(address(["findings"], {severity: one}), count(study.counts[one] || 0))),
      h("td", {class: "number quiet"}, count(study.further[one] || 0))));
    return h("section", {}, h("h2", {}, "Open findings"),
      h("table", {class: "plain"}, h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Severity"), h("th", {scope: "col", class: "number"}, "Queries"), h("th", {scope: "col", class: "number"}, "Of the build"))), h("tbody", {}, rows)));
  }

  function sets(study) {
    const most = Math.max(1, ...study.sets.map(one => one.n));
    return h("section", {}, h("h2", {}, "Analysis sets"), h("table", {class: "plain"}, h("tbody", {}, study.sets.map(one => h("tr", {},
      h("th", {scope: "row"}, one.label),
      h("td", {class: "bar"}, svg("svg", {viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true"}, svg("rect", {class: "fill", width: 100 * one.n / most, height: 8}))),
      h("td", {class: "number"}, link(address(["data", "adam", "adsl"], one.flag ? {[one.flag]: "=Y"} : {}), count(one.n))))))));
  }

  function forest(study) {
    if (!study.headline.length) { return null; }
    return h("section", {}, h("h2", {}, "Headline results"), h("div", {class: "wide"}, h("table", {class: "plain forest"},
      h("thead", {}, h("tr", {}, ["Result", "Estimate and 95 % limits", "", "Output"].map((text, at) => h("th", {scope: "col"}, at === 2 ? h("span", {class: "aloud"}, "Drawn") : text)))),
      h("tbody", {}, study.headline.map(one => h("tr", {},
        h("th", {scope: "row"}, one.label),
        h("td", {}, link(one.at.length ? address(["output", one.output, "row", ...one.at]) : "#/output/" + one.output, one.text)),
        h("td", {class: "drawn"}, drawn(one.drawn)),
        h("td", {}, link("#/output/" + one.output, one.output))))))));
  }

  /** Estimate and limits on an axis from 0 to 1 (proportions) or to the upper limit, as one small picture. */
  function drawn(told) {
    if (told.length !== 3) { return null; }
    const end = told[2] <= 1 ? 1 : told[2] <= 100 ? 100 : told[2], x = value => 4 + 232 * Math.max(0, Math.min(1, value / end));
    const [middle, low, high] = told.map(x);
    return svg("svg", {viewBox: "0 0 240 20", "aria-hidden": "true"},
      [0, .25, .5, .75, 1].map(at => svg("line", {class: "tick", x1: x(at * end), x2: x(at * end), y1: 0, y2: 20})),
      svg("line", {class: "whisker", x1: low, x2: high, y1: 10, y2: 10}),
      [low, high].map(at => svg("line", {class: "whisker", x1: at, x2: at, y1: 6, y2: 14})),
      svg("rect", {class: "point", x: middle - 4, y: 6, width: 8, height: 8}));
  }

  function decisions(study) {
    const own = study.decisions.filter(one => one.set_in !== "standard");
    return h("section", {}, h("h2", {}, "Decisions that differ from the standard"), own.length ? h("table", {class: "plain"}, h("tbody", {}, own.map(one => h("tr", {},
      h("th", {scope: "row"}, link("#/decisions/" + one.id, one.id)), h("td", {}, one.question), h("td", {}, h("strong", {}, one.choice), h("span", {class: "quiet"}, " (standard: " + one.default + ")")))))) : h("p", {class: "quiet"}, "None: all choices are the standard's."));
  }

  function flow(study) {
    const one = study.outputs.find(each => each.number === study.flow);
    return one ? h("section", {}, h("h2", {}, "Flow of subjects"), h("figure", {class: "picture"}, link("#/output/" + one.number, h("img", {src: "../tlf/" + one.name + ".svg", alt: one.title, loading: "lazy"})))) : null;
  }

  function leftOut(study) {
    if (!study.left_out.length) { return null; }
    return h("section", {}, h("h2", {}, "Records left out"), h("table", {class: "plain"}, h("tbody", {}, study.left_out.map(one =>
      h("tr", {}, h("th", {scope: "row"}, one.why), h("td", {}, one.form), h("td", {class: "number"}, link(address(["findings"], {check: one.check}), plural(one.records, "record"))))))));
  }
})(window.Review);
