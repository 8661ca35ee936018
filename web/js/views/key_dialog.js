// The dialog that asks for the key of a server that wants one.
//
//   useKeyDialog(askForKey);       // resolves to the key, or to null if the user has none
//
// Views look at the server all the time: who has declined is asked again only after they did
// something, not by every look.

import {h} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {hasKey} from '../server.js';

let declined = false;

export function askForKey() {
  if (declined) return Promise.resolve(null);
  return new Promise((resolve) => open(resolve));
}

function open(resolve) {
  const before = document.activeElement;
  const field = h('input', {
    type: 'password',
    id: 'server-key',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
  });
  const dialog = h('dialog.key-dialog', {'aria-labelledby': 'key-title'},
    header(() => dialog.close()), form(field, () => dialog.close(field.value.trim())));
  dialog.addEventListener('close', () => {
    dialog.remove();
    before?.focus?.();
    if (dialog.returnValue === '') leaveAlone();
    resolve(dialog.returnValue === '' ? null : dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

function header(close) {
  return h('header', null,
    h('h2', {id: 'key-title'}, t('keyTitle')),
    h('button.quiet.only-icon', {type: 'button', 'aria-label': t('close'), onclick: close},
      icon('close')));
}

function form(field, use) {
  const submit = (event) => {
    event.preventDefault();
    if (field.value.trim() !== '') use();
  };
  return h('form', {method: 'dialog', onsubmit: submit},
    hasKey() && h('p.fault', {role: 'alert'}, t('keyRefused')),
    h('p.muted', null, t('keyWhy')),
    h('label', {for: 'server-key'}, t('key')),
    field,
    h('div.row.choices', null,
      h('button', {type: 'button', onclick: (event) => event.target.closest('dialog').close()},
        t('cancel')),
      h('button.primary', {type: 'submit'}, t('useKey'))));
}

// Until the next click. The one that closed the dialog is still on its way.
function leaveAlone() {
  declined = true;
  setTimeout(() => addEventListener('click', () => {
    declined = false;
  }, {once: true, capture: true}), 0);
}
