// Bringing a model: a field for its name, what there is to choose from, and how far it is.

import {h, replace} from '../dom.js';
import {bytes, seconds, t} from '../i18n.js';
import {icon} from '../icons.js';
import {cancelPull, forgetPull, isPulling, startPull} from '../pulling.js';
import {get} from '../server.js';
import {modelNamed} from '../settings.js';
import {state, watch} from '../state.js';

const kKinds = ['distill', 'native', 'base', 'reference', 'test'];

export function mountPullForm(element) {
  const form = h('div.pull-form', null, h('p.muted', null, t('readingCatalogue')));
  const progress = h('div.pull-progress', null);
  element.append(h('h2', {id: 'pull-title'}, t('pullTitle')), progress, form);

  const drawProgress = makeProgress(progress);
  let setBusy = () => {};
  const draw = () => {
    drawProgress(state.pull);
    setBusy(isPulling());
  };
  const control = new AbortController();
  get('/retort/v1/catalogue', control.signal).then((catalogue) => {
    if (catalogue.can_pull) setBusy = fillForm(form, catalogue.models);
    else replace(form, h('p', null, t('cannotPull')));
    draw();
  }, (error) => {
    if (error.name !== 'AbortError') replace(form, h('p.fault', null, error.message));
  });
  const endWatch = watch('pull', draw);
  draw();
  return () => {
    control.abort();
    endWatch();
  };
}

// Answers a function that says whether one is on its way.
function fillForm(form, models) {
  const list = h('ul.catalogue', null);
  const found = h('p.muted.small-text', {role: 'status'});
  const field = h('input', {
    id: 'pull-name', type: 'search', autocomplete: 'off', spellcheck: 'false',
    placeholder: 'hf:ORG/REPO:FILE', 'aria-describedby': 'pull-hint',
    oninput: () => show(field.value),
  });
  const go = h('button.primary', {type: 'submit'}, icon('down'), t('pull'));
  const submit = (event) => {
    event.preventDefault();
    if (field.value.trim() !== '') startPull(field.value.trim());
  };
  const choose = (name) => {
    field.value = name;
    field.focus();
  };
  function show(text) {
    const fitting = models.filter((model) => fits(model, text));
    replace(list, fitting.map((model) => entry(model, choose)));
    replace(found, fitting.length === 0 ? t('nothingFits') : t('modelsFound', {n: fitting.length}));
  }
  show('');
  replace(form,
    h('form', {onsubmit: submit},
      h('label', {for: 'pull-name'}, t('pullName')),
      h('div.row.pull-row', null, field, go),
      h('p.muted.small-text', {id: 'pull-hint'}, t('pullHint'))),
    h('div.row.spread', null, h('h3', null, t('catalogue')), found),
    h('div.catalogue-box', {tabindex: '0', role: 'region', 'aria-label': t('catalogue')}, list));
  return (busy) => {
    go.disabled = busy;
  };
}

// Each word of what was typed is somewhere in what is known of it.
function fits(model, text) {
  const known = [model.name, model.title, model.kind, model.licence,
                 ...model.files.map(({precision}) => `${model.name}:${precision}`)];
  const all = known.join(' ').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

function entry(model, choose) {
  return h('li.offer', null,
    h('div.offer-name', null,
      h('b', null, model.title),
      h('span.muted.small-text', null, [kindName(model.kind), model.licence].join(' · '))),
    h('div.row', null, model.files.map((file) => precision(model, file, choose))));
}

const kindName = (kind) => (kKinds.includes(kind) ? t(`kind_${kind}`) : kind);

function precision(model, file, choose) {
  const name = `${model.name}:${file.precision}`;
  const here = modelNamed(name) !== null;
  return h('button.small', {
    type: 'button', onclick: () => choose(name), 'aria-label': t('choose', {name}),
    title: file.gated ? t('gated') : null,
  }, here && icon('check'), h('code', null, file.precision),
  file.bytes !== null && h('span.muted', null, bytes(file.bytes)),
  file.gated && h('span.muted', null, t('gatedShort')));
}

// Answers a function that shows how far a pull is; its button stays the same while it goes on.
function makeProgress(element) {
  const bar = h('progress', {'aria-label': t('pullProgress'), max: '1'});
  const line = h('p.pull-line', null);
  const title = h('h3', null);
  const more = h('p.muted.small-text', null);
  const cancel = h('button', {type: 'button', onclick: cancelPull}, icon('stop'), t('cancel'));
  const close = h('button.quiet.only-icon', {
    type: 'button', 'aria-label': t('close'), onclick: forgetPull,
  }, icon('close'));
  const card = h('div.card', null,
    h('div.row.spread.top', null, title, cancel, close), bar, line, more);
  return (pull) => {
    if (pull === null) return element.replaceChildren();
    if (!card.isConnected) element.append(card);
    replace(title, pull.reference);
    const goes = isPulling();
    const focused = document.activeElement === cancel;
    cancel.hidden = !goes;
    close.hidden = goes;
    if (focused && !goes) close.focus();
    bar.hidden = !goes;
    if (pull.bytes > 0) bar.value = Math.min(1, pull.done / pull.bytes);
    else bar.removeAttribute('value');
    line.classList.toggle('fault', pull.phase === 'failed');
    replace(line, words(pull));
    replace(more, goes && (pull.retry ?? pull.file ?? ''));
  };
}

function words(pull) {
  switch (pull.phase) {
    case 'asking': return t('pullAsking', {name: pull.reference});
    case 'waiting': return t('pullWaiting');
    case 'failed': return pull.error;
    case 'cancelled': return t('pullKept');
    case 'done': return t('pullDone', {name: pull.model ?? pull.reference});
  }
  const done = pull.bytes === null ? bytes(pull.done)
    : t('bytesOf', {done: bytes(pull.done), all: bytes(pull.bytes)});
  if (pull.rate === null) return done;
  const rate = t('perSecond', {bytes: bytes(pull.rate)});
  return [done, rate, pull.left !== null && t('timeLeft', {time: seconds(pull.left)})]
    .filter(Boolean).join(' · ');
}
