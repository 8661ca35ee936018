// What the run store holds: comparisons and benchmarks, and one of them with its report.
//
//   #/runs            all of them
//   #/runs?run=k3f9q2     one

import {h, replace} from '../dom.js';
import {number, seconds, t, when} from '../i18n.js';
import {get} from '../server.js';
import {state, watch} from '../state.js';
import {topbar} from './frame.js';
import {mountRunDetails} from './run_details.js';
import {faultOf, kKinds, kindName, stateBadge} from './run_parts.js';

let filter = {text: '', kind: ''};     // as it was left

export function mountRuns(element) {
  const page = h('div.page', null);
  element.append(
    topbar(h('h1', null, t('view_runs'))),
    h('section.view', {tabindex: '0', 'aria-label': t('view_runs')}, page));
  let end = () => {};
  let opened = null;        // the run whose row gets the focus again
  function show() {
    if (state.view !== 'runs') return;
    end();
    page.replaceChildren();
    page.parentElement.scrollTop = 0;
    const id = state.query.get('run');
    end = id === null ? mountList(page, opened) : mountRunDetails(page, id);
    opened = id;
  }
  show();
  const endWatch = watch('query', show);
  return () => {
    end();
    endWatch();
  };
}

function mountList(page, opened) {
  const control = new AbortController();
  async function read() {
    replace(page, h('p.muted', null, t('readingRuns')));
    try {
      const {runs} = await get('/retort/v1/runs', control.signal);
      replace(page, runs.length === 0 ? empty() : listOf(runs));
      const links = [...page.querySelectorAll('a')];
      links.find(({hash}) => opened !== null && hash === linkTo(opened))?.focus();
    } catch (error) {
      if (error.name !== 'AbortError') replace(page, faultOf(error, read));
    }
  }
  read();
  return () => control.abort();
}

function empty() {
  return h('div.card.empty', null,
    h('h2', null, t('noRuns')),
    h('p', null, t('noRunsCompare')), h('pre', null, 'retort compare A B'),
    h('p', null, t('noRunsBench')), h('pre', null, 'retort bench MODEL'));
}

function listOf(runs) {
  const body = h('tbody', null);
  const found = h('p.muted.small-text', {role: 'status'});
  const box = h('div.scroll-x', null);
  const text = h('input', {
    type: 'search', 'aria-label': t('searchRuns'), placeholder: t('searchRuns'),
    autocomplete: 'off', oninput: () => keep({text: text.value}),
  });
  const kind = h('select', {'aria-label': t('kind'), onchange: () => keep({kind: kind.value})},
    h('option', {value: ''}, t('allKinds')),
    kKinds.map((name) => h('option', {value: name}, t(`run_${name}`))));
  text.value = filter.text;
  kind.value = filter.kind;
  function keep(changes) {
    filter = {...filter, ...changes};
    draw();
  }
  function draw() {
    const fitting = runs.filter(fits);
    replace(body, fitting.map(row));
    box.hidden = fitting.length === 0;
    replace(found, fitting.length === 0 ? t('nothingFits')
      : t('runsFound', {n: number(fitting.length), all: number(runs.length)}));
  }
  draw();
  box.append(h('table.figures.runs', null, h('thead', null, heads()), body));
  return [h('div.row.run-filter', null, text, kind, found), box];
}

function fits(run) {
  if (filter.kind !== '' && run.kind !== filter.kind) return false;
  const known = [run.id, run.kind, run.state, run.command, ...run.models].join(' ').toLowerCase();
  return filter.text.toLowerCase().split(/\s+/).every((word) => known.includes(word));
}

const linkTo = (id) => `#/runs?run=${encodeURIComponent(id)}`;

function heads() {
  const head = (word, classes = '') => h(`th${classes}`, {scope: 'col'}, t(word));
  return h('tr', null, head('started'), head('kind', '.wide-only'), head('modelsMeasured'),
    head('measurements', '.number.wide-only'), head('duration', '.number.wide-only'),
    head('state'));
}

function row(run) {
  return h('tr', null,
    h('td', null,
      h('a', {href: linkTo(run.id)}, when(run.started_at)),
      h('div.muted.small-text', null, h('code', null, run.id))),
    h('td.kind.wide-only', null, kindName(run.kind)),
    h('td', null, run.models.map((name) => h('div', null, name))),
    h('td.number.wide-only', null, number(run.samples + (run.timings ?? 0))),
    h('td.number.wide-only', null, seconds(run.seconds)),
    h('td', null, stateBadge(run.state)));
}
