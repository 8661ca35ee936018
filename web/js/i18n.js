// The page's words, in the user's language.
//
//   t('tokens', {n: 12})          // "12 tokens", "12 个词元"
//   language()                    // 'en' or 'zh'
//
// words/*.js have the languages side by side: {tokens: ['{n} tokens', '{n} 个词元']}. Numbers, times
// and dates go through here, too.

import chat from './words/chat.js';
import compare from './words/compare.js';
import frame from './words/frame.js';
import panels from './words/panels.js';

export const kWords = {...frame, ...chat, ...compare, ...panels};
const kLanguages = ['en', 'zh'];
let current = 'en';

export function useLanguage(wish) {
  const asked = wish === 'system' ? navigator.language.slice(0, 2) : wish;
  current = kLanguages.includes(asked) ? asked : 'en';
  document.documentElement.lang = current === 'zh' ? 'zh-Hans' : 'en';
}

export const language = () => current;

export function t(key, values = {}) {
  const words = kWords[key]?.[kLanguages.indexOf(current)];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

export const number = (value, digits = 0) =>
  value.toLocaleString(document.documentElement.lang, {maximumFractionDigits: digits});

export function seconds(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value < 60) return t('seconds', {n: value < 10 ? value.toFixed(1) : Math.round(value)});
  return t('minutes', {m: Math.floor(value / 60), s: Math.round(value % 60)});
}

// A wait, which may be a short one.
export const delay = (value) =>
  (value < 0.9995 ? t('milliseconds', {n: Math.round(value * 1000)}) : seconds(value));

export function bytes(value) {
  if (!Number.isFinite(value)) return '–';
  let unit = 0;
  while (value >= 999.5 && unit < 4) {
    value /= 1000;
    ++unit;
  }
  return `${number(value, value < 10 && unit > 0 ? 1 : 0)} ${['B', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

export const when = (time) =>
  new Date(time).toLocaleString(document.documentElement.lang,
                                {dateStyle: 'medium', timeStyle: 'short'});
