// What stands below a message: buttons, the way to its siblings, and an answer's figures.

import {announce} from '../announce.js';
import {h, replace} from '../dom.js';
import {turnTo} from '../history/store.js';
import {siblings} from '../history/tree.js';
import {delay, number, t} from '../i18n.js';
import {icon} from '../icons.js';
import {state} from '../state.js';
import * as talk from './talk.js';

// Built again only when one of these changes, so that a button keeps the focus while tokens come.
const drawn = new WeakMap();

export function drawActions(element, node, view) {
  const {nodes, leaf} = state.conversation;
  const alike = siblings(nodes, node);
  const key = [node.state, node.finish, node.id === leaf, alike.map(({id}) => id), alike.indexOf(node),
    node.figures?.total].join();
  if (drawn.get(element) === key) return;
  drawn.set(element, key);
  if (node.state === 'live') {
    element.replaceChildren();
    return;
  }
  replace(element, turner(node, alike), node.role === 'user' ? userActions(node, view)
    : answerActions(node, node.id === leaf), node.role === 'user' ? null : figures(node));
}

function button(name, label, onclick) {
  return h('button.quiet.small.only-icon', {type: 'button', 'aria-label': label, title: label, onclick},
    icon(name));
}

function copier(node) {
  const copy = button('copy', t('copy'), async (event) => {
    // Thoughts are left out, unless asked for by Shift.
    const withThought = event.shiftKey && node.reasoning;
    await navigator.clipboard.writeText(withThought ? `${node.reasoning}\n\n${node.text}` : node.text);
    replace(copy, icon('check'));
    announce(t('copied'));
    setTimeout(() => replace(copy, icon('copy')), 1500);
  });
  copy.title = node.role === 'user' ? t('copy') : t('copyHint');
  return copy;
}

function userActions(node, view) {
  const edit = button('edit', t('edit'), () => view.editText((text) => {
    if (text !== null && text.trim() !== '' && text !== node.text) talk.edit(node, text);
    else edit.focus();
  }));
  return [
    copier(node),
    edit,
    button('branch', t('branch'), () => talk.branch(node)),
  ];
}

function answerActions(node, last) {
  const cut = node.state !== 'done' || node.finish === 'length' || node.finish === 'loop';
  return [
    copier(node),
    button('again', t('regenerate'), () => talk.regenerate(node)),
    button('branch', t('branch'), () => talk.branch(node)),
    last && cut && (node.text !== '' || node.reasoning !== '')
      ? h('button.small', {type: 'button', onclick: () => talk.goOn(node)}, icon('onward'), t('goOn'))
      : null,
  ];
}

function turner(node, alike) {
  if (alike.length < 2) return null;
  const at = alike.indexOf(node);
  const turn = (by) => turnTo(alike[at + by]);
  const back = button('back', t('versionBefore'), () => turn(-1));
  const next = button('next', t('versionAfter'), () => turn(1));
  back.disabled = at === 0;
  next.disabled = at === alike.length - 1;
  return h('span.turner', {role: 'group', 'aria-label': t('versions')}, back,
    h('span.small-text', null, t('versionOf', {n: at + 1, all: alike.length})), next);
}

function figures({figures: known}) {
  if (!known?.tokens) return null;
  const parts = [];
  if (known.speed) parts.push(t('speed', {n: number(known.speed, known.speed < 20 ? 1 : 0)}));
  parts.push(t('tokens', {n: number(known.tokens)}));
  if (known.firstToken) parts.push(t('firstToken', {time: delay(known.firstToken)}));
  if (known.firstAnswer && known.reasoningTokens) {
    parts.push(t('firstAnswer', {time: delay(known.firstAnswer)}));
  }
  return h('span.figures', null, parts.join(' · '));
}
