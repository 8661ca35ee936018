// A button that opens a list of things to do: arrows move, Escape closes, so does a click elsewhere.
//
//   menuButton('more', t('more'), () => [{label, run, icon}], {below: true})

import {h, replace} from '../dom.js';
import {icon} from '../icons.js';

export function menuButton(iconName, label, entries, {below = false} = {}) {
  const list = h(`div.menu-list${below ? '.below' : ''}`, {role: 'menu', 'aria-label': label,
    hidden: true});
  const button = h('button.quiet.only-icon', {type: 'button', 'aria-label': label, title: label,
    'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: () => show(list.hidden)}, icon(iconName));
  if (!below) button.classList.add('small');

  const elsewhere = (event) => {
    if (!element.contains(event.target)) show(false);
  };

  function show(shown) {
    if (shown) {
      replace(list, entries().map((entry) => h('button', {type: 'button', role: 'menuitem',
        onclick: () => {
          show(false);
          button.focus();
          entry.run();
        }}, entry.icon ? icon(entry.icon) : null, entry.label)));
    }
    list.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
    if (shown) list.querySelector('button')?.focus();
    document[shown ? 'addEventListener' : 'removeEventListener']('pointerdown', elsewhere);
  }

  const element = h('div.menu', {
    onkeydown: (event) => {
      if (list.hidden) return;
      const items = [...list.querySelectorAll('button')];
      const at = items.indexOf(document.activeElement);
      const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1}[event.key];
      if (event.key === 'Escape') {
        event.stopPropagation();
        show(false);
        button.focus();
      } else if (event.key === 'Tab') {
        show(false);
      } else if (to !== undefined) {
        event.preventDefault();
        items.at(to % items.length)?.focus();
      }
    },
  }, button, list);
  return element;
}
