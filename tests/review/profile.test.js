// Where the days and values of a subject's page stand. Run by node.
const {join} = require("node:path"), {test} = require("node:test");
const assert = require("node:assert/strict");
const axis = require(join(__dirname, "..", "..", "pipeline", "review", "page", "profile_axis.js"));

const PARTS = [{first: -72, last: -10, left: 0, right: 0.2}, {first: -10, last: 35, left: 0.2, right: 0.7}, {first: 35, last: 512, left: 0.7, right: 1}];

test("a day stands in its part, days outside at the ends", () => {
  assert.deepEqual([-900, -41, 12.5, 273.5, 900].map(day => +axis.at(PARTS, day).toFixed(3)), [0, 0.1, 0.45, 0.85, 1]);
});

test("a day has the number that the study gives it", () => {
  assert.deepEqual([[-1, 0], [0, 0], [0, 1], [3, 1], [-1, 1]].map(one => axis.numbered(...one)), [-1, 0, 1, 4, -1]);
});

test("a value stands by its logarithm; what has none at the foot", () => {
  const chart = {log: true, low: 10, high: 1000};
  assert.deepEqual([10, 100, 1000, 0, 5].map(value => axis.share(chart, value)), [0, 0.5, 1, 0, 0]);
  assert.equal(axis.share({log: false, low: 0, high: 8}, 2), 0.25);
});

test("ticks of days shown alone have room", () => {
  assert.deepEqual(axis.whole(-10, 35)[0].ticks, [-10, -5, 0, 5, 10, 15, 20, 25, 30, 35]);
});

for (const [mark, expected] of [
  [{start: 2, sure: 2, until: 8, end: 8}, {known: true, sure: 2, until: 8, first: 2, last: 8}],
  [{start: -7, sure: 23, until: 26, end: 26}, {known: true, sure: 23, until: 26, first: -7, last: 26}],
  [{start: 2, sure: 2, open: "ongoing"}, {known: true, sure: 2, until: 90, first: 2, last: 90}],
  [{start: 2, sure: 2, open: "end not recorded"}, {known: true, sure: 2, until: 2, first: 2, last: 2}],
  [{until: 8, end: 8, open: "start not known"}, {known: false, sure: 8, until: 8, first: 8, last: 8}],
]) {
  test(`${JSON.stringify(mark)} covers its days`, () => assert.deepEqual(axis.days(mark, 90), expected));
}
