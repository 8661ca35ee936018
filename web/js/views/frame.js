// What views have in common with the frame around them.

import {h} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';

// The row above a view: on small screens with the way to the sidebar.
export function topbar(...children) {
  return h('header.topbar', null,
    h('button.quiet.only-icon.menu-button', {
      type: 'button',
      'aria-label': t('menu'),
      'aria-controls': 'sidebar',
      onclick: () => showSidebar(true),
    }, icon('menu')),
    children);
}

export function showSidebar(shown) {
  const sidebar = document.getElementById('sidebar');
  const back = !shown && sidebar.classList.contains('shown') &&
    sidebar.contains(document.activeElement);
  sidebar.classList.toggle('shown', shown);
  if (shown) sidebar.querySelector('button, a')?.focus();
  if (back) document.querySelector('.menu-button')?.focus();
}

export function toggleSettings(shown) {
  const drawer = document.getElementById('settings');
  const back = drawer.contains(document.activeElement);
  drawer.hidden = shown === undefined ? !drawer.hidden : !shown;
  if (!drawer.hidden) drawer.querySelector('button, input, textarea')?.focus();
  else if (back) document.querySelector('[aria-controls="settings"]')?.focus();
}
