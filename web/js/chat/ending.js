// How an answer ended, where that was not by itself: the key of its words, or null.
//
//   const key = endingOf({phase, finish, truncatedThought, thinkingEnd, reasoning, text});
//
// A failure has words of its own, the server's.

const kThoughtEnds = {budget: 'endedBudget', budget_hard: 'endedBudget', loop: 'endedThoughtLoop'};

export function endingOf({phase, finish, truncatedThought, thinkingEnd, reasoning, text}) {
  if (phase === 'stopped') return 'stopped';
  if (truncatedThought || (finish === 'length' && text === '' && reasoning !== '')) {
    return 'cutInThought';
  }
  if (finish === 'length') return 'cutByLength';
  if (finish === 'loop') return 'endedLoop';
  if (reasoning === '') return null;       // what was asked to leave its thought out
  return kThoughtEnds[thinkingEnd] ?? null;
}
