// One run of the store: when, how, which models, and its report.

import {announce} from '../announce.js';
import {download, h, replace} from '../dom.js';
import {bytes, language, seconds, t, when} from '../i18n.js';
import {icon} from '../icons.js';
import {get, getText, hasKey} from '../server.js';
import {faultOf, kindName, stateBadge} from './run_parts.js';

const kDigest = 12;      // letters of a digest that are shown

export function mountRunDetails(page, id) {
  const control = new AbortController();
  const body = h('div', null, h('p.muted', null, t('readingRuns')));
  replace(page, h('p', null, h('a.button', {href: '#/runs'}, icon('back'), t('allRuns'))), body);
  page.querySelector('a').focus();
  async function read() {
    try {
      const path = `/retort/v1/runs/${encodeURIComponent(id)}`;
      replace(body, details(await get(path, control.signal)));
    } catch (error) {
      if (error.name !== 'AbortError') replace(body, faultOf(error, read));
    }
  }
  read();
  return () => control.abort();
}

function details(run) {
  const facts = [
    [t('started'), when(run.started_at)],
    [t('finished'), run.finished_at === null ? '–' : when(run.finished_at)],
    [t('duration'), seconds(run.seconds)],
    [t('version'), run.version],
  ];
  return [
    h('div.row.run-title', null,
      h('h2', null, kindName(run.kind), ' ', h('code', null, run.id)), stateBadge(run.state)),
    h('dl.facts', null, facts.map(([what, value]) =>
      h('div', null, h('dt', null, what), h('dd', null, value)))),
    h('h3', null, t('report')), report(run),
    h('h3', null, t('modelsMeasured')), models(run.models),
    h('h3', null, t('command')), command(run.command),
  ];
}

function report(run) {
  if (run.kind !== 'compare') {
    return [h('p.muted', null, t('noReport')), h('pre', null, `retort runs show ${run.id}`)];
  }
  const path = `/retort/v1/runs/${encodeURIComponent(run.id)}/report?lang=${language()}`;
  const fault = h('p.fault', {role: 'alert', hidden: true});
  const save = h('button', {type: 'button', onclick: () => saveReport(run, path, save, fault)},
    icon('down'), t('saveReport'));
  // A link carries no key: with one, the report comes as a file.
  return [
    h('div.row.choices', null,
      !hasKey() && h('a.button.primary', {href: path, target: '_blank', rel: 'noopener'},
        icon('file'), t('openReport'), h('span.unseen', null, t('newTab'))),
      save),
    fault,
  ];
}

async function saveReport(run, path, button, fault) {
  button.disabled = true;
  fault.hidden = true;
  try {
    download(`retort-${run.id}.html`, await getText(path), 'text/html');
    announce(t('reportSaved'));
  } catch (error) {
    fault.textContent = error.message;
    fault.hidden = false;
  } finally {
    button.disabled = false;
  }
}

function models(list) {
  const head = (word, classes = '') => h(`th${classes}`, {scope: 'col'}, t(word));
  return h('div.scroll-x', {tabindex: '0', role: 'region', 'aria-label': t('modelsMeasured')},
    h('table.figures', null,
      h('thead', null, h('tr', null, head('modelName'), head('precision'),
        head('weights', '.number'), head('digest', '.wide-only'))),
      h('tbody', null, list.map((model) => h('tr', null,
        h('th', {scope: 'row'}, model.name, model.failure && h('p.fault', null, model.failure)),
        h('td.kind', null, model.quantization || '–'),
        h('td.number', null, model.weight_bytes > 0 ? bytes(model.weight_bytes) : '–'),
        h('td.wide-only', null,
          h('code', {title: model.digest}, model.digest.slice(0, kDigest) || '–')))))));
}

function command(text) {
  const copy = h('button.small', {type: 'button', onclick: async () => {
    await navigator.clipboard.writeText(text);
    announce(t('copied'));
    replace(copy, icon('check'), t('copied'));
  }}, icon('copy'), t('copy'));
  return h('div.command', null,
    h('pre', {tabindex: '0', role: 'region', 'aria-label': t('command')}, text), copy);
}
