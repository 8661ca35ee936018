// Which models the server has: what they hold, loading and unloading, and bringing new ones.

import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {refreshModels} from '../models.js';
import {state, watch} from '../state.js';
import {topbar} from './frame.js';
import {makeModelCard} from './model_card.js';
import {mountPullForm} from './pull_form.js';

const kLook = 1000;     // milliseconds, while something changes
const kCalmLook = 2500;

export function mountModels(element) {
  const fault = h('p.fault', {hidden: true});
  const none = h('p.muted', {hidden: true}, t('noModelsYet'));
  const list = h('ul.model-list', null);
  const pull = h('section.pull', {'aria-labelledby': 'pull-title'});
  element.append(
    topbar(h('h1', null, t('view_models'))),
    h('section.view', {tabindex: '0', 'aria-label': t('view_models')},
      h('div.page', null, fault, none, list, pull)));

  // Each keeps its card, so that who is at a button stays there.
  let cards = new Map();
  function draw() {
    fault.hidden = state.serverError === null;
    fault.textContent = state.serverError ?? '';
    none.hidden = state.models.length > 0 || state.serverError !== null;
    const before = cards;
    cards = new Map(state.models.map(({name}) => [name, before.get(name) ?? makeModelCard()]));
    const elements = [...cards.values()].map((card) => card.element);
    if (elements.length !== list.children.length ||
        elements.some((card, index) => card !== list.children[index])) replace(list, elements);
    for (const model of state.models) cards.get(model.name).draw(model, state.work.get(model.name));
  }

  let looked = 0;
  function look() {
    const changing = state.work.size > 0 ||
      state.models.some((model) => ['loading', 'unloading'].includes(model.state));
    if (document.hidden || Date.now() - looked < (changing ? kLook : kCalmLook) - 50) return;
    looked = Date.now();
    refreshModels();
    if (changing) draw();        // how long it has gone on
  }

  const endForm = mountPullForm(pull);
  const endWatch = watch(['models', 'serverError', 'work'], draw);
  const timer = setInterval(look, kLook);
  draw();
  refreshModels();
  return () => {
    endWatch();
    endForm();
    clearInterval(timer);
  };
}
