// The prompt for all columns.
//
//   const prompt = comparePrompt();       // {element, draw, begin}
//   prompt.begin('Which is larger?');     // puts a text in, or null: only the focus

import * as session from '../compare/session.js';
import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';

let draft = '';     // outlives the view, as the comparison does

export function comparePrompt() {
  const field = h('textarea', {rows: '1', id: 'prompt', 'aria-label': t('cmpPromptFor'),
    placeholder: t('cmpPromptFor')});
  const action = h('button.primary.only-icon', {type: 'submit'});
  field.value = draft;

  function fit() {
    draft = field.value;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.3)}px`;
    draw();
  }

  function draw() {
    const going = session.running();
    const name = t(going ? 'cmpStop' : 'cmpSend');
    if (action.title !== name) {
      action.title = name;
      action.setAttribute('aria-label', name);
      replace(action, icon(going ? 'stop' : 'send'));
    }
    action.disabled = !going && (field.value.trim() === '' || session.columnsNow().length < 2);
  }

  function send(event) {
    event.preventDefault();
    if (session.running()) {
      session.stopAll();
    } else if (!action.disabled) {
      session.ask(field.value.trim());
      field.value = '';
      fit();
    }
  }

  field.addEventListener('input', fit);
  field.addEventListener('keydown', (event) => {
    // An input method uses Enter for itself.
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    if (!session.running()) send(event);
  });
  const element = h('form.cmp-prompt', {onsubmit: send}, field, action);
  const begin = (text) => {
    if (text !== null) field.value = text;
    fit();
    field.focus();
  };
  requestAnimationFrame(fit);      // its height is known once it is shown
  return {element, draw, begin};
}
