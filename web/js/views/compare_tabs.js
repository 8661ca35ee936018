// Where only one column fits: buttons that say which one is seen, and bring the others. Swiping
// does the same; the buttons follow it.
//
//   const tabs = columnTabs(strip);        // {element, draw, end}
//   tabs.draw(columns, hidden);

import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {letter} from './compare_head.js';

export function columnTabs(strip) {
  const element = h('nav.cmp-tabs', {'aria-label': t('cmpColumns')});

  function mark() {
    const width = strip.firstElementChild?.offsetWidth ?? 0;
    const seen = width === 0 ? 0 : Math.round(strip.scrollLeft / width);
    [...element.children].forEach((button, index) => {
      if (index === seen) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    });
  }

  function draw(columns, hidden) {
    replace(element, columns.map(({model}, index) => h('button.small', {
      type: 'button',
      'aria-label': hidden ? t('cmpColumn', {letter: letter(index)})
        : t('cmpColumnNamed', {letter: letter(index), model}),
      onclick: () => strip.children[index].scrollIntoView({block: 'nearest', inline: 'start'}),
    }, h(`span.cmp-letter.series${index}`, null, letter(index)),
    !hidden && h('span.cmp-tab-name', null, model))));
    mark();
  }

  strip.addEventListener('scroll', mark, {passive: true});
  const resized = new ResizeObserver(mark);
  resized.observe(strip);
  return {element, draw, end: () => resized.disconnect()};
}
