/* Rows of a dataset chosen, ordered and written: pure functions on columns, apart from the page so that they can be tested. */
(function (Review) {
  "use strict";

  /** The columns of all parts as one: texts by their number in one list. */
  function joined(parts, columns) {
    return Array.from({length: columns}, (_, at) => {
      const told = parts.map(part => part.columns[at]);
      if (told.every(Array.isArray)) { return {numbers: true, values: told.flat()}; }
      const texts = [], known = new Map(), values = [];
      for (const one of told) {
        const list = Array.isArray(one) ? one.map(number => number === null ? -1 : named(String(number))) : null;
        if (list) { for (const number of list) { values.push(number); } continue; }
        const to = one.t.map(named);
        for (const number of one.i) { values.push(number < 0 ? -1 : to[number]); }
      }
      function named(text) {
        if (!known.has(text)) { known.set(text, texts.length); texts.push(text); }
        return known.get(text);
      }
      return {numbers: false, texts, values};
    });
  }

  const at = (column, row) => column.numbers ? column.values[row] : column.values[row] < 0 ? null : column.texts[column.values[row]];

  /** A filter as written: "=Y" is, "!=Y" is not, ">5" and so on of numbers and dates, "=" alone is missing, else contains. */
  function asked(text) {
    const [, how, rest] = /^\s*(>=|<=|!=|=|>|<)?\s*(.*?)\s*$/.exec(text);
    return {how: how || "contains", word: rest};
  }

  function meets(value, {how, word}) {
    if (how === "contains") { return value !== null && String(value).toLowerCase().includes(word.toLowerCase()); }
    if (how === "=" || how === "!=") {
      const same = value === null ? word === "" : String(value).toLowerCase() === word.toLowerCase() || (typeof value === "number" && word !== "" && value === Number(word));
      return how === "=" ? same : !same;
    }
    if (value === null || word === "") { return false; }
    const [one, two] = typeof value === "number" ? [value, Number(word)] : [String(value), word];
    return {">": one > two, "<": one < two, ">=": one >= two, "<=": one <= two}[how];
  }

  /** The rows (of `length`) that meet all filters: [column, text] pairs. A text's verdict is found once. */
  function filtered(columns, length, filters) {
    const tests = filters.filter(([, text]) => text.trim() !== "").map(([column, text]) => {
      const one = asked(text), of = columns[column];
      if (of.numbers) { return row => meets(of.values[row], one); }
      const none = meets(null, one), verdict = of.texts.map(each => meets(each, one));
      return row => of.values[row] < 0 ? none : verdict[of.values[row]];
    });
    const rows = [];
    for (let row = 0; row < length; row++) { if (tests.every(test => test(row))) { rows.push(row); } }
    return rows;
  }

  /** The rows in the order of a column, missing values last, equal ones as they were. */
  function sorted(columns, rows, column, down) {
    const of = columns[column];
    let rank = row => of.values[row];
    if (!of.numbers) {
      const place = new Int32Array(of.texts.length);
      of.texts.map((text, number) => [text, number]).sort(([one], [other]) => one < other ? -1 : one > other ? 1 : 0)
        .forEach(([, number], n) => { place[number] = n; });
      rank = row => of.values[row] < 0 ? null : place[of.values[row]];
    }
    return rows.slice().sort((one, other) => {
      const [a, b] = [rank(one), rank(other)];
      if (a === null || b === null) { return a === b ? one - other : a === null ? 1 : -1; }
      return (a === b ? 0 : (a < b ? -1 : 1) * (down ? -1 : 1)) || one - other;
    });
  }

  /** A cell of CSV (RFC 4180); a text that a spreadsheet would compute gets a sign before it. */
  function cell(value) {
    if (value === null || value === undefined) { return ""; }
    let text = String(value);
    if (typeof value !== "number" && /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)) { text = "'" + text; }
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  function csv(names, columns, rows, chosen) {
    const lines = [chosen.map(column => cell(names[column])).join(",")];
    for (const row of rows) { lines.push(chosen.map(column => cell(at(columns[column], row))).join(",")); }
    return lines.join("\r\n") + "\r\n";
  }

  Review.grid = {joined, at, asked, meets, filtered, sorted, cell, csv};
})(window.Review);
