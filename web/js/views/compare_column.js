// One column: its model, what it is doing, its answers, and its figures at the bottom, so that they
// stand in the same rows in all columns.
//
//   const column = new CompareColumn(0);        // .element
//   column.drawHead(columns, {hidden, started, verdict});   // models, or their names, changed
//   column.draw(comparison, best);              // answers grew; the view follows the end of them
//   column.tick(comparison);                    // timers and figures only
//   column.end();

import {kFigures} from '../compare/figures.js';
import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {choiceHead, letter, modelFacts, nameHead} from './compare_head.js';
import {RoundView} from './compare_round.js';

const kNearEnd = 60;     // pixels
const kHidden = '•••';

export class CompareColumn {
  #index;
  #head = h('header.cmp-head');
  #phase = h('span.cmp-phase');
  #body;
  #facts = h('div');
  #values = kFigures.map(() => h('dd'));
  #rounds = [];
  #list = h('div');
  #follows = true;
  #resized = new ResizeObserver(() => this.#toEnd());

  constructor(index) {
    this.#index = index;
    this.#body = h('div.cmp-body', {
      tabindex: '0',
      role: 'region',
      'aria-label': t('cmpAnswerOf', {letter: letter(index)}),
    }, this.#facts, this.#list);
    this.element = h(`section.cmp-column.line${index}`, {
      'aria-label': t('cmpColumn', {letter: letter(index)}),
    }, this.#head, this.#body, h('footer.cmp-foot', null, this.#phase, h('dl.cmp-figures', null,
      kFigures.map(({name}, row) => h('div', null, h('dt', null, t(name)), this.#values[row])))));
    // On small screens the column scrolls, on others what is between head and figures.
    for (const scroller of [this.element, this.#body]) {
      let before = 0;
      scroller.addEventListener('scroll', () => {
        const {scrollHeight, scrollTop, clientHeight} = scroller;
        if (scrollHeight - scrollTop - clientHeight < kNearEnd) this.#follows = true;
        else if (scrollTop < before) this.#follows = false;     // the user went back
        before = scrollTop;
      }, {passive: true});
    }
    this.#resized.observe(this.#list);
    this.#resized.observe(this.element);
  }

  drawHead(columns, {hidden, started, verdict}) {
    const column = columns[this.#index];
    const voted = verdict === this.#index;
    replace(this.#head, started ? nameHead(column, this.#index, {hidden, voted})
      : choiceHead(columns, this.#index));
    replace(this.#facts, started ? null : modelFacts(column.model, column.deep));
  }

  draw(comparison, best) {
    const {rounds, hidden} = comparison;
    for (const round of rounds.slice(this.#rounds.length)) {
      const view = new RoundView(round, this.#index);
      this.#rounds.push(view);
      this.#list.append(view.element);
      this.#follows = true;
    }
    for (const view of this.#rounds) view.draw(hidden);
    this.#drawFigures(comparison, best);
  }

  tick(comparison) {
    this.#rounds.at(-1)?.tick(comparison.hidden);
    this.#drawFigures(comparison, null);
  }

  end() {
    this.#resized.disconnect();
  }

  #toEnd() {
    if (!this.#follows) return;
    const whole = getComputedStyle(this.#body).overflowY === 'visible';
    const scroller = whole ? this.element : this.#body;
    scroller.scrollTop = scroller.scrollHeight;
  }

  // `best`: for each figure whether this column's is the best; null while that is open.
  #drawFigures({rounds, hidden}, best) {
    const answer = rounds.at(-1)?.answers[this.#index] ?? null;
    const phase = answer?.phase ?? 'ready';
    if (this.#phase.dataset.phase !== phase) {
      this.#phase.dataset.phase = phase;
      const dot = h('span.cmp-dot', {'aria-hidden': 'true'});
      replace(this.#phase, phase === 'done' ? icon('check') : dot, t(`cmpPhase_${phase}`));
    }
    kFigures.forEach(({show}, row) => {
      const value = answer === null ? '–' : hidden ? kHidden : show(answer);
      const marked = !hidden && (best?.[row] ?? false);
      const cell = this.#values[row];
      const drawn = `${value} ${marked}`;
      if (cell.dataset.drawn === drawn) return;
      cell.dataset.drawn = drawn;
      replace(cell, value === kHidden ? [h('span', {'aria-hidden': 'true'}, value),
        h('span.unseen', null, t('cmpHidden'))] : value, marked && h('span.cmp-best', null,
        h('span', {'aria-hidden': 'true'}, '★'), h('span.unseen', null, t('cmpBestOfRow'))));
    });
  }
}
