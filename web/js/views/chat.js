// The chat: the open conversation's path, and the composer below it.

import {MessageView} from '../chat/message.js';
import * as talk from '../chat/talk.js';
import {h, replace} from '../dom.js';
import {pathTo} from '../history/tree.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {change, chosenModel} from '../settings.js';
import {state, watch} from '../state.js';
import {mountComposer} from './composer.js';
import {conversationMenu} from './conversation_menu.js';
import {toggleSettings, topbar} from './frame.js';
import {contextGauge} from './gauge.js';
import {sharedNotice} from './shared_notice.js';
import {drawWelcome} from './welcome.js';

const kNearEnd = 80;   // pixels: so near the end, the view follows what comes

export function mountChat(root) {
  const views = new Map();     // node id -> MessageView
  const list = h('div.messages');
  const heading = h('h1.unseen');
  const welcome = h('div.welcome');
  const fault = h('div');
  const scroller = h('div.view.talk', {id: 'talk', tabindex: '-1'}, fault, welcome, heading, list);
  const toEnd = h('button.to-end', {type: 'button', hidden: true, 'aria-label': t('toEnd'),
    onclick: () => follow(true)}, icon('down'));
  const composer = h('div.composer');
  const gauge = contextGauge();
  const picker = modelPicker();
  let follows = true;
  let open = null;

  function follow(wish) {
    follows = wish;
    toEnd.hidden = wish || list.childElementCount === 0;
    if (wish) scroller.scrollTop = scroller.scrollHeight;
  }

  scroller.addEventListener('scroll', () => {
    follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < kNearEnd;
    toEnd.hidden = follows;
  }, {passive: true});
  const resized = new ResizeObserver(() => {
    if (follows) scroller.scrollTop = scroller.scrollHeight;
  });
  resized.observe(list);

  function drawMessages() {
    const {conversation} = state;
    const path = conversation ? pathTo(conversation.nodes, conversation.leaf) : [];
    const shown = new Set(path.map(({id}) => id));
    for (const [id, view] of views) {
      if (shown.has(id)) continue;
      view.end();
      view.element.remove();
      views.delete(id);
    }
    path.forEach((node, index) => {
      const known = views.get(node.id);
      if (known) known.refresh();
      else views.set(node.id, new MessageView(node));
      const {element} = views.get(node.id);
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    welcome.hidden = path.length > 0;
    if (!welcome.hidden) drawWelcome(welcome);
    heading.hidden = !welcome.hidden;
    heading.textContent = conversation?.title ?? '';
    if (conversation?.id !== open || path.at(-1)?.state === 'live') follow(true);
    open = conversation?.id ?? null;
    gauge.draw(path);
  }

  function drawFault() {
    replace(fault, state.serverError ? h('p.fault', {role: 'alert'}, state.serverError) : null,
      state.historyError ? h('p.fault', {role: 'alert'}, t('notKept')) : null, sharedNotice());
  }

  replace(root, topbar(picker.element, h('span.fill'), gauge.element, conversationMenu(),
    h('button.quiet.only-icon', {type: 'button', 'aria-label': t('settings'), title: t('settings'),
      'aria-controls': 'settings', onclick: () => toggleSettings()}, icon('sliders'))),
    scroller, h('div.dock', null, toEnd, composer));
  const ends = [
    picker.end,
    mountComposer(composer),
    watch(['conversation', 'live'], drawMessages),
    watch(['models', 'settings'], () => {
      gauge.draw(state.conversation ? pathTo(state.conversation.nodes, state.conversation.leaf) : []);
      if (!welcome.hidden) drawWelcome(welcome);
    }),
    watch(['serverError', 'historyError', 'shared'], drawFault),
  ];
  drawMessages();
  drawFault();
  const onCommand = ({detail}) => {
    const last = [...views.values()].at(-1);
    if (detail === 'thought') last?.toggleThought();
    if (detail === 'again' && last && !talk.liveAnswer()) {
      const node = state.conversation.nodes.get(state.conversation.leaf);
      if (node.role === 'assistant') talk.regenerate(node);
    }
  };
  root.addEventListener('command-key', onCommand);
  return () => {
    for (const end of ends) end();
    for (const view of views.values()) view.end();
    root.removeEventListener('command-key', onCommand);
    resized.disconnect();
  };
}

// As {element, end}.
function modelPicker() {
  const select = h('select', {'aria-label': t('model'), onchange: () => change({model: select.value})});
  let drawn = '';
  const draw = () => {
    const names = state.models.map(({name, state: now}) => `${name}|${now}`).join();
    const chosen = chosenModel({...state.settings, deep: true})?.name ?? '';
    if (drawn !== names) {
      drawn = names;
      replace(select, state.models.map(({name, state: now}) => h('option', {value: name},
        now === 'loaded' ? name : t('modelNotLoaded', {name, state: t(`state_${now}`)}))));
    }
    select.hidden = state.models.length === 0;
    select.value = chosen;
  };
  draw();
  return {element: select, end: watch(['models', 'settings'], draw)};
}
