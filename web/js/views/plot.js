// A small plot of curves over the last minutes.
//
//   const plot = makePlot({title: t('plotTokens'), least: 10, format: number,
//                          series: [{key: 'generated', name: t('generated')}, ...]});
//   plot.draw(times, curves, now);       // curves[key] has a value or null for each of the times
//
// Axes begin at zero and reach at least `least`. The curves bear their names, and the second one is
// dashed: colour is never the only difference. The same is there in words and as a table.

import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {kKept} from '../readings.js';

const kHeight = 176;
const kTop = 10;
const kBottom = 22;
const kLeft = 54;
const kGap = 10_000;       // milliseconds without a reading: the curve is broken
const kLabelHeight = 15;
const kTableStep = 30_000;

export function makePlot({title, series, format, least, most = Infinity}) {
  const readout = h('p.readout', null);
  const box = h('div.plot-box', null);
  const rows = h('div.scroll-x', {tabindex: '0', role: 'region', 'aria-label': title});
  const table = h('details.plot-table', {ontoggle: () => drawTable()},
    h('summary', null, t('table')), rows);
  const element = h('section.card.plot', null,
    h('div.plot-head', null, h('h2', null, title), readout), box, table);
  let shown = null;
  let pointed = null;      // where the pointer is, in pixels from the left

  function draw(times, curves, now) {
    shown = {times, curves, now};
    const width = Math.max(box.clientWidth, 200);
    const scale = scaleOf({curves, now, width, series, least, most});
    const svg = svgOf(scale, shown);
    box.replaceChildren(svg);
    if (pointed === null) read(times.length - 1);
    else point(svg, scale);
    drawTable();
  }

  function svgOf(scale, {times, curves}) {
    const svg = s('svg', {width: scale.width, height: kHeight, role: 'img',
                          'aria-label': inWords(title, series, curves, format)});
    svg.append(...axes(scale, format), ...series.map(({key}, index) =>
      s('path', {class: `curve series${index}`, d: pathOf(times, curves[key], scale)})),
      ...labels(scale, series, curves));
    svg.addEventListener('pointermove', ({clientX}) => {
      pointed = clientX - svg.getBoundingClientRect().left;
      point(svg, scale);
    });
    svg.addEventListener('pointerleave', () => {
      pointed = null;
      svg.querySelector('.pointer')?.remove();
      read(shown.times.length - 1);
    });
    return svg;
  }

  function point(svg, scale) {
    const index = nearest(shown.times, scale.timeAt(pointed));
    svg.querySelector('.pointer')?.remove();
    if (index < 0) return;
    const at = scale.x(shown.times[index]);
    svg.append(s('line', {class: 'pointer', x1: at, x2: at, y1: kTop, y2: kHeight - kBottom}));
    read(index, true);
  }

  // The values at one time: the last, or that under the pointer.
  function read(index, timed = false) {
    const {times, curves} = shown;
    replace(readout, timed && h('span.muted', null, clock(times[index])),
      series.map(({key, name}, place) =>
        h('span.value', null, swatch(place), h('span.muted', null, name),
          h('b', null, show(curves[key]?.[index], format)))));
  }

  function drawTable() {
    if (!table.open || shown === null) return;
    const head = [t('time'), ...series.map(({name}) => name)];
    replace(rows, h('table.figures', null,
      h('thead', null, h('tr', null,
        head.map((text, place) => h(place > 0 ? 'th.number' : 'th', {scope: 'col'}, text)))),
      h('tbody', null, everyStep(shown.times).map((index) => h('tr', null,
        h('th', {scope: 'row'}, clock(shown.times[index])),
        series.map(({key}) => h('td.number', null, show(shown.curves[key][index], format))))))));
  }

  return {element, draw, redraw: () => shown && draw(shown.times, shown.curves, shown.now)};
}

function s(tag, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.append(text);
  return element;
}

function swatch(place) {
  const svg = s('svg', {class: 'swatch', width: 18, height: 8, 'aria-hidden': 'true'});
  svg.append(s('line', {class: `curve series${place}`, x1: 0, x2: 18, y1: 4, y2: 4}));
  return svg;
}

const show = (value, format) => (value === null || value === undefined ? '–' : format(value));
const clock = (time) => new Date(time).toLocaleTimeString(document.documentElement.lang);

// The next number above that is round, and its half, too.
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].find((step) => step * power >= value * 0.9999) * power;
}

// Letters as wide as they usually are; those of Chinese are square.
const widthOf = (text) =>
  [...text].reduce((width, letter) => width + (letter > '\u2e80' ? 12.5 : 7), 0);

function scaleOf({curves, now, width, series, least, most}) {
  const values = series.flatMap(({key}) => curves[key]).filter((value) => value !== null);
  const top = Math.min(ceiling(Math.max(least, ...values)), most);
  const right = Math.min(Math.max(...series.map(({name}) => widthOf(name))) + 12, width * 0.35);
  const inner = width - kLeft - right;
  const begin = now - kKept;
  return {
    width, top, end: width - right,
    x: (time) => kLeft + Math.max(0, time - begin) / kKept * inner,
    y: (value) => kTop + (1 - Math.min(value / top, 1)) * (kHeight - kTop - kBottom),
    timeAt: (x) => begin + (x - kLeft) / inner * kKept,
  };
}

function axes(scale, format) {
  const lines = [0, scale.top / 2, scale.top].flatMap((value) => {
    const y = scale.y(value);
    const kind = value === 0 ? 'axis' : 'grid';
    return [s('line', {class: kind, x1: kLeft, x2: scale.end, y1: y, y2: y}),
            s('text', {x: kLeft - 8, y: y + 4, 'text-anchor': 'end'}, format(value))];
  });
  const bottom = kHeight - 5;
  return [...lines, s('text', {x: kLeft, y: bottom}, t('fiveMinutesAgo')),
          s('text', {x: scale.end, y: bottom, 'text-anchor': 'end'}, t('now'))];
}

function pathOf(times, values, scale) {
  let path = '';
  let before = -Infinity;
  values.forEach((value, index) => {
    if (value === null) return;
    const gone = index === 0 || values[index - 1] === null || times[index] - before > kGap;
    path += `${gone ? 'M' : 'L'}${scale.x(times[index]).toFixed(1)} ${scale.y(value).toFixed(1)}`;
    before = times[index];
  });
  return path;
}

// The names beside the ends of their curves, moved apart where they would meet.
function labels(scale, series, curves) {
  const ends = series.map(({key, name}) => ({name, y: scale.y(curves[key].at(-1) ?? 0)}));
  ends.sort((a, b) => a.y - b.y);
  let least = kTop;
  for (const end of ends) {
    end.y = Math.max(end.y, least);
    least = end.y + kLabelHeight;
  }
  let most = kHeight - kBottom;
  for (const end of ends.reverse()) {
    end.y = Math.min(end.y, most);
    most = end.y - kLabelHeight;
  }
  return ends.map(({name, y}) => s('text', {class: 'name', x: scale.end + 6, y: y + 4}, name));
}

function nearest(times, time) {
  let best = -1;
  times.forEach((at, index) => {
    if (best < 0 || Math.abs(at - time) < Math.abs(times[best] - time)) best = index;
  });
  return best;
}

function everyStep(times) {
  const rows = [];
  for (let index = times.length - 1; index >= 0; --index) {
    if (rows.length === 0 || times[rows.at(-1)] - times[index] >= kTableStep) rows.push(index);
  }
  return rows;
}

function inWords(title, series, curves, format) {
  const sentences = series.map(({key, name}) => {
    const values = curves[key].filter((value) => value !== null);
    const highest = values.length > 0 ? Math.max(...values) : null;
    return t('plotCurve', {
      name, now: show(curves[key].at(-1), format), highest: show(highest, format),
    });
  });
  return [t('plotOf', {title}), ...sentences].join(' ');
}
