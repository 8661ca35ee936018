// What people preferred: a table of the models with intervals, the pairs, and the last votes.
//
//   const end = mountVotes(element);

import {h, replace} from '../dom.js';
import {number, t} from '../i18n.js';
import {icon} from '../icons.js';
import {get} from '../server.js';
import {leader, standings} from '../votes.js';
import {contestantName} from './contestant.js';
import {topbar} from './frame.js';
import {rateBar} from './rate_bar.js';
import {voteList} from './vote_list.js';

const percent = (share) => `${number(share * 100)} %`;

export function mountVotes(root) {
  const page = h('div.page.votes', {'aria-busy': 'true'}, h('p.muted', null, t('votesLoading')));
  const control = new AbortController();
  replace(root, topbar(h('h1', null, t('view_votes')), h('span.fill'), toCompare('small')),
    h('div.view.votes-view', {tabindex: '0', role: 'region', 'aria-label': t('view_votes')}, page));

  get('/retort/v1/votes', control.signal).then(
    (all) => replace(page, all.votes.length === 0 ? empty('votesEmpty', 'votesHow') : content(all)),
    (error) => {
      if (error.name === 'AbortError') return;
      replace(page, error.status === 501 ? empty('votesNone', 'votesNoneWhy')
        : h('p.fault', {role: 'alert'}, error.message));
    },
  ).finally(() => page.removeAttribute('aria-busy'));
  return () => control.abort();
}

const toCompare = (size) => h(`a.button${size ? `.${size}` : ''}`, {href: '#/compare'},
  icon('columns'), t('votesBegin'));

const empty = (title, why) => h('div.votes-empty', null,
  h('h2', null, t(title)), h('p', null, t(why)), toCompare(''));

function content({tally, votes}) {
  const rows = standings(tally);
  return [
    rows.length > 0 && [verdict(leader(rows)), standingsTable(rows),
      h('p.muted.small-text', null, t('votesMethod'))],
    tally.length > 1 && [h('h2', null, t('votesPairs')), pairsTable(tally)],
    h('h2', null, t('votesLast')),
    voteList(votes),
  ];
}

function verdict(row) {
  if (row === null) return h('p.votes-verdict', null, t('votesNoLeader'));
  const {model, rate, n, low, high} = row;
  return h('p.votes-verdict', null, t('votesLeader', {
    model: contestantName(model),
    n: number(n),
    rate: percent(rate),
    low: percent(low),
    high: percent(high),
  }));
}

function standingsTable(rows) {
  const head = (key, kind) => h(`th${kind ?? ''}`, {scope: 'col'}, t(key));
  return h('table.figures', null,
    h('thead', null, h('tr', null, head('votesModel'), head('votesRate', '.number'),
      head('votesWins', '.number'), head('votesLosses', '.number'), head('votesTies', '.number'))),
    h('tbody', null, rows.map(({model, wins, losses, ties, rate, low, high}) => h('tr', null,
      h('th.votes-model', {scope: 'row'},
        contestantName(model), rate !== null && rateBar(rate, low, high)),
      h('td.number', null, rate === null ? '–' : [
        h('strong', null, percent(rate)),
        h('div.muted.small-text', null,
          t('votesInterval', {low: percent(low), high: percent(high)}))]),
      [wins, losses, ties].map((count) => h('td.number', null, number(count)))))));
}

// The winner of a pair is bold and has a check.
function pairsTable(tally) {
  const head = (key, kind) => h(`th${kind ?? ''}`, {scope: 'col'}, t(key));
  const name = (model, won) => [contestantName(model),
    won && h('span.votes-won', null, icon('check'), h('span.unseen', null, t('votesBest')))];
  return h('table.figures', null,
    h('thead', null, h('tr', null, head('votesFirst'), head('votesFirstBest', '.number'),
      head('votesAlike', '.number'), head('votesOtherBest', '.number'), head('votesOther'))),
    h('tbody', null, tally.map(({a, b, a_best: first, b_best: other, alike}) => h('tr', null,
      h(first > other ? 'td.votes-better' : 'td', null, name(a, first > other)),
      [first, alike, other].map((count) => h('td.number', null, number(count))),
      h(other > first ? 'td.votes-better' : 'td', null, name(b, other > first))))));
}
