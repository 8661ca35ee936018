// A chat without messages: which model listens, and what it is good at asked.

import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {kPresets} from '../presets.js';
import {chosenModel} from '../settings.js';
import {state} from '../state.js';

export function drawWelcome(element) {
  const model = chosenModel();
  if (model === null) {
    replace(element, h('h1', null, t('welcome')),
      state.serverError ? null : h('p.muted', null, t('noModels')));
    return;
  }
  const facts = [t(`thinks_${model.thinking ?? 'unknown'}`)];
  if (model.context_tokens) facts.push(t('contextOf', {n: model.context_tokens.toLocaleString()}));
  replace(element, h('h1', null, t('welcome')),
    h('p.muted', null, model.name, h('br'), facts.join(' · ')),
    h('ul.presets', {'aria-label': t('presets')}, kPresets.map((preset) => h('li', null,
      h('button', {
        type: 'button',
        onclick: () => element.dispatchEvent(
          new CustomEvent('preset', {bubbles: true, detail: preset})),
      }, h('strong', null, t(`preset_${preset}`)), h('span.muted', null, t(`preset_${preset}_what`)))))));
}
