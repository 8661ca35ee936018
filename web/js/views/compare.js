// Two to four models side by side: the same prompt for all, live figures, and a vote.
//
//   const end = mountCompare(element);
//
// The comparison itself is in compare/session.js and goes on when the view is left. Columns are
// made anew only when their number changes or a comparison begins or ends, so that folds and places
// stay.

import {kMost, nextColumn} from '../compare/columns.js';
import {kFigures, marks} from '../compare/figures.js';
import * as session from '../compare/session.js';
import {h, replace, throttle} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {change} from '../settings.js';
import {state, watch} from '../state.js';
import {CompareColumn} from './compare_column.js';
import {comparePrompt} from './compare_prompt.js';
import {columnTabs} from './compare_tabs.js';
import {VoteBar} from './compare_vote.js';
import {toggleSettings, topbar} from './frame.js';

const kDraw = 80;      // milliseconds between two drawings of what comes
const kTick = 200;     // of the timers

export function mountCompare(root) {
  const strip = h('div.cmp-columns');
  const notice = h('div.cmp-notice');
  const tabs = columnTabs(strip);
  const prompt = comparePrompt();
  const bar = new VoteBar({begin: prompt.begin});
  const tools = compareTools(prompt);
  let columns = [];
  let shape = '';
  let heads = '';
  let timer = null;

  function drawColumns() {
    const models = session.columnsNow();
    const started = session.lastRound() !== null;
    const {hidden} = session.comparison();
    const verdict = session.lastRound()?.verdict ?? null;
    if (shape !== `${models.length} ${started}`) {
      shape = `${models.length} ${started}`;
      heads = '';
      columns.forEach((column) => column.end());
      columns = models.map((_, index) => new CompareColumn(index));
      replace(strip, columns.map(({element}) => element));
    }
    // The server's list comes again every few seconds: a choice that is open must not be closed by
    // it.
    const known = state.models.map(({name, thinking, state: now}) => [name, thinking, now]);
    const wanted = JSON.stringify([models, hidden, verdict, known]);
    if (wanted !== heads) {
      heads = wanted;
      drawKeepingFocus(strip, () => columns.forEach((column) =>
        column.drawHead(models, {hidden, started, verdict})));
      tabs.draw(models, hidden && started);
    }
  }

  function draw() {
    drawColumns();
    const answers = session.lastRound()?.answers ?? [];
    const going = session.running();
    const best = going ? null : kFigures.map((figure) => marks(figure, answers));
    columns.forEach((column, index) =>
      column.draw(session.comparison(), best?.map((row) => row[index])));
    bar.draw();
    prompt.draw();
    tools.draw();
    drawNotice(notice);
    if (going) timer ??= setInterval(tick, kTick);
    else stopTimer();
  }

  function tick() {
    if (!document.hidden) columns.forEach((column) => column.tick(session.comparison()));
  }

  function stopTimer() {
    clearInterval(timer);
    timer = null;
  }

  replace(root, tools.element, h('div.cmp', null, notice, tabs.element, strip, bar.element,
    prompt.element));
  draw();
  session.lookForStore();
  const drawSoon = throttle(draw, kDraw);
  const ends = [watch('comparison', drawSoon),
    watch(['settings', 'models', 'serverError', 'votesOff'], draw), tabs.end, stopTimer,
    () => columns.forEach((column) => column.end())];
  return () => ends.forEach((end) => end());
}

function drawKeepingFocus(root, work) {
  const key = root.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  work();
  if (key) (root.querySelector(`[data-keep="${key}"]`) ?? root.querySelector('select'))?.focus();
}

// With fewer than two models: how to get more.
function drawNotice(element) {
  const key = `${state.models.length} ${state.serverError}`;
  if (element.dataset.drawn === key) return;
  element.dataset.drawn = key;
  const more = h('span', null, t('cmpMoreModels'), ' ', h('code', null, 'retort serve A B'), ' · ',
    h('a', {href: '#/models'}, t('view_models')));
  replace(element,
    state.serverError && h('p.fault', {role: 'alert'}, state.serverError),
    state.models.length === 1 && h('p.small-text', null, t('cmpOneModel'), ' ', more),
    state.models.length === 0 && !state.serverError && h('p', null, t('cmpNoModel'), ' ', more));
}

// The row above: blind or not, one column more, settings, a new comparison.
function compareTools(prompt) {
  const blind = h('button.small', {
    type: 'button',
    title: t('cmpBlindWhy'),
    onclick: () => change({blind: !state.settings.blind}),
  }, t('cmpBlind'));
  const add = h('button.small', {
    type: 'button',
    'aria-label': t('cmpAdd'),
    title: t('cmpAdd'),
    onclick: () => {
      const now = session.columnsNow();
      change({columns: [...now, nextColumn(now, state.models)]});
    },
  }, icon('columns'), h('span.wide-only', null, t('cmpAdd')));
  const fresh = h('button.small', {
    type: 'button',
    'aria-label': t('cmpNew'),
    title: t('cmpNew'),
    onclick: () => {
      session.clear();
      prompt.begin(null);
    },
  }, icon('plus'), h('span.wide-only', null, t('cmpNew')));
  const element = topbar(h('h1', null, t('view_compare')), h('span.fill'), blind, add, fresh,
    h('button.quiet.only-icon', {
      type: 'button',
      'aria-label': t('cmpSettings'),
      title: t('cmpSettings'),
      'aria-controls': 'settings',
      onclick: () => toggleSettings(),
    }, icon('sliders')));
  element.classList.add('cmp-top');
  const draw = () => {
    const started = session.lastRound() !== null;
    const count = session.columnsNow().length;
    blind.setAttribute('aria-pressed', String(state.settings.blind));
    blind.disabled = started;       // what was seen cannot be hidden
    add.disabled = started || count === 0 || count >= kMost;
    fresh.disabled = !started;
  };
  return {element, draw};
}
