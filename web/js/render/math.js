// TeX in Markdown: \( \), \[ \], $ $, $$ $$ and bare environments become spans of the class "math".
//
//   markdown.use(mathInMarkdown);
//   await typeset(element);                 // KaTeX fills the spans below it
//
// A single $ is pandoc's: what follows the first is no space, what precedes the second is none, and no
// digit comes after it. So "$5 to $10" stays money.

export function mathInMarkdown(markdown) {
  markdown.inline.ruler.before('escape', 'math', inlineMath);
  markdown.block.ruler.before('fence', 'math', blockMath, {alt: ['paragraph', 'blockquote', 'list']});
  markdown.renderer.rules.math = (tokens, index) => {
    const {content, markup} = tokens[index];
    const text = markdown.utils.escapeHtml(content);
    return markup === 'display' ? `<span class="math display">${text}</span>`
                                : `<span class="math">${text}</span>`;
  };
}

const kPairs = [
  ['\\(', '\\)', ''],
  ['\\[', '\\]', 'display'],
  ['$$', '$$', 'display'],
];

function push(state, content, markup) {
  const token = state.push('math', 'span', 0);
  token.content = content.trim();
  token.markup = markup;
}

function inlineMath(state, silent) {
  const {src: text, pos} = state;
  for (const [open, close, markup] of kPairs) {
    if (!text.startsWith(open, pos)) continue;
    const end = text.indexOf(close, pos + open.length);
    if (end < 0 || end >= state.posMax || end === pos + open.length) return false;
    if (!silent) push(state, text.slice(pos + open.length, end), markup);
    state.pos = end + close.length;
    return true;
  }
  if (text[pos] !== '$') return false;
  const end = dollarsEnd(text, pos);
  if (end < 0 || end >= state.posMax) return false;
  if (!silent) push(state, text.slice(pos + 1, end), '');
  state.pos = end + 1;
  return true;
}

// Of the $ that closes the one at `open`; negative: that one is money.
function dollarsEnd(text, open) {
  if (/[\s$]/.test(text[open + 1] ?? ' ') || text[open - 1] === '$') return -1;
  for (let end = open + 1; end < text.length; ++end) {
    if (text[end] === '\\') ++end;
    else if (text.startsWith('\n\n', end)) return -1;
    else if (text[end] === '$') {
      if (/\s/.test(text[end - 1]) || /\d/.test(text[end + 1] ?? '')) return -1;
      return end;
    }
  }
  return -1;
}

function blockMath(state, startLine, endLine, silent) {
  const textOf = (line) => state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
  const first = textOf(startLine);
  const environment = /^\\begin\{(\w+\*?)\}/.exec(first);
  const open = environment ? '' : ['$$', '\\['].find((mark) => first.startsWith(mark));
  if (open === undefined) return false;
  const close = environment ? `\\end{${environment[1]}}` : {'$$': '$$', '\\[': '\\]'}[open];
  // Line by line: in a quote, each begins with its mark.
  const lines = [];
  let text = first.slice(open.length);
  let line = startLine;
  let end;
  while ((end = text.indexOf(close)) < 0) {
    lines.push(text);
    ++line;
    if (line >= endLine || (state.sCount[line] < state.blkIndent && !state.isEmpty(line))) return false;
    text = textOf(line);
  }
  // Text behind it on its line: then it is part of a paragraph.
  if (text.slice(end + close.length).trim() !== '') return false;
  if (silent) return true;
  lines.push(text.slice(0, environment ? end + close.length : end));
  push(state, lines.join('\n'), 'display');
  state.line = line + 1;
  return true;
}

// KaTeX bounds how many macros are expanded, not how much comes of them: a formula with definitions
// could take minutes, and is shown as it was written, as a huge one is.
const kDefinition = /\\(?:[egx]?def|(?:re)?newcommand|providecommand|(?:future)?let)(?![A-Za-z])/;
const kLongest = 8000;   // characters

let katex = null;

export async function typeset(element) {
  const spans = element.querySelectorAll('span.math:not(.set)');
  if (spans.length === 0) return;
  katex ??= import('/lib/katex.js').then(() => globalThis.katex);
  const {render} = await katex;
  for (const span of spans) {
    const text = span.textContent;
    span.classList.add('set');
    span.dataset.tex = text;
    try {
      if (text.length > kLongest || kDefinition.test(text)) throw new RangeError();
      // Built as elements: markup in strings would bring style attributes, which are forbidden here.
      render(text, span, {
        displayMode: span.classList.contains('display'),
        throwOnError: true,
        maxSize: 40,
        maxExpand: 500,
        strict: 'ignore',
        trust: false,
      });
    } catch {
      span.classList.add('broken');
      span.textContent = text;
    }
  }
}
