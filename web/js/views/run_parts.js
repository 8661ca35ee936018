// What the list of runs and one run have in common: names of kinds and states, and what went wrong.

import {h} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';

export const kKinds = ['compare', 'bench'];
const kStateIcons = {running: 'again', interrupted: 'stop', failed: 'close', finished: 'check'};

// A server without a store is not a fault: it was started so. `again` tries once more.
export function faultOf(error, again) {
  if (error.status !== 501) {
    return h('div.fault.row.spread', null, error.message,
      h('button', {type: 'button', onclick: again}, icon('again'), t('tryAgain')));
  }
  return h('div.card.empty', null, h('h2', null, t('noStore')), h('p', null, t('noStoreWhy')),
    h('pre', null, 'retort serve MODEL --store runs.db'));
}

export const kindName = (kind) => (kKinds.includes(kind) ? t(`run_${kind}`) : kind);

export function stateBadge(name) {
  if (!kStateIcons[name]) return h('span.badge', null, name);
  return h(`span.badge.${name}`, null, icon(kStateIcons[name]), t(`runState_${name}`));
}
