// Bringing a model: one at a time, and on its way whatever view is shown.
//
//   startPull('r1-distill-qwen-1.5b:q4_k_m');    // state.pull tells how far it is
//   cancelPull();                                 // what has come is kept, and not fetched again
//
// `phase` goes from asking over waiting and fetching to done, failed or cancelled. `bytes` is null
// while the size is not known, `rate` and `left` while nothing has come.

import {announce} from './announce.js';
import {t} from './i18n.js';
import {refreshModels} from './models.js';
import {stream} from './server.js';
import {state, update} from './state.js';

const kRateWindow = 10;   // seconds

let control = null;

export const isPulling = () => ['asking', 'waiting', 'fetching'].includes(state.pull?.phase);

export async function startPull(reference) {
  if (isPulling()) return;
  control = new AbortController();
  const files = new Files();
  update({pull: {reference, phase: 'asking', done: 0, bytes: null, rate: null, left: null,
                 file: null, retry: null, model: null, error: null}});
  announce(t('pullAsking', {name: reference}));
  try {
    for await (const event of stream('/retort/v1/pull', {model: reference}, control.signal)) {
      take(event, files);
    }
    if (isPulling()) end({phase: 'failed', error: t('lostServer')});
  } catch (error) {
    if (error.name === 'AbortError') end({phase: 'cancelled'});
    else end({phase: 'failed', error: error.message});
  }
}

export function cancelPull() {
  if (isPulling()) control.abort();
}

export function forgetPull() {
  if (!isPulling()) update({pull: null});
}

const note = (changes) => update({pull: {...state.pull, ...changes}});

function end(changes) {
  note({...changes, retry: null});
  const {phase, reference} = state.pull;
  if (phase === 'done') announce(t('pullDone', {name: reference}));
  if (phase === 'failed') announce(t('pullFailed', {name: reference}));
  if (phase === 'cancelled') announce(t('pullCancelled', {name: reference}));
}

function take(event, files) {
  switch (event.event) {
    case 'plan':
      files.plan(event.files ?? []);
      return note({phase: 'fetching', ...files.figures()});
    case 'wait':
      return note({phase: 'waiting', file: event.file});
    case 'progress':
      files.progress(event.file, event.done);
      return note({phase: 'fetching', file: event.file, retry: null, ...files.figures()});
    case 'file':
      files.finish(event.file, event.bytes);
      return note({phase: 'fetching', file: event.file, retry: null, ...files.figures()});
    case 'retry':
      return note({retry: t('pullRetry', {reason: event.reason, n: Math.round(event.wait_s)})});
    case 'error':
      return end({phase: 'failed', error: event.message});
    case 'done':
      refreshModels();
      return end({phase: 'done', model: event.model});
  }
}

// What has come of each file, and how fast. What was there before does not count as speed.
class Files {
  #files = new Map();      // name -> {bytes, done}
  #known = false;          // the sizes of all of them
  #came = 0;
  #seen = [];              // {time, came} of the last seconds

  plan(files) {
    for (const {file, bytes} of files) this.#files.set(file, {bytes, done: 0, began: false});
    this.#known = files.length > 0 && files.every(({bytes}) => bytes !== null);
  }

  progress(name, done) {
    const file = this.#files.get(name) ?? {bytes: null, done: 0, began: false};
    if (file.began) this.#came += Math.max(0, done - file.done);
    this.#files.set(name, {...file, done, began: true});
    this.#see();
  }

  finish(name, bytes) {
    const file = this.#files.get(name);
    if (file?.began) this.#came += Math.max(0, bytes - file.done);
    this.#files.set(name, {bytes, done: bytes, began: true});
    this.#see();
  }

  #see() {
    const time = performance.now() / 1000;
    this.#seen = this.#seen.filter((seen) => time - seen.time < kRateWindow);
    this.#seen.push({time, came: this.#came});
  }

  figures() {
    const files = [...this.#files.values()];
    const sum = (field) => files.reduce((all, file) => all + file[field], 0);
    const done = sum('done');
    const bytes = this.#known ? sum('bytes') : null;
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    const spent = first ? last.time - first.time : 0;
    const rate = spent > 0.5 && last.came > first.came ? (last.came - first.came) / spent : null;
    return {done, bytes, rate, left: rate && bytes !== null ? (bytes - done) / rate : null};
  }
}
