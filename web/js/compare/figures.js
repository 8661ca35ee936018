// The figures of answers side by side: how each is read, shown, and which of a row is the best.
//
//   kFigures[0].show(answer)                     // "34.1"
//   marks(kFigures[0], answers)                  // [true, false]

import {number, seconds} from '../i18n.js';

const count = (value) => (value === null || value === undefined ? '–' : number(value));
// Always with its tenths, so that it does not jump about.
const kTenths = {minimumFractionDigits: 1, maximumFractionDigits: 1};
const rate = (value) => (Number.isFinite(value) && value > 0
  ? value.toLocaleString(document.documentElement.lang, kTenths) : '–');

const figure = (name, of, format, better = null) =>
  ({name, of, show: (answer) => format(of(answer)), better});

// `better`: Math.max or Math.min where one can be better than another. A longer thought is not.
export const kFigures = [
  figure('cmpSpeed', ({speed}) => speed,
         rate, Math.max),
  figure('cmpThinking', (answer) => (answer.reasoning === '' ? null : answer.thinkingSoFar), seconds),
  figure('cmpFirstToken', ({firstToken}) => firstToken, seconds, Math.min),
  figure('cmpThoughtTokens', ({reasoningTokens}) => reasoningTokens, count),
  figure('cmpFirstAnswer', ({firstAnswer}) => firstAnswer, seconds, Math.min),
  figure('cmpAnswerTokens', ({tokens, reasoningTokens}) => tokens - reasoningTokens, count),
  figure('cmpTotal', ({elapsed}) => elapsed, seconds, Math.min),
  figure('cmpPromptTokens', ({promptTokens}) => promptTokens, count),
];

// Which are the best of a row: all that look like the best, and none where all look alike. Only
// what came to its own end is compared.
export function marks({of, show, better}, answers) {
  const compared = answers.map((answer) =>
    answer.phase === 'done' && answer.text !== '' && Number.isFinite(of(answer)));
  const values = answers.filter((_, index) => compared[index]);
  const none = answers.map(() => false);
  if (better === null || values.length < 2) return none;
  const best = better(...values.map(of));
  const looks = show(values.find((answer) => of(answer) === best));
  if (values.every((answer) => show(answer) === looks)) return none;
  return answers.map((answer, index) => compared[index] && show(answer) === looks);
}
