/* What is new since an earlier build, on the first page: counts by set, result, output and dataset, each a link. */
(function (Review) {
  "use strict";
  const {h, link, count, plural, address} = Review;
  const FEW = 12;

  Review.news = function (study, told) {
    const sections = [stated(study, told.stated), apart("Headline results", told.headline, name => headline(study, name)),
      apart("Analysis sets", told.sets, name => name), people(study, told.subjects), findings(told.findings), outputs(study, told.outputs), datasets(study, told.datasets)];
    return h("section", {class: "news"}, h("h2", {}, "New since the build of " + told.cut),
      h("p", {class: "quiet"}, "Extract " + told.extract + ", data cut " + told.cut + ", run " + told.run + ": ",
        told.differences ? plural(told.differences, "difference") : "nothing differs", told.accepted ? ", and " + count(told.accepted) + " accepted in the register" : "", "."),
      sections);
  };

  function table(caption, heads, rows) {
    if (!rows.length) { return null; }
    return h("div", {class: "wide"}, h("table", {class: "plain"}, h("caption", {}, caption), h("thead", {}, h("tr", {}, heads.map(([text, kind]) => h("th", {scope: "col", class: kind}, text)))),
      h("tbody", {}, rows.map(cells => h("tr", {}, cells.map((cell, at) => h(at ? "td" : "th", {scope: at ? null : "row", class: heads[at][1]}, cell)))))));
  }
  const WAS = [["What", null], ["Then", null], ["Now", null]];

  function stated(study, rows) {
    const known = new Set(study.decisions.map(one => one.id));
    return table("What it rests on", WAS, rows.map(([what, was, now]) => [known.has(what) ? link("#/decisions/" + what, what) : what, was, now]));
  }
  const apart = (caption, rows, named) => table(caption, WAS, rows.map(([name, was, now]) => [named(name), was || "none", now || "none"]));

  function headline(study, label) {
    const one = study.headline.find(each => each.label === label);
    return one ? link(one.at.length ? address(["output", one.output, "row", ...one.at]) : "#/output/" + one.output, label) : label;
  }

  function people(study, subjects) {
    const known = new Map(study.subjects.map(one => [one.id, one]));
    const named = id => { const one = known.get(id); return one && one.at ? link("#/subject/" + one.at, one.SUBJID || id) : id; };
    return [["came", "Subjects that came"], ["went", "Subjects that went"]].map(([word, label]) => subjects[word].length ? h("p", {}, label + " (" + count(subjects[word].length) + "): ",
      more(subjects[word].map(named))) : null);
  }

  /** Some of a list, the others when they are asked for. */
  function more(items) {
    const parted = list => list.map((one, at) => [at ? ", " : "", one]);
    const rest = items.slice(FEW);
    return [h("span", {}, parted(items.slice(0, FEW))), rest.length ? h("details", {}, h("summary", {}, count(rest.length) + " more"), h("span", {}, parted(rest))) : null];
  }

  function findings(told) {
    const came = told["record came"], went = told["record went"];
    return came || went ? h("p", {}, link("#/findings", "Findings"), ": " + count(came) + " came, " + count(went) + " went.") : null;
  }

  function outputs(study, told) {
    if (!told.length) { return null; }
    const titles = new Map(study.outputs.map(one => [one.number, one.title]));
    return h("details", {}, h("summary", {}, plural(told.length, "output") + " whose results differ"), h("ul", {class: "told"}, told.map(([number, n]) =>
      h("li", {}, titles.has(number) ? link("#/output/" + number, number) : number, " ", h("span", {class: "quiet"}, (titles.get(number) || "no longer made") + ": " + plural(n, "result"))))));
  }

  function datasets(study, told) {
    if (!told.length) { return null; }
    const paths = new Map(study.datasets.filter(one => one.layer !== "raw").map(one => [one.name.toUpperCase(), one.path]));
    const heads = [["Dataset", null], ["Records then", "number"], ["now", "number"], ["Came", "number"], ["Went", "number"], ["Values", "number"], ["of these variables", null]];
    return h("details", {}, h("summary", {}, plural(told.length, "dataset") + " that " + (told.length === 1 ? "differs" : "differ")), table("Datasets", heads, told.map(one => [
      paths.has(one.name) ? link("#/data/" + paths.get(one.name), one.name) : one.name, count(one.was), count(one.now), count(one.came), count(one.went), count(one.values),
      one.variables.map(([name, n]) => name + " " + count(n)).join(", ") + (one.other ? (one.variables.length ? "; " : "") + plural(one.other, "other difference") : "")])));
  }
})(window.Review);
