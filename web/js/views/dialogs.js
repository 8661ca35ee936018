// Questions to the user. Each resolves once its dialog is closed; Escape is "no".
//
//   if (await confirm(title, text, t('remove'))) ...
//   const name = await ask(title, label, 'now');      // null: none
//   await tell(title, text);

import {h} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';

// `content` is put below the title; resolves with what `value()` is when "yes" is chosen, else null.
export function openDialog(title, content, {yes, value = () => true, wide = false}) {
  return new Promise((resolve) => {
    const heading = h('h2', {id: 'dialog-title'}, title);
    const dialog = h(`dialog${wide ? '.wide' : ''}`, {'aria-labelledby': 'dialog-title'},
      h('form', {method: 'dialog', onsubmit: () => dialog.close('yes')},
        h('header', null, heading, h('button.quiet.only-icon', {type: 'button',
          'aria-label': t('close'), onclick: () => dialog.close()}, icon('close'))),
        content,
        yes ? h('div.row', null, h('button.primary', {value: 'yes'}, yes),
          h('button', {type: 'button', onclick: () => dialog.close()}, t('cancel'))) : null));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? value() : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const confirm = async (title, text, yes) =>
  (await openDialog(title, h('p', null, text), {yes})) === true;

export function ask(title, label, now) {
  const field = h('input', {type: 'text', value: now, maxlength: '200'});
  return openDialog(title, h('p', null, h('label', null, label, ' ', field)),
    {yes: t('save'), value: () => field.value.trim() || null});
}

export const tell = (title, text) => openDialog(title, h('p', null, text), {});
