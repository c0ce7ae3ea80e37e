/* What all pages of the site stand on: data loaded when needed, elements made without markup, addresses. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const loaded = new Map(), waiting = new Map();

  /** A data file calls this with what it holds. */
  function data(name, value) {
    const one = waiting.get(name);
    waiting.delete(name);
    if (one) { one(value); } else { loaded.set(name, Promise.resolve(value)); }
  }

  /** The data of this name, read from data/<name>.js once; the promise fails where there is no such file. */
  function load(name) {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(name, resolve);
        script.src = "data/" + name.split("/").map(encodeURIComponent).join("/") + ".js";
        script.addEventListener("load", () => script.remove());
        script.addEventListener("error", () => {
          waiting.delete(name);
          loaded.delete(name);
          reject(new Error("There is no file data/" + name + ".js beside this page."));
        });
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  }

  /** Records that are told by column (`names`, and of each its values, or its texts and their numbers), as objects. */
  function rows(told) {
    const first = told.columns[0] || [], size = (Array.isArray(first) ? first : first.i).length;
    const value = (column, at) => Array.isArray(column) ? column[at] : column.i[at] < 0 ? null : column.t[column.i[at]];
    return Array.from({length: size}, (_, at) => Object.fromEntries(told.names.map((name, n) => [name, value(told.columns[n], at)]).filter(([, one]) => one !== null)));
  }

  /** An element: attributes by name, `on…` as listeners, texts as text. Nothing is ever read as markup. */
  function made(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) { continue; }
      if (name.startsWith("on")) { element.addEventListener(name.slice(2), value); }
      else { element.setAttribute(name, value === true ? "" : String(value)); }
    }
    return fill(element, ...children);
  }
  /** Children, lists of them too, put into an element; what is null or false is nothing. */
  function fill(element, ...children) {
    element.append(...children.flat(Infinity).filter(one => one !== null && one !== undefined && one !== false));
    return element;
  }
  const h = (tag, attributes, ...children) => made(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => made(document.createElementNS(SVG, tag), attributes, children);
  const link = (address, ...children) => h("a", {href: address}, ...children);

  /** The parts of an address after "#/", and what stands behind "?": [parts, {name: value}]. */
  function parsed(hash) {
    const [path, query] = hash.replace(/^#\/?/, "").split("?");
    const parts = path.split("/").filter(one => one !== "").map(decoded);
    const asked = {};
    for (const pair of (query || "").split("&").filter(Boolean)) {
      const at = pair.indexOf("=");
      asked[decoded(at < 0 ? pair : pair.slice(0, at))] = at < 0 ? "" : decoded(pair.slice(at + 1));
    }
    return [parts, asked];
  }
  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }

  /** The address of parts and what is asked; empty parts stand as "-" so that none is lost. */
  function address(parts, asked) {
    const path = parts.map(one => encodeURIComponent(one === "" ? "-" : one)).join("/");
    const query = Object.entries(asked || {}).filter(([, value]) => value !== "" && value !== undefined)
      .map(([name, value]) => encodeURIComponent(name) + "=" + encodeURIComponent(value)).join("&");
    return "#/" + path + (query ? "?" + query : "");
  }

  const count = number => Number(number).toLocaleString("en-US");
  const plural = (number, one, many) => count(number) + " " + (number === 1 ? one : many || one + "s");
  const say = text => { document.getElementById("said").textContent = text; };

  window.Review = {data, load, rows, h, svg, fill, link, parsed, address, count, plural, say, views: {}, sections: []};
})();
