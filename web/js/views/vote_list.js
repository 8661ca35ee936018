// The last votes, folded: prompt and outcome. What was voted on is drawn when one is opened.
//
//   parent.append(voteList(votes));       // as GET /retort/v1/votes has them

import {h, replace} from '../dom.js';
import {number, t, when} from '../i18n.js';
import {icon} from '../icons.js';
import {finish, renderMarkdown} from '../render/markdown.js';
import {contestantName} from './contestant.js';

const kStep = 20;

export function voteList(votes) {
  const list = h('ul.vote-list');
  const more = h('button', {type: 'button', onclick: () => show()});
  let shown = 0;
  function show() {
    const next = votes.slice(shown, shown + kStep);
    const first = list.children.length;
    for (const vote of next) list.append(h('li', null, foldedVote(vote)));
    shown += next.length;
    more.hidden = shown >= votes.length;
    more.textContent = t('votesMore', {n: number(Math.min(kStep, votes.length - shown))});
    // Who asked for more goes on where the new ones begin.
    if (first > 0) list.children[first]?.querySelector('summary').focus();
  }
  show();
  return h('div', null, list, more);
}

function foldedVote(vote) {
  const {prompt, best, answers} = vote;
  const outcome = best === null ? t('votesWasTie')
    : t('votesWinner', {model: contestantName(answers[best]?.model ?? '')});
  const body = h('div.vote-body');
  const fold = h('details.vote', null,
    h('summary', null,
      icon('fold'),
      h('span.vote-prompt', null, prompt.trim() || t('votesNoPrompt')),
      h('span.vote-outcome', null, outcome),
      h('time.muted.small-text', {datetime: vote.voted_at}, when(vote.voted_at))),
    body);
  fold.addEventListener('toggle', () => {
    if (fold.open && body.childElementCount === 0) replace(body, opened(vote));
  });
  return fold;
}

function opened({prompt, best, answers}) {
  return [
    h('p.cmp-asked', null, prompt),
    h('div.vote-answers', null,
      answers.map((answer, index) => votedAnswer(answer, index === best))),
  ];
}

function votedAnswer({model, answer, reasoning}, best) {
  return h(best ? 'section.card.vote-best' : 'section.card', null,
    h('h3', null, contestantName(model),
      best && h('span.vote-mark', null, `★ ${t('votesBest')}`)),
    reasoning.trim() !== '' && thoughtFold(reasoning),
    answer.trim() === '' ? h('p.muted', null, t('votesNoAnswer')) : rendered(answer));
}

function thoughtFold(reasoning) {
  const fold = h('details.vote-thought', null, h('summary', null, t('votesThought')));
  fold.addEventListener('toggle', () => {
    if (!fold.open || fold.childElementCount > 1) return;
    const body = rendered(reasoning);
    body.classList.add('thought-body');
    fold.append(body);
  });
  return fold;
}

function rendered(text) {
  const block = h('div.block', null, renderMarkdown(text));
  finish(block);
  return block;
}
