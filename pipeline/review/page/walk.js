/* Records by their number and place, and the way from each to what it comes from: ADaM, SDTM, line of a delivered file. */
(function (Review) {
  "use strict";
  const offsets = new WeakMap();

  /** The start of the file in which a place lies: the last one that is not behind it. */
  function startOf(starts, place) {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= place) { low = middle; } else { high = middle - 1; }
    }
    return starts[low];
  }

  const part = (dataset, place) => Review.load(dataset.path + "/" + startOf(dataset.starts, place));

  /** One value of a part: a text by its number, or a number; null where it is missing. */
  function value(chunk, column, place) {
    const told = chunk.columns[column], at = place - chunk.start;
    if (Array.isArray(told)) { return told[at]; }
    return told.i[at] < 0 ? null : told.t[told.i[at]];
  }

  /** The values of a record by the number of its column. */
  async function record(study, number, place) {
    const dataset = study.datasets[number], chunk = await part(dataset, place);
    return {dataset, number, place, values: dataset.variables.map((one, at) => value(chunk, at, place))};
  }

  /** What a record comes from: [dataset, place] of each. */
  async function sources(study, number, place) {
    const chunk = await part(study.datasets[number], place);
    if (!offsets.has(chunk)) {
      let sum = 0;
      offsets.set(chunk, [0, ...chunk.n.map(one => sum += one)]);
    }
    const at = place - chunk.start, begin = offsets.get(chunk)[at], found = [];
    for (let n = begin; n < begin + chunk.n[at]; n++) { found.push([chunk.to[n], chunk.at[n]]); }
    return found;
  }

  /** Places of runs (start, length, …), one by one. */
  function places(runs) {
    const found = [];
    for (let n = 0; n < runs.length; n += 2) { for (let at = 0; at < runs[n + 1]; at++) { found.push(runs[n] + at); } }
    return found;
  }

  /** Whose each place of a dataset is (`whose`: number of the subject and length of each run), for places in order. */
  function bySubject(whose, chosen) {
    const found = new Map();
    let run = 0, end = whose.length ? whose[1] : 0;
    for (const place of chosen) {
      while (place >= end && run + 2 < whose.length) { run += 2; end += whose[run + 1]; }
      const subject = whose.length ? whose[run] : -1;
      if (!found.has(subject)) { found.set(subject, []); }
      found.get(subject).push(place);
    }
    return found;
  }

  Review.walk = {startOf, part, value, record, sources, places, bySubject};
})(window.Review);
