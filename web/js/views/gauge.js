// How full the model's context is: with what the last answer was given and wrote. Its thought does
// not count once it has ended: the model is not shown it again.

import {h, replace} from '../dom.js';
import {number, t} from '../i18n.js';
import {chosenModel} from '../settings.js';
import {state} from '../state.js';

export function contextGauge() {
  const element = h('span.gauge', {role: 'img', hidden: true});
  return {
    element,
    draw(path) {
      const context = chosenModel()?.context_tokens;
      const last = path.findLast(({role, figures}) => role === 'assistant' && figures?.promptTokens);
      element.hidden = !context || !last;
      if (element.hidden) return;
      const {promptTokens, tokens, reasoningTokens} = last.figures;
      const used = promptTokens + tokens - (state.live.has(last.id) ? 0 : reasoningTokens);
      const share = Math.min(1, used / context);
      const text = t('contextUsed', {used: number(used), all: number(context)});
      const fill = h('span.gauge-fill');
      fill.style.inlineSize = `${Math.max(2, share * 100)}%`;
      element.classList.toggle('high', share > 0.85);
      element.title = text;
      element.setAttribute('aria-label', text);
      replace(element, h('span.gauge-bar', null, fill), h('span.wide-only', null,
        `${number(share * 100)} %`));
    },
  };
}
