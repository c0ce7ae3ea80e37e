/* The router: what stands after # in the address decides what is shown; back and forward are the browser's own. */
(function (Review) {
  "use strict";
  const {h, load, parsed} = Review;
  const SECTIONS = [["", "Start"], ["output", "Outputs"], ["subjects", "Subjects"], ["data", "Data"],
                    ["findings", "Findings"], ["decisions", "Decisions"], ["lineage", "Lineage"]];
  const OF = {subject: "subjects"};
  const main = document.getElementById("main");
  let shown = null, turn = 0;

  function sections(current) {
    document.getElementById("sections").replaceChildren(...SECTIONS.map(([name, label]) =>
      h("li", {}, h("a", {href: "#/" + name, "aria-current": name === current ? "page" : null}, label))));
  }

  /** Show what the address says. A view that stays (same first parts) is only told of the rest. */
  async function show(study) {
    const mine = ++turn;
    const [parts, asked] = parsed(location.hash);
    const name = parts[0] || "", view = Review.views[name || "start"];
    sections(OF[name] || name);
    if (!view) { return place(h("div", {}, h("h1", {}, "Nothing stands at this address"), h("p", {}, Review.link("#/", "To the start")))); }
    const key = view.key ? view.key(parts) : location.hash;
    if (shown && shown.key === key && shown.update) { return shown.update(parts.slice(1), asked); }
    Review.panel.close(false);
    const element = h("div", {class: "view view-" + (name || "start")});
    try {
      const update = await view(element, parts.slice(1), study, asked);
      if (mine !== turn) { return undefined; }
      shown = {key, update: typeof update === "function" ? update : null};
      place(element);
      if (shown.update) { await shown.update(parts.slice(1), asked); }
    } catch (error) {
      if (mine !== turn) { return undefined; }
      shown = null;
      place(h("div", {}, h("h1", {}, "This cannot be shown"), h("p", {}, String(error.message || error))));
    }
    return undefined;
  }

  function place(element) {
    main.replaceChildren(element);
    const title = element.querySelector("h1");
    document.title = (title ? title.textContent.trim() + " – " : "") + document.querySelector(".study").textContent;
    window.scrollTo(0, 0);
    if (main.dataset.ready) { main.focus({preventScroll: true}); }
    main.dataset.ready = "yes";
  }

  /** The field in the head: an output, a subject or a dataset by its name. */
  function jump(study) {
    const box = document.getElementById("jump-to"), known = new Map();
    for (const one of study.outputs) { known.set(one.number.toLowerCase(), ["#/output/" + one.number, one.title]); }
    for (const one of study.subjects.filter(each => each.at)) { known.set(one.at.toLowerCase(), ["#/subject/" + one.at, one.id]); }
    for (const one of study.datasets) { known.set(one.name.toLowerCase(), ["#/data/" + one.path, one.label]); }
    document.getElementById("jump-list").replaceChildren(...[...known].map(([name, [, told]]) =>
      h("option", {value: name.toUpperCase()}, told)));
    const go = event => {
      event.preventDefault();
      const word = box.value.trim().toLowerCase();
      if (!word) { return; }
      const found = known.get(word);
      location.hash = found ? found[0] : Review.address(["output"], {search: box.value.trim()});
      box.value = "";
    };
    document.getElementById("jump").addEventListener("submit", go);
    box.addEventListener("change", event => { if (known.has(box.value.trim().toLowerCase())) { go(event); } });
    document.addEventListener("keydown", event => {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
      if (event.key === "/" && !typing) { event.preventDefault(); box.focus(); }
    });
  }

  document.querySelector(".skip").addEventListener("click", event => { event.preventDefault(); main.focus(); });
  load("study").then(told => {
    const study = Review.study = {...told, subjects: Review.rows(told.subjects)};
    jump(study);
    window.addEventListener("hashchange", () => show(study));
    return show(study);
  }).catch(error => place(h("p", {}, String(error.message || error))));
})(window.Review);
