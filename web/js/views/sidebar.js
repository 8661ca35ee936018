// The left side: new chat, the histories with their search, the ways to the views, language, theme.

import {h, replace, throttle} from '../dom.js';
import {newConversation, openConversation, search} from '../history/store.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {go, kViews} from '../router.js';
import {change} from '../settings.js';
import {state, watch} from '../state.js';
import {confirmRemoval} from './conversation_menu.js';
import {showSidebar} from './frame.js';
import {showShortcuts} from './shortcuts.js';

const kIcons = {chat: 'chat', compare: 'columns', votes: 'check', models: 'box', dashboard: 'gauge',
  runs: 'list'};
const kDay = 24 * 3600 * 1000;

function newChat() {
  newConversation();
  go('chat');
  showSidebar(false);
  document.getElementById('prompt')?.focus();
}

export function mountSidebar(root) {
  const list = h('nav.histories', {'aria-label': t('histories')});
  const field = h('input', {type: 'search', id: 'search', placeholder: t('search'),
    'aria-label': t('search'), oninput: () => find()});
  let found = null;           // null: all

  const find = throttle(async () => {
    const query = field.value;
    const results = query.trim() === '' ? null : await search(query);
    if (query !== field.value) return;      // there is a newer question
    found = results;
    drawList();
  }, 150);

  function drawList() {
    const conversations = found ?? state.conversations;
    if (conversations.length === 0) {
      replace(list, h('p.muted.small-text', null, t(found ? 'nothingFound' : 'noHistories')));
      return;
    }
    replace(list, [...byAge(conversations)].map(([age, some]) =>
      [h('h2', null, t(age)), h('ul', null, some.map(entry))]));
  }

  function drawWays() {
    replace(ways, kViews.map((view) => h('a.button', {
      href: `#/${view}`,
      'aria-current': state.view === view ? 'page' : null,
      onclick: () => showSidebar(false),
    }, icon(kIcons[view]), t(`view_${view}`))));
  }

  const ways = h('nav.ways', {'aria-label': t('views')});
  replace(root,
    h('div.row.spread', null,
      h('div.brand', null, h('img', {src: '/retort.svg', alt: ''}), 'Retort'),
      h('button.quiet.only-icon', {type: 'button', 'aria-label': t('shortcuts'), title: t('shortcuts'),
        onclick: showShortcuts}, icon('keyboard'))),
    h('button', {type: 'button', onclick: newChat, id: 'new-chat'}, icon('plus'), t('newChat')),
    field, list, ways, preferences());
  drawList();
  drawWays();

  const outside = (event) => {
    if (root.classList.contains('shown') && !root.contains(event.target)) showSidebar(false);
  };
  document.addEventListener('pointerdown', outside);
  const ends = [
    watch(['conversations', 'conversation'], () => (found ? find() : drawList())),
    watch('view', drawWays),
    () => document.removeEventListener('pointerdown', outside),
  ];
  return () => ends.forEach((end) => end());
}

function* byAge(conversations) {
  const today = new Date().setHours(0, 0, 0, 0);
  const ages = {today: [], yesterday: [], thisWeek: [], earlier: []};
  for (const conversation of conversations) {
    const {updated} = conversation;
    const age = updated >= today ? 'today' : updated >= today - kDay ? 'yesterday'
      : updated >= today - 7 * kDay ? 'thisWeek' : 'earlier';
    ages[age].push(conversation);
  }
  for (const [age, some] of Object.entries(ages)) if (some.length > 0) yield [age, some];
}

function entry(conversation) {
  const open = state.conversation?.id === conversation.id;
  return h(`li.history${open ? '.open' : ''}`, null,
    h('button.title', {
      type: 'button',
      title: conversation.title,
      'aria-current': open ? 'true' : null,
      onclick: async () => {
        await openConversation(conversation.id);
        go('chat');
        showSidebar(false);
      },
    }, conversation.title),
    h('button.quiet.small.only-icon.remove', {type: 'button',
      'aria-label': t('removeNamed', {title: conversation.title}),
      onclick: () => confirmRemoval(conversation)}, icon('trash')));
}

function preferences() {
  const choice = (name, values) => {
    const select = h('select', {onchange: () => change({[name]: select.value})},
      values.map(([value, label]) => h('option', {value}, label)));
    select.value = state.settings[name];
    return h('label.small-text.muted', null, t(name), select);
  };
  return h('div.foot', null,
    choice('language', [['system', t('system')], ['en', 'English'], ['zh', '中文']]),
    choice('theme', [['system', t('system')], ['light', t('light')], ['dark', t('dark')]]));
}
