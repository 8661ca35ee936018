// The row between the answers and the prompt: something to begin with, then the vote.
//
//   const bar = new VoteBar({begin});         // .element; `begin` gets an example that was chosen
//   bar.draw();                               // after every change; its height stays as it is

import * as session from '../compare/session.js';
import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {state} from '../state.js';
import {noVote, readContestant} from '../votes.js';
import {letter} from './compare_head.js';

const kExamples = 3;

export class VoteBar {
  #begin;
  #drawn = '';
  #fault = null;
  #busy = false;

  constructor({begin}) {
    this.#begin = begin;
    this.element = h('div.cmp-vote', {tabindex: '-1'});
  }

  draw() {
    const round = session.lastRound();
    const {hidden} = session.comparison();
    const now = [round?.verdict, session.comparison().rounds.length, session.running(), hidden,
      state.votesOff, this.#fault, this.#busy, session.columnsNow().length].join();
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.element.classList.toggle('examples', round === null);
    replace(this.element, this.#content(round, hidden),
      this.#fault && h('p.fault', {role: 'alert'}, this.#fault));
  }

  #content(round, hidden) {
    if (round === null) return this.#examples();
    if (round.verdict !== null) return this.#voted(round);
    if (state.votesOff) return [say('cmpNoStore'), hidden && this.#skip('cmpShowNames')];
    if (session.running()) return say(hidden ? 'cmpVoteLaterBlind' : 'cmpVoteLater');
    const why = noVote(session.contestants(), round.answers);
    if (why !== null) return [say(`cmpNoVote_${why}`), hidden && this.#skip('cmpShowNames')];
    return this.#ballot(round, hidden);
  }

  #examples() {
    const texts = Array.from({length: kExamples}, (_, n) => t(`cmpExample${n}`));
    return [say('cmpTry'), texts.map((text) =>
      h('button.small', {type: 'button', onclick: () => this.#begin(text)}, text))];
  }

  #ballot(round, hidden) {
    const choice = (verdict, label, name) => h('button.small', {
      type: 'button',
      disabled: this.#busy,
      'aria-label': name,
      onclick: () => this.#vote(verdict),
    }, label);
    return h('div.row', {role: 'group', 'aria-labelledby': 'cmp-question'},
      h('span.cmp-question', {id: 'cmp-question'}, t('cmpWhichIsBest')),
      round.answers.map(({phase}, index) => phase !== 'failed' &&
        choice(index, letter(index), t('cmpIsBest', {letter: letter(index)}))),
      choice('alike', t('cmpAlike')),
      choice('none', t('cmpNone')),
      hidden && this.#skip('cmpSkip'));
  }

  #skip(key) {
    return h('button.quiet.small', {
      type: 'button',
      title: t('cmpSkipWhy'),
      disabled: this.#busy,
      onclick: () => this.#vote('skipped'),
    }, t(key));
  }

  #voted({verdict}) {
    if (verdict === 'skipped') return say('cmpSkipped');
    const {model} = readContestant(session.contestants()[verdict] ?? '');
    const words = typeof verdict === 'number'
      ? t('cmpVotedFor', {letter: letter(verdict), model})
      : t(verdict === 'alike' ? 'cmpVotedAlike' : 'cmpVotedNone');
    return [h('span', null, words), h('a', {href: '#/votes'}, t('cmpAllVotes'))];
  }

  async #vote(verdict) {
    this.#busy = true;
    this.#fault = null;
    this.draw();
    try {
      await session.vote(verdict);
    } catch (error) {
      if (error.status !== 501) this.#fault = t('cmpVoteFailed', {why: error.message});
    }
    this.#busy = false;
    this.draw();
    // The button that had the focus is gone.
    (this.element.querySelector('a, button') ?? this.element).focus();
  }
}

const say = (key) => h('span.muted.small-text', null, t(key));
