// One prompt and one column's answer to it.
//
//   const view = new RoundView(round, column);      // .element
//   view.draw(hidden);                              // as often as the answer changes
//   view.tick(hidden);                              // the thought's timer only
//
// In a blind comparison nothing is shown that tells one model from another but what it writes.

import {endingOf} from '../chat/ending.js';
import {ThoughtView} from '../chat/thought.js';
import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {StreamText} from '../render/stream_text.js';

export class RoundView {
  #answer;
  #thought;
  #text = h('div.text');
  #shown = null;
  #drawn = '';
  #note = h('div.note');

  constructor({prompt, answers}, column) {
    this.#answer = answers[column];
    this.#thought = new ThoughtView({answerNow: () => this.#answer.answerNow()});
    this.element = h('article.cmp-round', null,
      h('p.cmp-asked', null, h('span.unseen', null, t('cmpPrompt'), ' '), prompt),
      this.#thought.element, this.#text, this.#note);
  }

  draw(hidden) {
    const {text, ended, phase} = this.#answer;
    const now = `${ended} ${hidden} ${text.length} ${phase}`;
    this.tick(hidden);
    if (now === this.#drawn) return;
    this.#drawn = now;
    if (text !== '') {
      this.#shown ??= new StreamText(this.#text);
      this.#shown.set(text, ended);
    }
    this.element.setAttribute('aria-busy', String(!ended));
    replace(this.#note, ended ? this.#end(hidden) : null);
  }

  tick(hidden) {
    const {reasoning, phase, thinkingSoFar, reasoningTokens} = this.#answer;
    this.#thought.set(reasoning, {
      live: phase === 'thinking',
      seconds: thinkingSoFar,
      tokens: hidden ? 0 : reasoningTokens,      // without them it shows no time either
    });
  }

  // How it ended, where that was not by itself.
  #end(hidden) {
    const {phase, error} = this.#answer;
    if (phase === 'failed') {
      // The server's words may name the model.
      return h('p.fault', {role: 'alert'}, (!hidden && error?.message) || t('cmpFailed'));
    }
    const key = endingOf(this.#answer);
    return key && h('p.muted.small-text', null, t(key));
  }
}
