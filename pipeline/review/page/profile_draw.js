/* The time line and the charts of a subject as SVG; each mark says its record, and leads to it. */
(function (Review) {
  "use strict";
  const {svg, axis} = Review;
  const WIDTH = 1000, LABEL = 215, EDGE = 26, ROW = 17, HEAD = 17, TOP = 30, CHART = 92, GAP = 12, THICK = 10;

  const dark = colour => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16)).reduce((sum, one, at) => sum + one * [0.299, 0.587, 0.114][at], 0) < 140;
  const cut = (text, room) => text.length * 5.6 <= room ? text : text.slice(0, Math.max(Math.floor(room / 5.6) - 1, 0)).trimEnd() + "…";

  /** The drawing of a page on an axis; `tell` is called with the words of what the pointer or the focus is on. */
  function draw(page, parts, go, tell) {
    const x = day => LABEL + axis.at(parts, day) * (WIDTH - LABEL - EDGE);
    const rows = page.rows.map(row => ({row, high: ROW + (row.lane && row.label ? HEAD : 0)}));
    const below = TOP + rows.reduce((sum, one) => sum + one.high, 0), foot = below + page.charts.length * CHART;
    const inside = day => day >= parts[0].first && day <= parts[parts.length - 1].last;
    const context = {page, parts, x, go, tell, inside};
    let y = TOP;
    const lanes = rows.map(one => { const made = lane(one.row, y, context); y += one.high; return made; });
    const charts = page.charts.map(one => { const made = chart(one, y, context); y += CHART; return made; });
    return svg("svg", {viewBox: `0 0 ${WIDTH} ${foot + 4}`, role: "group", "aria-label": "Course of subject " + page.short}, scale(context, foot), lanes, charts,
      inside(0) ? svg("line", {class: "zero", x1: x(0), x2: x(0), y1: TOP - 4, y2: foot}) : null);
  }

  function scale({page, parts, x}, foot) {
    return svg("g", {"aria-hidden": "true"}, svg("text", {class: "small", x: 0, y: TOP - 9}, "Days from " + (page.origin || "nothing known")),
      parts.flatMap(part => part.ticks).map(day => [svg("line", {class: "hair", x1: x(day), x2: x(day), y1: TOP - 4, y2: foot}),
        svg("text", {class: "small", x: x(day), y: TOP - 9, "text-anchor": "middle"}, String(axis.numbered(day, page.first)))]),
      parts.slice(0, -1).map(part => [svg("line", {class: "cut", x1: x(part.last), x2: x(part.last), y1: TOP - 4, y2: foot}),
        svg("text", {class: "small", x: x(part.last), y: TOP + 4, "text-anchor": "middle"}, "//")]));
  }

  function lane(row, top, context) {
    const {x} = context, headed = row.lane && row.label, y = headed ? top + HEAD : top, middle = y + ROW / 2;
    const marks = (row.marks || []).filter(mark => { const one = axis.days(mark, context.page.last); return one.last >= context.parts[0].first && context.inside(Math.max(one.first, context.parts[0].first)); });
    let free = 0;
    const shown = marks.map((one, at) => {
      const days = axis.days(one, context.page.last), begin = x(days.first);
      const next = marks.slice(at + 1).map(other => x(axis.days(other, context.page.last).first)).find(place => place > begin) || WIDTH;
      const [element, end, words] = mark(row, one, days, middle, context);
      const together = marks.slice(at).filter(other => x(axis.days(other, context.page.last).first) === begin).map(other => other.text);
      const room = next - end - 8, text = begin < free ? "" : row.scale ? words : [...new Set(together)].filter(Boolean).join("; ");
      const wide = text.length * 5.2, before = wide > room && begin - free > wide + 14;
      free = Math.max(free, end + (text && !before ? 6 + Math.min(wide, room) : 0));
      const told = !text || (!before && room <= 20 && text.length > 3) ? null
        : svg("text", {class: "small", x: before ? begin - 8 : end + 4, y: y + ROW - 5, "text-anchor": before ? "end" : "start", "aria-hidden": "true"}, before ? text : cut(text, room));
      return [element, told];
    });
    return svg("g", {}, headed ? svg("text", {class: "lane", x: 0, y: top + HEAD - 5}, row.lane) : null,
      svg("text", {class: row.label ? "" : "lane", x: row.label ? 14 : 0, y: y + ROW - 5}, cut(row.label || row.lane || "", LABEL - 24), row.label ? svg("title", {}, row.label) : null),
      svg("line", {class: "hair", x1: LABEL, x2: WIDTH - EDGE, y1: y + ROW, y2: y + ROW}), shown);
  }

  /** A record: its element, where it ends, and what stands beside it. */
  function mark(row, one, days, middle, context) {
    const {page, x} = context, colour = row.scale ? (page.scales[row.scale] || {})[one.level] || "#c3c9cf" : "";
    const begin = x(days.sure), end = Math.max(x(days.until + 1), begin + 5), level = row.scale && one.level && one.level !== "0" ? one.level : "";
    const fill = colour ? {fill: colour} : {}, kind = "shape" + (colour ? "" : " uncoloured"), parts = [];
    const dashed = (from, to) => svg("line", {x1: from, x2: to, y1: middle, y2: middle, class: "dashed", stroke: colour || "currentColor", "stroke-width": 2.4, "stroke-dasharray": "2.5 2.2"});
    let right = end;
    const day = !row.scale && !one.open && days.until === days.sure;
    if (!days.known) { parts.push(dashed(end - 16, end)); }
    else if (day) { parts.push(svg("path", {class: "shape day", d: `M${begin} ${middle - 5}l5 5l-5 5l-5 -5Z`})); right = begin + 5; }
    else { parts.push(svg("rect", {class: kind, x: begin, y: middle - THICK / 2, width: end - begin, height: THICK, rx: 1, ...fill})); }
    const fits = level && level.length * 5.6 + 2 <= end - begin;
    if (fits && days.known) { parts.push(svg("text", {class: "level " + (dark(colour) ? "on-dark" : "on-light"), x: (begin + end) / 2, y: middle + 3.3}, level)); }
    if (days.first < days.sure) { parts.push(dashed(x(days.first), begin)); }
    if (one.open === "ongoing") { parts.push(svg("path", {class: kind, d: `M${end} ${middle - THICK / 2}l6 5l-6 5Z`, ...fill})); right += 6; }
    else if (one.open && days.known) { parts.push(dashed(end, end + 16)); right += 16; }
    else if (days.last > days.until) { parts.push(dashed(end, x(days.last + 1))); right = x(days.last + 1); }
    const words = [row.lane || row.label, row.label && row.lane ? row.label : "", one.text, row.scale && one.level && one.level !== one.text ? (row.scale === "GRADE" ? "grade " : "") + one.level : "", one.dates, one.open && !(one.dates || "").includes(one.open) ? one.open : "", span(days, one, page)];
    return [touched(parts, words, one.source, context), right, row.scale ? (fits ? "" : level) : one.text || ""];
  }

  function span(days, one, page) {
    const name = day => axis.numbered(day, page.first);
    return days.known && days.until !== days.sure && !one.open ? `day ${name(days.sure)} to ${name(days.until)}` : `day ${name(days.sure)}`;
  }

  /** What can be pointed at: says its words, and leads to its record. */
  function touched(children, words, source, {go, tell}) {
    const text = words.filter(Boolean).join("; ") + "; " + source.dataset + (source.seq === undefined ? "" : " " + source.seq);
    const follow = event => { if (event.type === "click" || event.key === "Enter") { event.preventDefault(); go(source); } };
    return svg("g", {class: "mark", tabindex: "0", role: "link", "aria-label": text, onclick: follow, onkeydown: follow, onmouseenter: () => tell(text), onfocus: () => tell(text)}, children, svg("title", {}, text));
  }

  function chart(one, top, context) {
    const {x, page, parts, inside} = context, high = top + GAP, foot = top + CHART, lines = Object.entries(one.lines || {});
    const up = value => foot - (foot - high) * axis.share(one, value), right = WIDTH - EDGE;
    const across = (value, kind, text) => [svg("line", {class: kind, x1: LABEL, x2: right, y1: up(value), y2: up(value)}), svg("text", {class: "small", x: right - 3, y: up(value) - 3, "text-anchor": "end"}, text)];
    const all = lines.flatMap(([, own]) => own).sort((a, b) => a.day - b.day);
    return svg("g", {}, svg("rect", {class: "frame", x: LABEL, y: high, width: right - LABEL, height: foot - high}),
      svg("text", {class: "lane", x: 0, y: high + 10}, one.label), svg("text", {class: "small", x: 0, y: high + 23}, one.unit ? one.unit + (one.log ? ", log" : "") : ""),
      lines.length ? null : svg("text", {class: "small", x: LABEL + 6, y: high + 14}, "no value"), ranges(all, up, x, parts, high, foot),
      lines.length ? one.ticks.map(value => [svg("line", {class: "hair", x1: LABEL, x2: right, y1: up(value), y2: up(value)}), svg("text", {class: "small", x: LABEL - 5, y: up(value) + 3, "text-anchor": "end"}, value >= 1e5 ? "10^" + Math.round(Math.log10(value)) : String(value))]) : null,
      (one.reference || []).map(value => across(value, "threshold", String(value))), (one.limits || []).map(value => across(value, "limit", "LLOQ " + value)),
      lines.map(([name, own], at) => svg("g", {class: "c" + at % 5}, svg("path", {class: "course stroke", d: own.filter(point => inside(point.day)).map((point, n) => (n ? "L" : "M") + x(point.day) + " " + up(point.value)).join("")}),
        lines.length > 1 ? svg("text", {class: "small fill-line", x: 6, y: high + 36 + 12 * at}, cut(name.charAt(0) + name.slice(1).toLowerCase(), LABEL - 40)) : null,
        own.filter(point => inside(point.day)).map(point => touched([dot(point, x(point.day), up(point.value)), point.until > point.day ? svg("line", {class: "stroke", x1: x(point.day), x2: x(point.until), y1: up(point.value), y2: up(point.value), "stroke-dasharray": "2.5 2.2"}) : null],
          [one.label, lines.length > 1 ? name : "", point.text + " " + (point.unit || ""), point.below ? "below the limit of quantification" : "", point.dates, "day " + axis.numbered(point.day, page.first)], point.source, context)))));
  }

  const dot = (point, at, high) => point.below ? svg("path", {class: "shape hollow stroke", d: `M${at - 4} ${high - 3.5}h8l-4 7Z`}) : svg("circle", {class: "shape dot-line", cx: at, cy: high, r: 2.6});

  function ranges(points, up, x, parts, high, foot) {
    const last = parts[parts.length - 1].last;
    return points.map((one, at) => {
      if (one.low === undefined && one.high === undefined) { return null; }
      const begin = x(one.day), end = x(at + 1 < points.length ? Math.min(points[at + 1].day, last) : one.day + 1);
      const upper = one.high === undefined ? high : Math.max(up(one.high), high), lower = one.low === undefined ? foot : Math.min(up(one.low), foot);
      return end > begin && lower > upper ? svg("rect", {class: "range", x: begin, y: upper, width: end - begin, height: lower - upper}) : null;
    });
  }

  Review.drawn = {draw};
})(window.Review);
