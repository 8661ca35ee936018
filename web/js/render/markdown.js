// Text of models as elements: Markdown without HTML, through a sanitizer that knows few tags.
//
//   element.replaceChildren(renderMarkdown(source));
//   await finish(element);                          // mathematics, colours of code
//
// Nothing in a text makes the browser ask for anything: pictures become links, and links go where
// people expect links to go (http, https, mailto).

import '/lib/markdown-it.js';
import {h} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {mathInMarkdown, typeset} from './math.js';
import {sanitize} from './sanitizer.js';

const kTags = ['a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr',
  'li', 'ol', 'p', 'pre', 's', 'span', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'];
const kAllowed = {
  ALLOWED_TAGS: kTags,
  ALLOWED_ATTR: ['class', 'href', 'start', 'rel', 'target'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ADD_URI_SAFE_ATTR: ['start'],     // else it would have to be an address, too
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

const markdown = globalThis.markdownit({html: false, linkify: false, breaks: false});
markdown.use(mathInMarkdown);
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index];
  const {escapeHtml} = markdown.utils;
  return `<a href="${escapeHtml(token.attrGet('src') ?? '')}">${escapeHtml(token.content || '⬚')}</a>`;
};
// Columns are aligned by classes: style attributes are forbidden.
for (const cell of ['th_open', 'td_open']) {
  markdown.renderer.rules[cell] = (tokens, index) => {
    const align = /text-align:(\w+)/.exec(tokens[index].attrGet('style') ?? '')?.[1];
    return `<${tokens[index].tag}${align ? ` class="${align}"` : ''}>`;
  };
}

export function renderMarkdown(source) {
  const fragment = sanitize(markdown.render(source), kAllowed);
  // Nested deeper than the parser goes, or only addresses for elsewhere: as it was written.
  if (fragment.textContent.trim() === '' && /[\p{L}\p{N}]/u.test(source) &&
      !fragment.querySelector('pre, hr')) fragment.replaceChildren(h('p', null, source));
  for (const link of fragment.querySelectorAll('a')) {
    link.rel = 'noopener noreferrer nofollow';
    link.target = '_blank';
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = h('div.table', {tabindex: '0', role: 'group', 'aria-label': t('table')});
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const block of fragment.querySelectorAll('pre')) frameCode(block);
  return fragment;
}

// What the fence said, if that is a name.
const languageOf = (code) => /(?:^|\s)language-([\w+#.-]+)(?:\s|$)/.exec(code.className)?.[1] ?? '';

function frameCode(block) {
  const code = block.querySelector('code') ?? block;
  const name = languageOf(code);
  const copy = h('button.quiet', {
    type: 'button',
    onclick: async () => {
      await navigator.clipboard.writeText(code.textContent);
      copy.replaceChildren(icon('check'), t('copied'));
      setTimeout(() => copy.replaceChildren(icon('copy'), t('copy')), 1500);
    },
  }, icon('copy'), t('copy'));
  const figure = h('div.code', null, h('div.code-head', null, h('span', null, name), copy));
  block.replaceWith(figure);
  block.tabIndex = 0;
  figure.append(block);
}

let highlight = null;

// What takes longer, of a text that will not change any more.
export async function finish(element) {
  await Promise.all([typeset(element), colour(element)]);
}

async function colour(element) {
  const blocks = element.querySelectorAll('pre code[class*="language-"]:not(.coloured)');
  if (blocks.length === 0) return;
  highlight ??= import('/lib/highlight.js').then(() => globalThis.hljs);
  const library = await highlight;
  for (const code of blocks) {
    const name = languageOf(code).toLowerCase();
    code.classList.add('coloured');
    if (!library.getLanguage(name) || code.textContent.length > 100_000) continue;
    const html = library.highlight(name, code.textContent, true).value;
    code.replaceChildren(sanitize(html, {ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class']}));
  }
}
