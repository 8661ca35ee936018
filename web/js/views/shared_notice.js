// What a link wants to set: told first, and taken only if the user agrees.

import {h} from '../dom.js';
import {t} from '../i18n.js';
import {change} from '../settings.js';
import {state, update} from '../state.js';

export function sharedNotice() {
  if (state.shared === null) return null;
  const {values = {}, model, deep, system} = state.shared;
  const parts = Object.entries(values).map(([name, value]) => `${t(`value_${name}`)} ${value}`);
  if (model) parts.unshift(model);
  if (deep !== undefined) parts.push(t(deep ? 'deepOn' : 'deepOff'));
  if (system) parts.push(t('systemPrompt'));
  const answer = (take) => {
    if (take) change(state.shared);
    update({shared: null});
    history.replaceState(null, '', '#/chat');
  };
  return h('div.card.shared', {role: 'region', 'aria-label': t('sharedTitle')},
    h('p', null, t('sharedTitle')),
    h('p.muted', null, parts.join(' · ')),
    system ? h('blockquote.muted', null, system) : null,
    h('div.row', null,
      h('button.primary', {type: 'button', onclick: () => answer(true)}, t('sharedTake')),
      h('button', {type: 'button', onclick: () => answer(false)}, t('sharedLeave'))));
}
