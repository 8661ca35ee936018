// The dashboard: what the server does now and did in the last five minutes, from its /metrics.

import {announce} from '../announce.js';
import {h, replace} from '../dom.js';
import {bytes, number, t} from '../i18n.js';
import {endsOf, figuresOf, modelsOf} from '../load_figures.js';
import {followMetrics} from '../readings.js';
import {state, watch} from '../state.js';
import {drawTiles} from './dashboard_tiles.js';
import {topbar} from './frame.js';
import {makePlot} from './plot.js';

let chosen = null;     // a model's name; null: all of them

const percent = (value) => t('percent', {n: number(value * 100, value < 0.1 ? 1 : 0)});
const inMilliseconds = (value) => t('milliseconds', {n: number(value * 1000, 0)});
const inSeconds = (value) =>
  (value > 0 && value < 1 ? inMilliseconds(value) : t('seconds', {n: number(value, 1)}));

// A function: the words are those of the language at that time.
const kPlots = () => [
  {title: t('plotTokens'), least: 10, format: (value) => number(value, value < 10 ? 1 : 0),
   series: [{key: 'generated', name: t('generated')}, {key: 'prompt', name: t('prompts')}]},
  {title: t('plotRequests'), least: 2, format: (value) => number(value),
   series: [{key: 'running', name: t('running')}, {key: 'waiting', name: t('inQueue')}]},
  {title: t('plotFirst'), least: 0.1, format: inSeconds,
   series: [{key: 'first50', name: 'p50'}, {key: 'first95', name: 'p95'}]},
  {title: t('plotBetween'), least: 0.01, format: inMilliseconds,
   series: [{key: 'between50', name: 'p50'}, {key: 'between95', name: 'p95'}]},
  {title: t('plotCache'), least: 1, most: 1, format: percent,
   series: [{key: 'cacheUse', name: t('inUse')}]},
  {title: t('plotMemory'), least: 1e6, format: bytes,
   series: [{key: 'weights', name: t('weights')}, {key: 'cache', name: t('kvCache')}]},
];

const kEndTables = [
  ['answers', 'answersEnded', 'end_'],
  ['thoughts', 'thoughtsEnded', 'thought_'],
  ['refused', 'requestsRefused', 'refused_'],
  ['responses', 'httpResponses', ''],
];

export function mountDashboard(element) {
  const filter = h('div.filter', null);
  const fault = h('p.fault.lost', {hidden: true});
  const tiles = h('dl.tiles', null);
  const plots = kPlots().map(makePlot);
  const ends = h('div.end-tables', null);
  const body = h('div.dashboard', {hidden: true},
    tiles,
    h('div.plots', null, plots.map((plot) => plot.element)),
    ends);
  const first = h('p.muted', null, t('readingMetrics'));
  const page = h('div.page', null, fault, first, body);
  element.append(
    topbar(h('h1', null, t('view_dashboard')), h('span.fill'), filter),
    h('section.view', {tabindex: '0', 'aria-label': t('view_dashboard')}, page));

  let lost = false;
  let names = '';
  function draw() {
    const {list, error} = state.readings;
    drawFault(error);
    first.hidden = list.length > 0 || error !== null;
    body.hidden = list.length === 0;
    if (list.length === 0) return;
    drawFilter(modelsOf(list.at(-1)));
    const figures = figuresOf(list, chosen);
    drawTiles(tiles, figures, list, chosen);
    for (const plot of plots) plot.draw(figures.times, figures.curves, list.at(-1).time);
    drawEnds(ends, list);
  }

  function drawFault(error) {
    fault.hidden = error === null;
    const text = error === null ? '' : t('metricsLost', {error});
    if (fault.textContent !== text) fault.textContent = text;
    if (lost !== (error !== null)) announce(error === null ? t('metricsBack') : text);
    lost = error !== null;
  }

  // Drawn anew only where the models are others, so that nobody loses a list that is open.
  function drawFilter(models) {
    if (!models.includes(chosen)) chosen = null;
    if (names === models.join('\n')) return;
    names = models.join('\n');
    replace(filter, models.length > 1 && modelFilter(models, draw));
  }

  const endWatch = watch('readings', draw);
  const endFollowing = followMetrics();
  const resized = new ResizeObserver(() => plots.forEach((plot) => plot.redraw()));
  resized.observe(page);
  draw();
  return () => {
    endWatch();
    endFollowing();
    resized.disconnect();
  };
}

function modelFilter(models, draw) {
  const select = h('select', {
    'aria-label': t('modelName'),
    onchange: () => {
      chosen = select.value === '' ? null : select.value;
      draw();
    },
  },
  h('option', {value: ''}, t('allModels')),
  models.map((name) => h('option', {value: name}, name)));
  select.value = chosen ?? '';
  return select;
}

function drawEnds(element, list) {
  replace(element, kEndTables.map(([what, title, words]) => {
    const {recent, ever} = endsOf(list, what, chosen);
    // Of HTTP, only what went wrong is worth a line here.
    const keys = [...ever.keys()].filter((key) => what !== 'responses' || /^[45]/.test(key)).sort();
    return h('section.card', null, h('h2', null, t(title)),
      keys.length === 0 ? h('p.muted', null, t('noneYet')) : endTable(keys, words, recent, ever));
  }));
}

const kNamed = new Set(['end_stop', 'end_length', 'end_cancelled', 'end_error', 'end_loop',
                        'thought_model', 'thought_budget', 'thought_budget_hard', 'thought_loop',
                        'thought_asked', 'refused_queue_full', 'refused_context_length',
                        'refused_shutting_down']);

function endTable(keys, words, recent, ever) {
  const nameOf = (key) => (kNamed.has(words + key) ? t(words + key) : key);
  return h('table.figures', null,
    h('thead', null, h('tr', null, h('th', {scope: 'col'}, h('span.unseen', null, t('kind'))),
      h('th.number', {scope: 'col'}, t('lastMinutes')),
      h('th.number', {scope: 'col'}, t('sinceStart')))),
    h('tbody', null, keys.map((key) => h('tr', null,
      h('th', {scope: 'row'}, nameOf(key)),
      h('td.number', null, number(recent.get(key))),
      h('td.number', null, number(ever.get(key)))))));
}
