/* Days and values in their places: the arithmetic of the profile, without a page (tests run it in node). */
(function (root) {
  "use strict";
  /** Where a day stands on an axis of parts [{first, last, left, right}] (0 to 1); what lies outside stands at its end. */
  function at(parts, day) {
    for (const part of parts) {
      if (day <= part.last) {
        return part.left + (Math.max(day, part.first) - part.first) / (part.last - part.first) * (part.right - part.left);
      }
    }
    return 1;
  }

  /** The number of a day: day 0 has the number `first` (0, or 1 where there is no day 0). */
  const numbered = (day, first) => Math.trunc(day) + (day >= 0 ? first : 0);

  /** How high a value stands (0 to 1); what a logarithm does not have stands at the foot. */
  function share(chart, value) {
    if (!chart.log) { return (value - chart.low) / (chart.high - chart.low); }
    if (value <= 0) { return 0; }
    const low = Math.log10(chart.low), high = Math.log10(chart.high);
    return Math.min(Math.max((Math.log10(value) - low) / (high - low), 0), 1);
  }

  const STEPS = [1, 2, 5, 7, 14, 28, 50, 100, 200, 365, 730, 1461];
  /** One part over these days, with ticks that have room. */
  function whole(first, last) {
    const step = STEPS.find(one => one / (last - first) >= 0.045) || STEPS[STEPS.length - 1], ticks = [];
    for (let day = Math.ceil(first / step) * step; day <= last; day += step) { ticks.push(day); }
    return [{first, last, left: 0, right: 1, ticks}];
  }

  /** The days a mark covers for sure, and those it may: [sure start, sure end, first, last, whether an end is open]. */
  function days(mark, last) {
    const known = mark.sure !== undefined;
    const sure = known ? mark.sure : mark.until;
    const until = mark.until !== undefined ? mark.until : mark.open === "ongoing" ? last : sure;
    return {known, sure, until, first: mark.start !== undefined ? mark.start : sure, last: mark.end !== undefined ? mark.end : until};
  }

  const told = {at, numbered, share, whole, days};
  if (root.Review) { root.Review.axis = told; } else { module.exports = told; }
})(typeof window === "undefined" ? globalThis : window);
