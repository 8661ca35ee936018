// Keys, and the sheet that lists them. Letters go with Alt by where they lie, so that they work in every
// layout; where no field has the focus, "/" and "?" go alone.

import * as talk from '../chat/talk.js';
import {h} from '../dom.js';
import {newConversation} from '../history/store.js';
import {t} from '../i18n.js';
import {go, kViews} from '../router.js';
import {change} from '../settings.js';
import {state} from '../state.js';
import {openDialog} from './dialogs.js';
import {showSidebar, toggleSettings} from './frame.js';

const command = (name) =>
  document.getElementById('main').dispatchEvent(new CustomEvent('command-key', {detail: name}));

// [what the sheet shows, its words, code with Alt, what it does]
const kKeys = [
  ['Enter', 'keySend'],
  ['Shift+Enter', 'keyLine'],
  ['Esc', 'keyStop'],
  ['/', 'keyPrompt'],
  ['Ctrl+K', 'keySearch'],
  ['Alt+N', 'keyNew', 'KeyN', () => {
    newConversation();
    go('chat');
    focus('prompt');
  }],
  ['Alt+A', 'keyAnswerNow', 'KeyA', () => talk.answerNow()],
  ['Alt+T', 'keyThought', 'KeyT', () => command('thought')],
  ['Alt+R', 'keyAgain', 'KeyR', () => command('again')],
  ['Alt+D', 'keyDeep', 'KeyD', () => change({deep: !state.settings.deep})],
  ['Alt+S', 'keySettings', 'KeyS', () => toggleSettings()],
  ['Alt+1 … 6', 'keyViews'],
  ['?', 'keySheet'],
];

const focus = (id) => setTimeout(() => document.getElementById(id)?.focus());
const writing = (target) => target.closest?.('input:not([type="range"]), textarea, select') !== null;

export function startShortcuts() {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const run = commandOf(event);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

function commandOf(event) {
  const {key, code, altKey, ctrlKey, metaKey, target} = event;
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') {
    return () => {
      showSidebar(true);
      focus('search');
    };
  }
  if (ctrlKey || metaKey) return null;
  if (altKey) {
    const view = kViews[Number(/^Digit([1-6])$/.exec(code)?.[1]) - 1];
    return view ? () => go(view) : kKeys.find(([, , letter]) => letter === code)?.[3];
  }
  if (key === 'Escape') {
    if (document.getElementById('sidebar').classList.contains('shown')) return () => showSidebar(false);
    return talk.liveAnswer() ? () => talk.stop() : null;
  }
  if (writing(target)) return null;
  return {'/': () => focus('prompt'), '?': showShortcuts}[key];
}

export function showShortcuts() {
  openDialog(t('shortcuts'), h('dl.shortcuts', null, kKeys.map(([keys, words]) => [
    h('dt', null, keys.split('+').map((key, index) => [index > 0 ? ' + ' : null, h('kbd', null, key)])),
    h('dd', null, t(words))])), {});
}
