// The parts of the review site that compute: which rows meet a filter, their order, CSV, addresses, the way back. Run by node.
const {readFileSync} = require("node:fs"), {join} = require("node:path"), {test} = require("node:test"), vm = require("node:vm");
const assert = require("node:assert/strict");

const home = join(__dirname, "..", "..", "pipeline", "review", "page");
const context = vm.createContext({window: {}, document: {head: {append() {}}, createElement: () => ({addEventListener() {}})}, encodeURIComponent, decodeURIComponent});
for (const name of ["core.js", "grid.js", "walk.js"]) { vm.runInContext(readFileSync(join(home, name), "utf8"), context); }
const {grid, walk, address, parsed} = context.window.Review;
const same = (found, expected) => assert.deepEqual(JSON.parse(JSON.stringify(found)), expected);

const COLUMNS = grid.joined([
  {columns: [[1, null, 10], {t: ["b", "A"], i: [0, 1, -1]}]},
  {columns: [[2], {t: ["c"], i: [0]}]},
], 2);

test("records told by column are objects, without what they do not say", () => {
  const told = {names: ["id", "SEX", "n"], columns: [{t: ["S-1", "S-2"], i: [0, 1]}, {t: ["F"], i: [0, -1]}, [1, null]]};
  same(context.window.Review.rows(told), [{id: "S-1", SEX: "F", n: 1}, {id: "S-2"}]);
  same(context.window.Review.rows({names: [], columns: []}), []);
});

test("parts of a dataset are one, whatever list of texts each has", () => {
  same(COLUMNS, [{numbers: true, values: [1, null, 10, 2]}, {numbers: false, texts: ["b", "A", "c"], values: [0, 1, -1, 2]}]);
});

for (const [column, text, rows] of [
  [1, "a", [1]], [1, "=B", [0]], [1, "!=b", [1, 2, 3]], [1, "=", [2]], [1, "!=", [0, 1, 3]], [1, "  ", [0, 1, 2, 3]],
  [0, ">1", [2, 3]], [0, ">=2", [2, 3]], [0, "<2", [0]], [0, "=", [1]], [0, "=10.0", [2]], [0, "1", [0, 2]], [0, "> x", []],
]) {
  test(`the filter ${JSON.stringify(text)} on column ${column}`, () => same(grid.filtered(COLUMNS, 4, [[column, text]]), rows));
}

test("numbers are ordered as numbers, missing ones last both ways, equal ones as they were", () => {
  same([grid.sorted(COLUMNS, [0, 1, 2, 3], 0, false), grid.sorted(COLUMNS, [0, 1, 2, 3], 0, true)], [[0, 3, 2, 1], [2, 3, 0, 1]]);
  same(grid.sorted(COLUMNS, [0, 1, 2, 3], 1, false), [1, 0, 3, 2]);
});

for (const [value, cell] of [["=1+1", "'=1+1"], ["+A1", "'+A1"], ["@x", "'@x"], ["-cmd", "'-cmd"], ["-5", "-5"], [-5, "-5"],
  ['a "b", c', '"a ""b"", c"'], ["two\nlines", '"two\nlines"'], [null, ""], ["\t=1", "'\t=1"]]) {
  test(`the cell of CSV of ${JSON.stringify(value)}`, () => same(grid.cell(value), cell));
}

for (const [parts, asked] of [[["output", "T-1", "row", "", "a/b", "x?y"], {}], [["data", "adam", "adae"], {AETERM: "=Fever & chills", sort: "-A"}]]) {
  test(`an address says the same again: ${parts.join(" ")}`, () => same(parsed(address(parts, asked)), [parts.map(one => one || "-"), asked]));
}

test("a place lies in the part that begins last before it", () => same([0, 4, 5, 99].map(at => walk.startOf([0, 5, 50], at)), [0, 0, 5, 50]));
test("runs are places one by one", () => same(walk.places([3, 2, 9, 1]), [3, 4, 9]));
test("places are told by subject", () => same([...walk.bySubject([0, 2, 1, 3], [0, 1, 4])], [[0, [0, 1]], [1, [4]]]));
