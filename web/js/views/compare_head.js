// What stands above a column: before the first prompt a choice of its model, later its name, or
// only its letter in a blind comparison.
//
//   replace(head, choiceHead(columns, index));
//   replace(head, nameHead(column, index, {hidden, voted}));
//
// Controls have data-keep, by which the focus is found again when they are made anew.

import {canThink, kFewest} from '../compare/columns.js';
import {h} from '../dom.js';
import {bytes, number, t} from '../i18n.js';
import {icon} from '../icons.js';
import {change, modelNamed} from '../settings.js';
import {state} from '../state.js';

export const letter = (index) => 'ABCD'[index];

const badge = (index) =>
  h(`span.cmp-letter.series${index}`, {'aria-hidden': 'true'}, letter(index));

export function choiceHead(columns, index) {
  const {model, deep} = columns[index];
  const put = (changes) => change({columns: columns.map((column, place) =>
    (place === index ? {...column, ...changes} : column))});
  const select = h('select', {
    'aria-label': t('cmpModelOf', {letter: letter(index)}),
    'data-keep': `model${index}`,
    onchange: () => put({model: select.value}),
  }, state.models.map(({name}) => h('option', {value: name, selected: name === model}, name)));
  return [
    badge(index),
    select,
    canThink(modelNamed(model)) && h('button.small.only-icon', {
      type: 'button',
      'aria-pressed': String(deep),
      'aria-label': t('cmpDeepOf', {letter: letter(index)}),
      title: t(deep ? 'cmpDeepOn' : 'cmpDeepOff'),
      'data-keep': `deep${index}`,
      onclick: () => put({deep: !deep}),
    }, icon('bulb')),
    columns.length > kFewest && h('button.quiet.small.only-icon', {
      type: 'button',
      'aria-label': t('cmpRemove', {letter: letter(index)}),
      title: t('cmpRemove', {letter: letter(index)}),
      'data-keep': `remove${index}`,
      onclick: () => change({columns: columns.filter((_, place) => place !== index)}),
    }, icon('close')),
  ];
}

// `voted`: this one was voted for.
export function nameHead({model, deep}, index, {hidden, voted}) {
  const without = !deep && canThink(modelNamed(model));
  return [
    badge(index),
    h('h2.cmp-name', {title: hidden ? null : model},
      hidden ? t('cmpAnswerOf', {letter: letter(index)}) : model),
    !hidden && without && h('span.cmp-tag', null, t('cmpWithout')),
    voted && h('span.cmp-tag.cmp-voted', null, `★ ${t('cmpYourVote')}`),
  ];
}

// What is worth knowing of a model before it is asked.
export function modelFacts(name, deep) {
  const model = modelNamed(name);
  if (model === null) return null;
  const facts = [
    model.state === 'loaded' ? t('cmpLoaded') : t('cmpNotLoaded'),
    Number.isFinite(model.file_bytes) && bytes(model.file_bytes),
    model.context_tokens && t('cmpContext', {n: number(model.context_tokens)}),
    canThink(model) ? t(deep ? 'cmpDeepOn' : 'cmpDeepOff') : t('cmpNoThought'),
  ];
  return h('ul.cmp-facts', null, facts.filter(Boolean).map((fact) => h('li', null, fact)));
}
