/* What needs what: forms, domains, datasets and outputs in four columns; a click shows what is above and below. */
(function (Review) {
  "use strict";
  const {h, svg, fill, load, link} = Review;
  const LAYERS = [["raw", "Forms"], ["sdtm", "SDTM"], ["adam", "ADaM"], ["output", "Outputs"]];

  /** All that can be reached from one thing along edges, one way: itself too. */
  function reached(edges, from, way) {
    const near = new Map();
    edges.forEach(edge => near.set(edge[1 - way], [...(near.get(edge[1 - way]) || []), edge[way]]));
    const found = new Set([from]), todo = [from];
    while (todo.length) { for (const one of near.get(todo.pop()) || []) { if (!found.has(one)) { found.add(one); todo.push(one); } } }
    return found;
  }
  Review.reached = reached;

  Review.views.lineage = async function (element, rest, study) {
    const {nodes, edges} = await load("lineage");
    const told = h("p", {role: "status", class: "quiet"}, "Choose a form, domain, dataset or output.");
    const lines = svg("svg", {class: "edges", "aria-hidden": "true"});
    const buttons = nodes.map(([layer, name]) => h("a", {class: "node " + layer, href: Review.address(["lineage", layer, name])}, name));
    const columns = LAYERS.map(([layer, label]) => h("section", {}, h("h2", {}, label), h("div", {class: "nodes"}, buttons.filter((_, at) => nodes[at][0] === layer))));
    const graph = h("div", {class: "graph"}, lines, columns);
    fill(element, h("h1", {}, "Lineage"), told, h("div", {class: "wide"}, graph));
    return function (parts) {
      const at = nodes.findIndex(([layer, name]) => layer === parts[0] && name === parts[1]);
      lines.replaceChildren();
      graph.classList.toggle("has-chosen", at >= 0);
      buttons.forEach(one => { one.classList.remove("up", "down", "next", "chosen"); one.removeAttribute("aria-current"); });
      if (at < 0) { return; }
      const up = reached(edges, at, 0), down = reached(edges, at, 1);
      buttons.forEach((one, n) => { one.classList.toggle("up", up.has(n) && n !== at); one.classList.toggle("down", down.has(n) && n !== at); });
      buttons[at].classList.add("chosen");
      buttons[at].setAttribute("aria-current", "true");
      const [layer, name] = nodes[at];
      const dataset = study.datasets.find(one => one.layer === layer && one.name.toUpperCase() === name) || study.datasets.find(one => layer === "raw" && one.form === name);
      told.replaceChildren(h("strong", {}, name), ": made of " + (up.size - 1) + ", and " + (down.size - 1) + " rest on it. ", layer === "output" ? link("#/output/" + name, "Open " + name) : dataset ? link("#/data/" + dataset.path, "Open the data") : "");
      buttons.forEach((one, n) => one.classList.toggle("next", edges.some(([a, b]) => (a === n && b === at) || (b === n && a === at))));
      draw(edges.filter(edge => edge.includes(at)));
    };

    /** The edges of what is chosen, between the middles of facing sides; what lies further is marked, not joined. */
    function draw(chosen) {
      const home = graph.getBoundingClientRect();
      lines.setAttribute("viewBox", "0 0 " + home.width + " " + home.height);
      lines.replaceChildren(...chosen.map(([one, other]) => {
        const [a, b] = [one, other].map(n => buttons[n].getBoundingClientRect());
        const [x1, y1, x2, y2] = [a.right - home.left, (a.top + a.bottom) / 2 - home.top, b.left - home.left, (b.top + b.bottom) / 2 - home.top];
        const bend = Math.max(20, Math.abs(x2 - x1) / 2);
        return svg("path", {d: "M" + [x1, y1].join(" ") + " C" + [x1 + bend, y1, x2 - bend, y2, x2, y2].join(" ")});
      }));
    }
  };
})(window.Review);
