// What a user does in a chat: ask, ask differently, have it answered again, go on, branch off, stop.
//
//   await send('17 * 23?', files);            // a message, and its answer live below it
//   regenerate(answerNode);  edit(userNode, text);  goOn(answerNode);  branch(node);
//
// A live answer is in state.live under its node's id, as {node, answer, watchers}: each of the watchers
// is called after every change. Nothing else changes per token.

import {announce} from '../announce.js';
import {newId} from '../dom.js';
import * as history from '../history/store.js';
import {messagesOf, pathTo} from '../history/tree.js';
import {t} from '../i18n.js';
import {chosenModel, requestFor} from '../settings.js';
import {state, update} from '../state.js';
import {Answer} from './answer.js';

export const liveAnswer = () => {
  const leaf = state.conversation?.leaf;
  return leaf ? state.live.get(leaf) ?? null : null;
};

// False: there is no model to ask.
export function send(text, files = []) {
  if (chosenModel() === null) return false;
  history.ensureConversation(text || files[0]?.name || '');
  const node = history.addNode({role: 'user', text, files});
  answerTo(node);
  return true;
}

export function regenerate(node) {
  answerTo(state.conversation.nodes.get(node.parent));
}

export function edit(node, text) {
  const copy = history.addNode({role: 'user', text, files: node.files}, node.parent);
  answerTo(copy);
}

// The same answer goes on where it was cut, in its thought if need be.
export function goOn(node) {
  const path = pathTo(state.conversation.nodes, node.parent);
  const messages = messagesOf(path, state.conversation.system);
  node.text = node.text.trimEnd();
  node.reasoning = node.text === '' ? node.reasoning.trimEnd() : node.reasoning;
  const content = node.text === '' ? `<think>\n${node.reasoning}` : node.text;
  messages.push({role: 'assistant', content});
  const model = chosenModel();
  generate(node, {...requestFor(model, messages), continue_final_message: true,
    add_generation_prompt: false});
}

// A new conversation with what led here.
export async function branch(node) {
  const from = state.conversation;
  const path = pathTo(from.nodes, node.id);
  history.newConversation();
  const conversation = history.ensureConversation(path[0].text);
  conversation.system = from.system;
  conversation.title = t('branchOf', {title: from.title});
  let parent = null;
  const copies = path.map((old) => {
    const copy = {...structuredClone(old), id: newId(), conversation: conversation.id, parent};
    if (copy.state === 'live') copy.state = 'stopped';
    parent = copy.id;
    conversation.nodes.set(copy.id, copy);
    return copy;
  });
  conversation.leaf = parent;
  await history.saveConversation(copies);
  announce(t('branched'));
}

export function stop() {
  liveAnswer()?.answer.stop();
}

export function answerNow() {
  const live = liveAnswer();
  if (live?.answer.phase !== 'thinking') return;
  announce(t('answerAsked'));
  live.answer.answerNow();
}

function answerTo(question) {
  const model = chosenModel();
  const {conversation} = state;
  const messages = messagesOf(pathTo(conversation.nodes, question.id), conversation.system);
  const node = history.addNode({role: 'assistant', model: model.name, state: 'live'}, question.id);
  generate(node, requestFor(model, messages));
}

function generate(node, request) {
  const before = {text: node.text, reasoning: node.reasoning};
  Object.assign(node, {state: 'live', error: null, finish: null, model: request.model});
  const watchers = new Set();
  let phase = 'waiting';
  const answer = new Answer(request, () => {
    node.text = before.text + answer.text;
    node.reasoning = before.reasoning + answer.reasoning;
    node.figures = answer.figures();
    if (answer.phase !== phase) {
      phase = answer.phase;
      tell(answer);
    }
    if (!answer.ended) history.saveNode(node);
    for (const watcher of watchers) watcher();
  });
  const entry = {node, answer, watchers};
  state.live.set(node.id, entry);
  update({live: state.live, conversation: state.conversation});
  answer.finished.then(() => end(entry));
}

function tell(answer) {
  if (answer.phase === 'thinking') announce(t('sayThinking'));
  if (answer.phase === 'answering') announce(t('sayAnswering'));
  if (answer.phase === 'stopped') announce(t('sayStopped'));
  if (answer.phase === 'failed') announce(t('sayFailed', {why: answer.error.message}));
  if (answer.phase === 'done') announce(t('sayDone', {n: answer.tokens}));
}

function end({node, answer, watchers}) {
  node.state = answer.phase;
  node.finish = answer.finish;
  node.thinkingEnd = answer.thinkingEnd;
  node.truncatedThought = answer.truncatedThought;
  node.error = answer.error?.message ?? null;
  node.figures = answer.figures();
  history.saveNode(node);
  state.live.delete(node.id);
  for (const watcher of watchers) watcher();
  update({live: state.live, conversation: state.conversation});
}
