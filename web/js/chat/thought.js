// A thought: a fold with its time and tokens in the head, and "Answer now" while it goes on.
//
//   const view = new ThoughtView({answerNow});
//   parent.append(view.element);
//   view.set(reasoning, {live, seconds, tokens});      // as often as it grows
//
// A folded thought has no elements below its head: they are made when it is opened.

import {h} from '../dom.js';
import {number, seconds as inSeconds, t} from '../i18n.js';
import {icon} from '../icons.js';
import {StreamText} from '../render/stream_text.js';
import {change} from '../settings.js';
import {state} from '../state.js';

export class ThoughtView {
  #text = '';
  #live = false;
  #shown = null;       // StreamText, while it is open
  #label = h('span');
  #body = h('div.thought-body', {hidden: true});
  #head;
  #now;

  constructor({answerNow}) {
    this.#head = h('button.quiet.small.thought-head', {
      type: 'button',
      'aria-expanded': 'false',
      onclick: () => {
        this.open(this.#body.hidden);
        change({thoughtsOpen: !this.#body.hidden});     // the next ones are as this one was left
      },
    }, icon('fold'), this.#label);
    this.#now = h('button.small', {type: 'button', hidden: true, onclick: answerNow}, t('answerNow'));
    this.element = h('div.thought', {role: 'group', 'aria-label': t('thought'), hidden: true},
      h('div.row', null, this.#head, this.#now), this.#body);
    this.open(state.settings.thoughtsOpen);
  }

  set(text, {live, seconds, tokens}) {
    this.element.hidden = text.trim() === '';
    this.element.classList.toggle('live', live);
    this.#now.hidden = !live;
    const words = tokens > 0 ? {n: number(tokens), time: inSeconds(seconds)} : null;
    const key = live ? 'thinkingFor' : 'thoughtFor';
    const label = words ? t(key, words) : t('thought');
    if (this.#label.textContent !== label) this.#label.textContent = label;
    const ended = this.#live && !live;
    if (text === this.#text && !ended) return;
    this.#text = text;
    this.#live = live;
    this.#shown?.set(text, !live);
  }

  open(wanted) {
    this.#body.hidden = !wanted;
    this.#head.setAttribute('aria-expanded', String(wanted));
    if (!wanted) {
      this.#shown = null;
      this.#body.replaceChildren();
    } else if (this.#shown === null) {
      this.#shown = new StreamText(this.#body, {lazy: true});
      this.#shown.set(this.#text, !this.#live);
    }
  }

  toggle() {
    this.#head.click();
  }
}
