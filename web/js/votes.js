// What votes say: who was preferred how often, and how sure that is. Pure functions.
//
//   standings(tally)       // of GET /retort/v1/votes: [{model, wins, rate, low, high, ...}]
//   voteOf(prompts, contestants, answers, 0)       // the body of POST /retort/v1/votes
//
// A tie counts half to both. Intervals are Wilson's at 95 %: right for few votes and at the ends,
// too.

const kNormal = 1.959964;       // of 95 %
const kWithoutThinking = ' (no thinking)';

export function wilson(share, n) {
  if (n === 0) return {low: 0, high: 1};
  const z2 = kNormal * kNormal;
  const middle = share + z2 / (2 * n);
  const half = kNormal * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return {low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale)};
}

// The models, the most preferred first. A comparison is a pair of answers of one vote of which one
// was the best, or which were alike.
export function standings(tally) {
  const rows = new Map();
  const add = (model, wins, losses, ties) => {
    const row = rows.get(model) ?? {model, wins: 0, losses: 0, ties: 0};
    row.wins += wins;
    row.losses += losses;
    row.ties += ties;
    rows.set(model, row);
  };
  for (const {a, b, a_best: aBest, b_best: bBest, alike} of tally) {
    add(a, aBest, bBest, alike);
    add(b, bBest, aBest, alike);
  }
  const rated = [...rows.values()].map((row) => {
    const n = row.wins + row.losses + row.ties;
    const rate = n === 0 ? null : (row.wins + row.ties / 2) / n;
    return {...row, n, rate, ...wilson(rate ?? 0.5, n)};
  });
  return rated.sort((one, other) =>
    (other.rate ?? -1) - (one.rate ?? -1) || other.n - one.n || (one.model < other.model ? -1 : 1));
}

// The first, if it is preferred by more than chance; else null.
export function leader(rows) {
  return rows.length > 0 && rows[0].low > 0.5 ? rows[0] : null;
}

// The name under which a column is voted for. The same model with and without its thought are two.
export const contestant = (model, thinks) => (thinks ? model : `${model}${kWithoutThinking}`);

// {model, thinks} of such a name.
export function readContestant(name) {
  const without = name.endsWith(kWithoutThinking) && name.length > kWithoutThinking.length;
  return {model: without ? name.slice(0, -kWithoutThinking.length) : name, thinks: !without};
}

// Answers that failed have no part in a vote.
export const votable = (answers) => answers.map(({phase}) => phase !== 'failed');

// `verdict` is the number of a column, 'alike' or 'none'; the last two are a tie to the store.
export function voteOf(prompts, contestants, answers, verdict) {
  const voted = votable(answers);
  const columns = answers.map((_, index) => index).filter((index) => voted[index]);
  return {
    prompt: prompts.join('\n\n↳ '),
    best: typeof verdict === 'number' ? columns.indexOf(verdict) : null,
    answers: columns.map((index) => ({
      model: contestants[index],
      answer: answers[index].text,
      reasoning: answers[index].reasoning,
    })),
  };
}

// Why there is no vote on these columns; null if there is one.
export function noVote(contestants, answers) {
  const voted = votable(answers);
  const names = contestants.filter((_, index) => voted[index]);
  if (names.length < 2) return 'tooFew';
  return new Set(names).size < 2 ? 'allSame' : null;
}
