// The comparison that is going on: its columns, and rounds of a prompt with an answer in each.
//
//   ask('Which is larger, 9.11 or 9.8?');       // state.comparison changes until all have ended
//   await vote(0);                              // the first column was the best
//   clear();
//
// It outlives its view, and a reload in the same tab: what had come by then is shown again. Columns
// stand as they stood at the first prompt; in a blind comparison their names are hidden until the
// vote.

import {announce} from '../announce.js';
import {Answer} from '../chat/answer.js';
import {t} from '../i18n.js';
import {get, post} from '../server.js';
import {change, modelNamed, requestFor} from '../settings.js';
import {state, update} from '../state.js';
import {contestant, voteOf} from '../votes.js';
import {canThink, chosenColumns, messagesOf, shuffled} from './columns.js';

const kName = 'retort.comparison';
const kKept = ['phase', 'text', 'reasoning', 'finish', 'thinkingEnd', 'truncatedThought', 'tokens',
  'reasoningTokens', 'promptTokens', 'firstToken', 'firstAnswer', 'thinking', 'total', 'speed'];

const tell = () => update({comparison: state.comparison});

// {columns, hidden, rounds: [{prompt, answers, verdict}]}; a verdict is the number of a column,
// 'alike', 'none', 'skipped', or null.
export function comparison() {
  state.comparison ??= restored() ?? {columns: [], hidden: false, rounds: []};
  return state.comparison;
}

export const lastRound = () => comparison().rounds.at(-1) ?? null;

export const running = () => lastRound()?.answers.some(({ended}) => !ended) ?? false;

// Those of the comparison, or before it those that would be.
export const columnsNow = () => (lastRound() === null
  ? chosenColumns(state.settings.columns, state.models)
  : comparison().columns);

export const contestants = () => columnsNow().map(({model, deep}) =>
  contestant(model, deep || !canThink(modelNamed(model))));

export function ask(prompt) {
  const current = comparison();
  if (current.rounds.length === 0) {
    const columns = columnsNow();
    const {blind} = state.settings;
    Object.assign(current, {columns: blind ? shuffled(columns) : columns, hidden: blind});
  }
  const answers = current.columns.map(({model, deep}, index) => {
    const settings = {...state.settings, deep};
    const messages = messagesOf(current.rounds, index, prompt, settings.system);
    return new Answer(requestFor(modelNamed(model) ?? {name: model}, messages, settings), tell);
  });
  current.rounds.push({prompt, answers, verdict: null});
  Promise.all(answers.map(({finished}) => finished)).then(() => {
    if (state.comparison !== current) return;
    announce(t('cmpAllEnded'));
    keep();
    tell();
  });
  announce(t('cmpStarted'));
  tell();
}

export function stopAll() {
  for (const answer of lastRound()?.answers ?? []) answer.stop();
}

export function clear() {
  stopAll();
  state.comparison = {columns: [], hidden: false, rounds: []};
  keep();
  tell();
}

// Fails as the server does; the names stay hidden then.
export async function vote(verdict) {
  const {rounds} = comparison();
  const round = lastRound();
  if (verdict !== 'skipped') {
    const prompts = rounds.map(({prompt}) => prompt);
    try {
      await post('/retort/v1/votes', voteOf(prompts, contestants(), round.answers, verdict));
    } catch (error) {
      if (error.status === 501) update({votesOff: true});
      throw error;
    }
  }
  round.verdict = verdict;
  if (round === lastRound()) reveal();      // else another comparison has begun meanwhile
  announce(t(verdict === 'skipped' ? 'cmpSkipped' : 'cmpVoteKept'));
}

export function reveal() {
  const current = comparison();
  if (current.hidden) change({columns: current.columns});    // the next ones stand as these did
  current.hidden = false;
  keep();
  tell();
}

// Votes are kept beside the runs: who has none of these has none of those.
export async function lookForStore() {
  if (state.votesOff !== undefined) return;
  try {
    await get('/retort/v1/runs?kind=vote');
    update({votesOff: false});
  } catch (error) {
    if (error.status === 501) update({votesOff: true});
  }
}

function keep() {
  if (!state.comparison) return;
  const {columns, hidden, rounds} = state.comparison;
  const kept = rounds.map((round) => ({...round, answers: round.answers.map(plain)}));
  try {
    sessionStorage.setItem(kName, JSON.stringify({columns, hidden, rounds: kept}));
  } catch {
    // Too much for the browser: it still shows it until it is reloaded.
  }
}

function plain(answer) {
  const kept = Object.fromEntries(kKept.map((name) => [name, answer[name] ?? null]));
  if (!answer.ended) {
    const thinking = answer.reasoning === '' ? null : answer.thinkingSoFar;
    return Object.assign(kept, {phase: 'stopped', total: answer.elapsed, thinking});
  }
  if (answer.error) kept.error = {message: answer.error.message};
  return kept;
}

function restored() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(kName));
    if (!(kept?.rounds?.length > 0)) return null;
    for (const {answers} of kept.rounds) {
      for (const answer of answers) {
        Object.assign(answer, {ended: true, elapsed: answer.total, thinkingSoFar: answer.thinking,
          stop() {}, answerNow: async () => false});
      }
    }
    return kept;
  } catch {
    return null;      // nothing that we wrote
  }
}

addEventListener('pagehide', keep);
