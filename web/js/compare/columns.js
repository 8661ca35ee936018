// Which models stand side by side, and what is known of their answers. Pure functions.
//
//   chosenColumns(settings.columns, state.models)     // [{model: 'r1', deep: true}, ...]: 2 to 4
//   messagesOf(rounds, 0, 'And why?', system)         // the first column's conversation

import {messagesOf as conversationOf} from '../history/tree.js';

export const kFewest = 2;
export const kMost = 4;

// As long as a model is not loaded, nobody knows.
export const canThink = (model) => model?.thinking !== 'none';

// What was chosen of what the server has, filled up to two. Nothing, if it has nothing.
export function chosenColumns(kept, models) {
  const known = ({model}) => models.some(({name}) => name === model);
  const columns = (Array.isArray(kept) ? kept : [])
    .filter((column) => column && known(column))
    .slice(0, kMost)
    .map(({model, deep}) => ({model, deep: deep !== false}));
  while (columns.length < kFewest && models.length > 0) columns.push(nextColumn(columns, models));
  return columns;
}

// One that is not there yet: another model, or one without its thought; else the first once more.
export function nextColumn(columns, models) {
  const candidates = [
    ...models.map(({name}) => ({model: name, deep: true})),
    ...models.filter(canThink).map(({name}) => ({model: name, deep: false})),
  ];
  const there = ({model, deep}) => columns.some((one) => one.model === model && one.deep === deep);
  return candidates.find((candidate) => !there(candidate)) ?? candidates[0];
}

export function shuffled(list, random = Math.random) {
  const all = [...list];
  for (let i = all.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

export const messagesOf = (rounds, column, prompt, system) => conversationOf([
  ...rounds.flatMap((round) => [{role: 'user', text: round.prompt},
    {role: 'assistant', text: round.answers[column].text}]),
  {role: 'user', text: prompt}], system);
