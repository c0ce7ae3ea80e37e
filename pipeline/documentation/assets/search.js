// Search of the site without a network: sections.js beside this file says what stands in every section of every page.
(function () {
  "use strict";
  const MOST = 30, AROUND = 60;
  const base = JSON.parse(document.getElementById("__config").textContent).base;
  let loading = null;

  function sections() {
    loading = loading || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = base + "/search/sections.js";
      script.onload = () => done(window.SITE_SECTIONS);
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  // Every word must stand in a section; one in its heading counts most, then at the beginning of a word.
  function found(all, words) {
    const told = [];
    for (const one of all) {
      const title = one.title.toLowerCase(), page = one.page.toLowerCase(), text = one.text.toLowerCase();
      let points = 0;
      for (const word of words) {
        const here = (title.includes(word) ? 20 : 0) + (title.split(/\s+/).includes(word) ? 20 : 0)
          + (page.includes(word) ? 4 : 0) + (text.includes(word) ? 1 : 0);
        if (!here) { points = 0; break; }
        points += here;
      }
      if (points) told.push([points, one]);
    }
    return told.sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, one]) => one);
  }

  function around(text, words) {
    const at = Math.max(0, ...words.map(word => text.toLowerCase().indexOf(word)));
    const first = Math.max(0, at - AROUND);
    return (first ? "… " : "") + text.slice(first, at + 2 * AROUND);
  }

  function line(one, words) {
    const item = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
    link.href = base + "/" + one.at;
    link.append(one.title === one.page ? one.title : one.title + "  ·  " + one.page);
    small.append(around(one.text, words));
    link.append(small);
    item.append(link);
    return item;
  }

  const home = document.createElement("form"), input = document.createElement("input"), list = document.createElement("ol");
  home.className = "site-search";
  home.setAttribute("role", "search");
  input.type = "search";
  input.placeholder = "Search ( / )";
  input.setAttribute("aria-label", "Search the documentation");
  list.setAttribute("aria-label", "Found");
  list.setAttribute("aria-live", "polite");
  home.append(input, list);
  home.addEventListener("submit", event => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.click();
  });

  async function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { list.replaceChildren(); return; }
    const told = found(await sections(), words).map(one => line(one, words));
    if (!told.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.append("Nothing has all of these words.");
      told.push(none);
    }
    list.replaceChildren(...told);
  }

  function moved(event) {
    const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    if (event.key === "Escape") { list.replaceChildren(); input.value = ""; input.focus(); }
    if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (at ? links[at - 1] : input).focus(); }
  }

  input.addEventListener("input", show);
  home.addEventListener("keydown", moved);
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
  });
  document.addEventListener("click", event => { if (!home.contains(event.target)) list.replaceChildren(); });
  document.querySelector(".md-header__inner").append(home);
})();
