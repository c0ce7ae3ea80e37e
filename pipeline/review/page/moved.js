/* What other choices of a decision move, where a sensitivity was made: headline results, and who enters or leaves a set. */
(function (Review) {
  "use strict";
  const {h, link, plural} = Review;

  /** The scenarios that try another choice of this decision, each with what it moves. */
  Review.moved = function (study, decision, rows) {
    if (!rows.length) { return null; }
    const results = rows.filter(one => one.result), still = [...new Set(rows.filter(one => !one.result && !one.subjects).map(one => one.scenario))];
    const who = new Map(rows.filter(one => one.subjects).map(one => [one.scenario, one.subjects]));
    return h("div", {class: "moved"},
      results.length ? h("div", {class: "wide"}, h("table", {class: "plain"}, h("caption", {}, "Sensitivity: what another choice moves"),
        h("thead", {}, h("tr", {}, ["Choice", "Result", "In force", "With it", "Change"].map((text, at) => h("th", {scope: "col", class: at === 4 ? "number" : null}, text)))),
        h("tbody", {}, results.map(one => h("tr", {}, h("th", {scope: "row"}, one.scenario), h("td", {}, link("#/output/" + one.output, one.result)),
          h("td", {}, one.before, one.stale ? h("span", {class: "chip"}, "of an earlier build") : null), h("td", {}, one.after), h("td", {class: "number"}, change(one.change))))))) : null,
      [...who].map(([scenario, told]) => h("p", {}, h("strong", {}, scenario), ": ", people(study, told))),
      still.length ? h("p", {class: "quiet"}, plural(still.length, "other choice") + (still.length === 1 ? " moves" : " move") + " no headline result and no set: " + still.join(", ")) : null);
  };

  /** A change with its sign; of a proportion in percentage points. */
  function change(text) {
    const number = Number(text);
    return text === undefined || text === "" || Number.isNaN(number) ? "" : (number > 0 ? "+" : number < 0 ? "\u2212" : "") + Math.abs(number).toFixed(1);
  }

  /** Who enters (+) and who leaves (-) each set, each subject a link. */
  function people(study, told) {
    const known = new Map(study.subjects.filter(one => one.at).map(one => [one.id.slice(one.id.lastIndexOf("-") + 1), one]));
    return told.split(" ").map((word, at) => {
      const [, sign, number, end] = /^([+-]?)(.*?)(;?)$/.exec(word), one = sign ? known.get(number) : null;
      return [at ? " " : "", one ? [sign === "+" ? "+" : "\u2212", link("#/subject/" + one.at, number), end] : word];
    });
  }
})(window.Review);
