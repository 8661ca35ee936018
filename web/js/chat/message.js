// One message of a chat, with what can be done to it.
//
//   const view = new MessageView(node);        // .element
//   view.refresh();                            // the conversation around it changed
//   view.end();
//
// A live answer is drawn at most every 60 ms, and its timer while it thinks.

import {h, replace, throttle} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {StreamText} from '../render/stream_text.js';
import {state} from '../state.js';
import {endingOf} from './ending.js';
import {drawActions} from './message_actions.js';
import * as talk from './talk.js';
import {ThoughtView} from './thought.js';

const kDraw = 60;    // milliseconds
const kTick = 200;

export class MessageView {
  #node;
  #thought = null;
  #text = h('div.text');
  #shown = null;
  #drawn = null;            // the text that #shown has, and whether as an end
  #note = h('div.note');
  #actions = h('div.actions');
  #live = null;
  #timer = null;
  #draw = throttle(() => this.draw(), kDraw);

  constructor(node) {
    this.#node = node;
    const user = node.role === 'user';
    this.element = h(`article.message.${node.role}`, {'aria-label': t(user ? 'you' : 'answer')});
    if (!user) {
      this.#thought = new ThoughtView({answerNow: talk.answerNow});
      this.element.append(h('div.model-name', null, node.model), this.#thought.element);
    }
    for (const file of node.files ?? []) {
      this.element.append(h('details.attached', null,
        h('summary', null, icon('file'), file.name), h('pre', {tabindex: '0'}, file.text)));
    }
    this.element.append(this.#text, this.#note, this.#actions);
    this.refresh();
  }

  refresh() {
    const live = state.live.get(this.#node.id) ?? null;
    if (live !== this.#live) {
      this.#live?.watchers.delete(this.#draw);
      this.#live = live;
      live?.watchers.add(this.#draw);
      clearInterval(this.#timer);
      if (live) this.#timer = setInterval(() => this.#drawThought(), kTick);
    }
    this.draw();
    drawActions(this.#actions, this.#node, this);
  }

  draw() {
    const {role, text} = this.#node;
    const ended = this.#live === null || this.#live.answer.ended;
    const state = `${ended} ${text.length}`;
    if (role === 'user') {
      if (this.#drawn !== state) this.#text.textContent = text;
    } else if (this.#drawn !== state) {
      this.#shown ??= new StreamText(this.#text);
      this.#shown.set(text, ended);
    }
    this.#drawn = state;
    if (role === 'user') return;
    this.#drawThought();
    this.element.classList.toggle('waiting', !ended && this.#live.answer.phase === 'waiting');
    this.element.setAttribute('aria-busy', String(!ended));
    replace(this.#note, ended ? this.#notes() : this.#waiting());
  }

  #drawThought() {
    const {reasoning, text, figures} = this.#node;
    const answer = this.#live?.answer;
    this.#thought.set(reasoning, {
      live: answer?.phase === 'thinking' && text === '',
      seconds: answer ? answer.thinkingSoFar : figures?.thinking,
      tokens: answer ? answer.reasoningTokens : figures?.reasoningTokens ?? 0,
    });
  }

  #waiting() {
    if (this.#live.answer.phase !== 'waiting') return null;
    return h('p.muted.pulse', null, t('waiting'));
  }

  // How it ended, where that was not by itself.
  #notes() {
    const {state: phase, error} = this.#node;
    if (phase === 'failed') return h('p.fault', {role: 'alert'}, error || t('failed'));
    const key = endingOf({...this.#node, phase});
    return key && h('p.muted', null, t(key));
  }

  // The text gives way to a field; `done` gets what was written, or null.
  editText(done) {
    const field = h('textarea', {rows: '4', 'aria-label': t('editMessage')});
    field.value = this.#node.text;
    const finish = (text) => {
      form.replaceWith(this.#text);
      this.#actions.hidden = false;
      done(text);
    };
    const form = h('form.edit', {
      onsubmit: (event) => {
        event.preventDefault();
        finish(field.value);
      },
      onkeydown: (event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          finish(null);
        } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          finish(field.value);
        }
      },
    }, field, h('div.row', null, h('button.primary.small', {type: 'submit'}, t('sendAgain')),
      h('button.small', {type: 'button', onclick: () => finish(null)}, t('cancel'))));
    this.#actions.hidden = true;
    this.#text.replaceWith(form);
    field.focus();
  }

  toggleThought() {
    this.#thought?.toggle();
  }

  end() {
    this.#live?.watchers.delete(this.#draw);
    clearInterval(this.#timer);
  }
}
