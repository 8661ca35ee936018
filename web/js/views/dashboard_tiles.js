// The figures on top of the dashboard: a big number, its unit, what it is, and what belongs to it.
// They show a moment ago, latencies the last five minutes.

import {h, replace} from '../dom.js';
import {bytes, number, t} from '../i18n.js';
import {endsOf} from '../load_figures.js';
import {histogram, quantile, since} from '../metrics.js';

const kBad = ['error', 'cancelled'];

const digits = (value) => number(value, value < 10 ? 1 : 0);
const orDash = (value, format) => (value === null || value === undefined ? '–' : format(value));

export function drawTiles(element, {curves}, list, model) {
  const last = (key) => curves[key].at(-1) ?? null;
  const memory = last('weights') === null ? null : last('weights') + (last('cache') ?? 0);
  replace(element,
    tile(t('tileGenerating'), orDash(last('generated'), digits), t('tokensPerSecond'),
      t('tilePrompts', {n: orDash(last('prompt'), digits)})),
    tile(t('tileRequests'), orDash(last('running'), number), t('running'),
      t('tileWaiting', {n: orDash(last('waiting'), number)})),
    latency('vllm:time_to_first_token_seconds', t('tileFirst'), list, model),
    latency('vllm:inter_token_latency_seconds', t('tileBetween'), list, model),
    tile(t('tileCache'), orDash(last('cacheUse'), (share) => digits(share * 100)), '%',
      t('tileOf', {bytes: orDash(last('cache'), bytes)})),
    tile(t('tileMemory'), ...parts(orDash(memory, bytes)),
      t('tileWeights', {bytes: orDash(last('weights'), bytes)})),
    answers(list, model),
    last('watts') !== null && tile(t('tilePower'), digits(last('watts')), 'W', energy(curves)));
}

// "1.2 GB" as a number and its unit.
const parts = (text) => (text.includes(' ') ? text.split(' ') : [text, '']);

function tile(what, value, unit, more) {
  return h('div.tile', null,
    h('dt', null, what),
    h('dd', null,
      h('span.big', null, value), unit && h('span.unit', null, ` ${unit}`),
      h('span.more', null, more)));
}

function latency(name, what, list, model) {
  const labels = model === null ? {} : {model_name: model};
  const counts = since(histogram(list.at(-1).metrics, name, labels),
                       histogram(list[0].metrics, name, labels));
  const [half, most] = [quantile(counts, 0.5), quantile(counts, 0.95)];
  return tile(what, ...inUnits(half), t('tileMost', {value: inUnits(most).join(' ')}));
}

function inUnits(value) {
  if (value === null) return ['–', ''];
  if (value < 1) return [digits(value * 1000), t('ms')];
  return [number(value, value < 10 ? 2 : 1), t('s')];
}

function answers(list, model) {
  const {recent} = endsOf(list, 'answers', model);
  const refused = endsOf(list, 'refused', model).recent;
  const sum = (counts) => [...counts].reduce((all, [, count]) => all + count, 0);
  const bad = sum([...recent].filter(([end]) => kBad.includes(end)));
  return tile(t('tileAnswers'), number(sum(recent)), t('inFiveMinutes'),
    t('tileBad', {bad: number(bad), refused: number(sum(refused))}));
}

function energy(curves) {
  const [watts, speed] = [curves.watts.at(-1), curves.generated.at(-1)];
  return speed > 0 ? t('joulesPerToken', {n: digits(watts / speed)}) : t('wholeMachine');
}
