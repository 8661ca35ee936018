// The user's conversations: the open one, the list, and what is kept of both in the browser.
//
//   await openConversation(id);           // state.conversation = {id, title, system, leaf, nodes, ...}
//   addNode({role: 'user', text});        // below the leaf, and the new leaf
//   saveNode(node);                       // after a change; while one is live, as often as you like
//
// A reload in the middle of an answer loses nothing that was shown: a live answer is written every
// half second, and what came since then when the page goes, into localStorage, which takes no time.

import {newId, throttle} from '../dom.js';
import {state, update} from '../state.js';
import * as database from './database.js';
import {leafBelow, titleOf} from './tree.js';

const kOpenName = 'retort.open';
const kTailName = 'retort.tail';
const kEvery = 500;   // milliseconds between two writings of a live answer

const unwritten = new Map();   // id -> node that has changed since it was written
const writeLive = throttle(() => keep(null, [...unwritten.values()]), kEvery);

async function keep(conversation, nodes) {
  const written = nodes.map((node) => [node, node.text.length + node.reasoning.length]);
  try {
    await database.put(conversation, nodes);
    for (const [node, length] of written) {
      if (node.text.length + node.reasoning.length === length) unwritten.delete(node.id);
    }
  } catch (error) {
    update({historyError: error});
  }
}

const plain = ({nodes, ...conversation}) => conversation;

export async function openHistory() {
  addEventListener('pagehide', keepTail);
  await readTail();
  await listConversations();
  const id = sessionStorage.getItem(kOpenName);
  if (state.conversation === null && state.conversations.some((known) => known.id === id)) {
    await openConversation(id);
  }
}

// What is kept, and what began while that was read, or cannot be kept.
export async function listConversations() {
  const kept = await database.allConversations();
  const ids = new Set(kept.map(({id}) => id));
  const others = state.conversations.filter(({id}) => !ids.has(id));
  update({conversations: [...others, ...kept].sort((a, b) => b.updated - a.updated)});
}

export async function openConversation(id) {
  const known = state.conversations.find((conversation) => conversation.id === id);
  if (!known) return;
  const nodes = new Map((await database.nodesOf(id)).map((node) => [node.id, node]));
  for (const [nodeId, {node}] of state.live) {
    if (node.conversation === id) nodes.set(nodeId, node);
  }
  // An answer that nobody writes any more ended with the page that wrote it.
  for (const node of nodes.values()) {
    if (node.state === 'live' && !state.live.has(node.id)) node.state = 'stopped';
  }
  sessionStorage.setItem(kOpenName, id);
  update({conversation: {...known, nodes}});
}

export function newConversation() {
  sessionStorage.removeItem(kOpenName);
  update({conversation: null});
}

// The open conversation; there is one from the first message on.
export function ensureConversation(firstText) {
  if (state.conversation) return state.conversation;
  const now = Date.now();
  const conversation = {id: newId(), title: titleOf(firstText), created: now, updated: now,
    system: state.settings.system, leaf: null, nodes: new Map()};
  sessionStorage.setItem(kOpenName, conversation.id);
  update({conversation});
  return conversation;
}

export function addNode(fields, parent = state.conversation.leaf) {
  const {conversation} = state;
  const node = {id: newId(), conversation: conversation.id, parent, created: Date.now(), text: '',
    reasoning: '', state: 'done', ...fields};
  conversation.nodes.set(node.id, node);
  conversation.leaf = node.id;
  conversation.updated = Date.now();
  saveConversation([node]);
  return node;
}

export function saveConversation(nodes = []) {
  const {conversation} = state;
  const kept = plain(conversation);
  update({conversation, conversations: [kept, ...state.conversations.filter(({id}) => id !== kept.id)]
    .sort((a, b) => b.updated - a.updated)});
  return keep(kept, nodes);
}

export function saveNode(node) {
  unwritten.set(node.id, node);
  if (node.state === 'live') writeLive();
  else keep(null, [node]);
}

export function turnTo(node) {
  state.conversation.leaf = leafBelow(state.conversation.nodes, node.id);
  saveConversation();
}

export async function rename(id, title) {
  const known = state.conversations.find((conversation) => conversation.id === id);
  if (!known) return;      // removed meanwhile
  known.title = titleOf(title) || known.title;
  if (state.conversation?.id === id) state.conversation.title = known.title;
  await keep(plain(known), []);
  update({conversations: [...state.conversations], conversation: state.conversation});
}

export async function removeConversation(id) {
  for (const {node, answer} of state.live.values()) {
    if (node.conversation === id) answer.stop();
  }
  if (state.conversation?.id === id) newConversation();
  update({conversations: state.conversations.filter((known) => known.id !== id)});
  await database.erase(id);
}

// What came since the last writing, when the page goes.
function keepTail() {
  const nodes = [...unwritten.values()];
  if (nodes.length === 0) return;
  try {
    localStorage.setItem(kTailName, JSON.stringify(nodes));
  } catch {
    // Too much for the browser: the last half second is lost, the rest is written.
  }
}

async function readTail() {
  const kept = localStorage.getItem(kTailName);
  if (kept === null) return;
  localStorage.removeItem(kTailName);
  try {
    await database.put(null, JSON.parse(kept).map((node) => ({...node, state: 'stopped'})));
  } catch {
    // Not ours, or nothing is kept here.
  }
}

// The conversations in which all words of `query` stand, in a title or a message.
export async function search(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return state.conversations;
  const texts = new Map(state.conversations.map(({id, title}) => [id, [title]]));
  for (const {conversation, text} of await database.allNodes()) texts.get(conversation)?.push(text);
  return state.conversations.filter(({id, title}) => {
    const all = (texts.get(id) ?? [title]).join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
