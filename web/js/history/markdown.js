// A conversation as Markdown, for people, and back again.
//
//   download(...asMarkdown(conversation, {thoughts: true}));
//   const {title, system, nodes} = readMarkdown(text);        // null: none of ours
//
// Comments that no reader shows say where each part begins: <!-- retort user -->. A line of a text that
// looks like one is written with a backslash in front. Only the path to the leaf is in it: what has
// siblings wants JSON.

import {t, when} from '../i18n.js';
import {pathTo} from './tree.js';

const kMark = /^<!-- retort (title|system|user|answer|file|thought|text) ?(\S*) -->$/;
const kLooksMarked = /^\\*<!-- retort /gm;

const mark = (part, name = '') => `<!-- retort ${part}${name && ` ${encodeURIComponent(name)}`} -->`;
const plain = (text) => text.replace(kLooksMarked, (line) => `\\${line}`);
const quoted = (text) => `> ${plain(text.trim()).replaceAll('\n', '\n> ')}`;

// A fence that is longer than any inside.
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${plain(text)}\n${fence}`;
}

function* partsOf(node, thoughts) {
  const user = node.role === 'user';
  yield mark(user ? 'user' : 'answer', user ? '' : node.model);
  yield `## ${user ? t('you') : node.model || t('model')}`;
  for (const {name, text} of node.files ?? []) {
    yield mark('file', name);
    yield `**${name}**`;
    yield fenced(text);
  }
  if (thoughts && node.reasoning) {
    yield mark('thought');
    yield quoted(node.reasoning);
  }
  yield mark('text');
  yield plain(node.text);
}

export function asMarkdown(conversation, {thoughts = false} = {}) {
  const parts = [mark('title'), `# ${conversation.title}`, `_${when(conversation.created)}_`];
  if (conversation.system) parts.push(mark('system'), quoted(conversation.system));
  for (const node of pathTo(conversation.nodes, conversation.leaf)) {
    parts.push(...partsOf(node, thoughts));
  }
  const name = conversation.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60);
  return [`${name || 'conversation'}.md`, `${parts.join('\n\n')}\n`, 'text/markdown'];
}

// [{part, name, text}], each text without the empty lines around it.
function sectionsOf(source) {
  const sections = [];
  for (const line of source.replaceAll('\r\n', '\n').split('\n')) {
    const found = kMark.exec(line);
    if (found) sections.push({part: found[1], name: decode(found[2]), lines: []});
    else sections.at(-1)?.lines.push(line.replace(/^\\(?=\\*<!-- retort )/, ''));
  }
  return sections.map(({part, name, lines}) =>
    ({part, name, text: lines.join('\n').replace(/^\n+|\n+$/g, '')}));
}

function decode(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const unquoted = (text) => text.replace(/^> ?/gm, '').replace(kLooksMarked, (line) => line.slice(
  line.startsWith('\\') ? 1 : 0));
const unfenced = (text) => /^(`{3,})\n([^]*)\n\1$/m.exec(text)?.[2] ?? '';

export function readMarkdown(source) {
  const conversation = {title: '', system: '', nodes: []};
  for (const {part, name, text} of sectionsOf(source)) {
    const {nodes} = conversation;
    const node = nodes.at(-1);
    if (part === 'title') conversation.title = /^# (.*)$/m.exec(text)?.[1] ?? '';
    if (part === 'system') conversation.system = unquoted(text);
    if (part === 'user' || part === 'answer') {
      const id = nodes.length + 1;
      nodes.push({id, parent: id - 1 || null, role: part === 'user' ? 'user' : 'assistant', model: name,
        files: [], created: Date.now() + id});
    }
    if (!node) continue;
    if (part === 'file') node.files.push({name, text: unfenced(text)});
    if (part === 'thought') node.reasoning = unquoted(text);
    if (part === 'text') node.text = text;
  }
  return conversation.nodes.length > 0 ? conversation : null;
}
