// What can be done with the conversation as a whole, and with all of them.

import {announce} from '../announce.js';
import {download, h} from '../dom.js';
import {asJson, everything, importText} from '../history/exchange.js';
import {asMarkdown} from '../history/markdown.js';
import {removeConversation, rename} from '../history/store.js';
import {t} from '../i18n.js';
import {state} from '../state.js';
import {ask, confirm, tell} from './dialogs.js';
import {menuButton} from './menu.js';

export function conversationMenu() {
  return menuButton('more', t('conversation'), () => [
    ...(state.conversation ? ofThisOne(state.conversation) : []),
    {label: t('exportAll'), icon: 'down', run: async () => download(...asJson(await everything()))},
    {label: t('import'), icon: 'file', run: importFile},
  ], {below: true});
}

function ofThisOne(conversation) {
  const whole = {...conversation, nodes: [...conversation.nodes.values()]};
  return [
    {label: t('rename'), icon: 'edit', run: async () => {
      const title = await ask(t('rename'), t('title'), conversation.title);
      if (title) rename(conversation.id, title);
    }},
    {label: t('exportMarkdown'), icon: 'down', run: () => download(...asMarkdown(conversation))},
    {label: t('exportMarkdownThoughts'), icon: 'down',
      run: () => download(...asMarkdown(conversation, {thoughts: true}))},
    {label: t('exportJson'), icon: 'down', run: () => download(...asJson([whole]))},
    {label: t('remove'), icon: 'trash', run: () => confirmRemoval(conversation)},
  ];
}

export async function confirmRemoval({id, title}) {
  if (!await confirm(t('removeTitle'), t('removeWhat', {title}), t('remove'))) return;
  await removeConversation(id);
  announce(t('removed'));
}

function importFile() {
  const pick = h('input', {type: 'file', accept: '.json,.md,application/json,text/markdown', onchange: async () => {
    try {
      const count = await importText(await pick.files[0].text());
      announce(t('imported', {n: count}));
    } catch (error) {
      tell(t('importFailed'), error.message);
    }
  }});
  pick.click();
}
