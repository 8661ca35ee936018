// An element that shows a growing text as Markdown. What is complete is rendered once; only the block
// that still grows is rendered again, so that a long text costs no more per token than a short one.
//
//   const shown = new StreamText(element, {lazy: true});
//   shown.set(text);                   // as often as it grows
//   shown.set(text, true);             // the end
//
// With `lazy`, complete blocks stay plain text until they come near the screen: thoughts are long, and
// little of them is looked at.

import {h} from '../dom.js';
import {makeSplitter} from './blocks.js';
import {finish, renderMarkdown} from './markdown.js';
import {typeset} from './math.js';

const kNear = 600;      // pixels
const kAtOnce = 4;      // blocks that may be rendered as they come

const nearScreen = new IntersectionObserver((entries) => {
  for (const {isIntersecting, target} of entries) {
    if (!isIntersecting) continue;
    nearScreen.unobserve(target);
    fill(target, target.textContent);
  }
}, {rootMargin: `${kNear}px`});

function fill(block, source) {
  block.classList.remove('plain');
  block.replaceChildren(renderMarkdown(source));
  finish(block);
}

export class StreamText {
  #element;
  #lazy;
  #split = makeSplitter();
  #start = 0;                 // of the block that grows
  #tail = h('div.block');
  #next = 0;                  // when it may be rendered again

  constructor(element, {lazy = false} = {}) {
    this.#element = element;
    this.#lazy = lazy;
    element.replaceChildren(this.#tail);
  }

  set(text, final = false) {
    const done = document.createDocumentFragment();
    const ends = this.#split(text);
    const lazy = this.#lazy && (ends.length > kAtOnce || !this.#isSeen());
    for (const end of ends) {
      done.append(makeBlock(text.slice(this.#start, end), lazy));
      this.#start = end;
      this.#next = 0;
    }
    if (done.childNodes.length > 0) this.#element.insertBefore(done, this.#tail);
    const now = performance.now();
    if (!final && now < this.#next) return;
    const rest = text.slice(this.#start);
    this.#tail.replaceChildren(renderMarkdown(rest));
    this.#next = Infinity;
    (final ? finish : typeset)(this.#tail).finally(() => {
      // At most an eighth of the time goes into what will be thrown away.
      const end = performance.now();
      this.#next = end + 7 * (end - now);
    });
  }

  #isSeen() {
    const {top} = this.#tail.getBoundingClientRect();
    return top > -kNear && top < innerHeight + kNear;
  }
}

function makeBlock(source, lazy) {
  const block = h('div.block');
  if (lazy) {
    block.classList.add('plain');
    block.textContent = source;
    nearScreen.observe(block);
  } else {
    fill(block, source);
  }
  return block;
}
