// The right side: sliders, each with the server's default and the way back to it; the system prompt;
// who answers without deep thinking; a link that carries it all.

import {announce} from '../announce.js';
import {h, replace} from '../dom.js';
import {saveConversation} from '../history/store.js';
import {number, t} from '../i18n.js';
import {icon} from '../icons.js';
import {change, changeValue, chosenModel, kRecommended, kValues, serverDefault, settingsLink}
  from '../settings.js';
import {state, watch} from '../state.js';
import {toggleSettings} from './frame.js';

export function mountSettings(root) {
  const sliders = Object.keys(kValues).map(slider);
  const system = systemPrompt();
  const partner = partnerPicker();
  replace(root,
    h('div.row.spread.drawer-head', null, h('h2', null, t('settings')),
      h('button.quiet.only-icon', {type: 'button', 'aria-label': t('close'),
        onclick: () => toggleSettings(false)}, icon('close'))),
    h('div.row.drawer-actions', null,
      h('button.small', {type: 'button', onclick: recommend, title: t('recommendedWhat')},
        t('recommended')),
      h('button.small', {type: 'button', onclick: () => change({values: {}})}, t('allDefaults')),
      h('button.small', {type: 'button', onclick: share}, icon('share'), t('copyLink'))),
    h('div.sliders', null, sliders.map(({element}) => element)), partner.element, system.element);
  const draw = () => {
    for (const part of [...sliders, system, partner]) part.draw();
  };
  draw();
  const onKey = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();       // it closes the drawer, and stops no answer
    toggleSettings(false);
  };
  root.addEventListener('keydown', onKey);
  const end = watch(['settings', 'models', 'conversation'], draw);
  return () => {
    end();
    root.removeEventListener('keydown', onKey);
  };
}

function recommend() {
  const values = {...state.settings.values, ...kRecommended};
  change({values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))});
  announce(t('recommendedTaken'));
}

async function share() {
  await navigator.clipboard.writeText(settingsLink());
  announce(t('linkCopied'));
}

// What the server does where nothing is chosen, in words.
function defaultText(name) {
  const value = serverDefault(chosenModel(), name);
  if (value !== null) return number(value, 3);
  return t({max_tokens: 'defaultFits', thinking_budget: 'defaultUnlimited', seed: 'defaultRandom'}[name]
    ?? 'defaultModel');
}

function slider(name) {
  const {usual: [low, high], least, most, step} = kValues[name];
  const id = `value-${name}`;
  const label = t(`value_${name}`);
  const set = (text) => changeValue(name, text.trim() === '' ? null : text);
  const range = h('input', {type: 'range', id, min: low, max: high, step: name === 'max_tokens' ? 1 : step,
    oninput: () => set(range.value)});
  const field = h('input', {type: 'number', min: least, max: most, step: 'any', 'aria-label': label,
    onchange: () => set(field.value)});
  const fallback = h('span.default');
  const back = h('button.quiet.small', {type: 'button', hidden: true, onclick: () => {
    changeValue(name, null);
    range.focus();
  }});
  return {
    element: h('div.slider', null,
      h('div.row.spread', null, h('label', {for: id, title: t(`value_${name}_what`)}, label), fallback, back),
      h('div.pair', null, range, field)),
    draw() {
      const chosen = state.settings.values[name];
      const chosenByServer = serverDefault(chosenModel(), name);
      range.value = chosen ?? chosenByServer ?? (name === 'seed' ? low : high);
      range.style.setProperty('--at', `${(range.value - low) / (high - low) * 100}%`);
      range.classList.toggle('unset', chosen === undefined);
      if (document.activeElement !== field) field.value = chosen ?? '';
      field.placeholder = chosenByServer === null ? '–' : number(chosenByServer, 3);
      range.setAttribute('aria-valuetext', chosen === undefined
        ? t('defaultIs', {value: defaultText(name)}) : String(chosen));
      fallback.hidden = chosen !== undefined;
      fallback.textContent = t('defaultIs', {value: defaultText(name)});
      back.hidden = chosen === undefined;
      back.textContent = t('backToDefault', {value: defaultText(name)});
    },
  };
}

// Of the open conversation, or of the next one.
function systemPrompt() {
  const field = h('textarea', {id: 'system-prompt', rows: '4', placeholder: t('systemNone'),
    onchange: () => {
      if (state.conversation) {
        state.conversation.system = field.value;
        saveConversation();
      } else {
        change({system: field.value});
      }
    }});
  return {
    element: h('div', null, h('label', {for: 'system-prompt'}, t('systemPrompt')),
      h('p.muted.small-text', null, t('systemWhat')), field),
    draw() {
      if (document.activeElement === field) return;
      field.value = state.conversation ? state.conversation.system ?? '' : state.settings.system;
    },
  };
}

function partnerPicker() {
  const select = h('select', {id: 'partner',
    onchange: () => change({partner: select.value === '' ? null : select.value})});
  const element = h('div.slider', null, h('label', {for: 'partner'}, t('partner')),
    h('p.muted.small-text', null, t('partnerWhat')), select);
  return {
    element,
    draw() {
      replace(select, h('option', {value: ''}, t('partnerSame')),
        state.models.map(({name}) => h('option', {value: name}, name)));
      select.value = state.settings.partner ?? '';
    },
  };
}
