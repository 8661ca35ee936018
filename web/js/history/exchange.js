// Conversations as files of JSON, and files of either kind read back.
//
//   download(...asJson(conversations));       // [{...conversation, nodes: [...]}]
//   const added = await importText(text);     // how many; throws what is wrong with the file
//
// What is read is checked field by field, gets new ids, and so never replaces what is there.

import {newId} from '../dom.js';
import {t} from '../i18n.js';
import {state} from '../state.js';
import * as database from './database.js';
import {listConversations} from './store.js';
import {readMarkdown} from './markdown.js';
import {titleOf} from './tree.js';

const kFormat = 'retort-conversations';

export function asJson(conversations) {
  const body = {format: kFormat, version: 1, conversations};
  return ['retort-conversations.json', JSON.stringify(body, null, 1), 'application/json'];
}

export async function everything() {
  const nodes = Map.groupBy(await database.allNodes(), ({conversation}) => conversation);
  return state.conversations.map((known) => ({...known, nodes: nodes.get(known.id) ?? []}));
}

const text = (value) => (typeof value === 'string' ? value : '');
const time = (value) => (Number.isFinite(value) ? value : Date.now());

function readNode(given, ids, conversation) {
  if (!['user', 'assistant'].includes(given?.role)) throw new Error(t('importBadMessage'));
  const files = Array.isArray(given.files)
    ? given.files.map((file) => ({name: text(file?.name).slice(0, 200), text: text(file?.text)})) : [];
  const figures = {};
  for (const [name, value] of Object.entries(given.figures ?? {})) {
    if (/^\w{1,30}$/.test(name) && (value === null || Number.isFinite(value))) figures[name] = value;
  }
  return {
    id: ids.get(given.id), conversation, parent: ids.get(given.parent) ?? null, role: given.role,
    text: text(given.text), reasoning: text(given.reasoning), model: text(given.model).slice(0, 200),
    created: time(given.created), finish: text(given.finish), files, figures,
    state: ['done', 'stopped', 'failed'].includes(given.state) ? given.state : 'done',
  };
}

function readConversation(given) {
  if (!Array.isArray(given?.nodes)) throw new Error(t('importNoMessages'));
  const id = newId();
  const ids = new Map(given.nodes.map((node) => [node?.id, newId()]));
  const nodes = given.nodes.map((node) => readNode(node, ids, id));
  return {nodes, conversation: {
    id, title: titleOf(text(given.title)) || t('untitled'), created: time(given.created),
    updated: time(given.updated), system: text(given.system),
    leaf: ids.get(given.leaf) ?? nodes.at(-1)?.id ?? null,
  }};
}

// What the file holds, unchecked: conversations as asJson wrote them, or one of Markdown.
function conversationsOf(source) {
  const markdown = readMarkdown(source);
  if (markdown !== null) return [markdown];
  let body;
  try {
    body = JSON.parse(source);
  } catch {
    throw new Error(t('importNoJson'));
  }
  if (body?.format !== kFormat || !Array.isArray(body.conversations)) {
    throw new Error(t('importOtherFormat'));
  }
  return body.conversations;
}

export async function importText(source) {
  // All of it is right, or none is taken.
  const all = conversationsOf(source).map(readConversation);
  for (const {conversation, nodes} of all) await database.put(conversation, nodes);
  await listConversations();
  return all.length;
}
