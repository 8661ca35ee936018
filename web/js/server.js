// What the page asks the server, and what comes back.
//
//   const {models} = await get('/retort/v1/models');
//   for await (const event of stream('/v1/chat/completions', request, signal)) ...
//
// Whatever goes wrong is a ServerError whose message can be shown. A server that wants a key answers
// 401: the user is asked for it once, and it is kept as long as the tab lives.

import {events} from './sse.js';
import {t} from './i18n.js';

export class ServerError extends Error {
  constructor(message, {status = 0, code = null, retryAfter = null} = {}) {
    super(message);
    Object.assign(this, {name: 'ServerError', status, code, retryAfter});
  }
}

const kKeyName = 'retort.key';
const kGoing = 3000;   // milliseconds: a page that is still there then has stayed
let leaving = false;
let askForKey = async () => null;
let asking = null;

// Connections are cut before a page is told to go. Nobody failed: it counts as given up.
addEventListener('beforeunload', () => {
  leaving = true;
  setTimeout(() => {
    leaving = false;
  }, kGoing);
});

function broken(error, words) {
  if (error.name === 'AbortError' || error instanceof ServerError) return error;
  return leaving ? new DOMException('the page goes', 'AbortError') : new ServerError(words);
}

// `ask` resolves to a key, or to null if the user has none.
export function useKeyDialog(ask) {
  askForKey = ask;
}

export const hasKey = () => sessionStorage.getItem(kKeyName) !== null;

function headers(body) {
  const all = {Accept: 'application/json'};
  if (body !== undefined) all['Content-Type'] = 'application/json';
  const key = sessionStorage.getItem(kKeyName);
  if (key !== null) all.Authorization = `Bearer ${key}`;
  return all;
}

async function errorOf(response) {
  let message = '';
  let code = null;
  try {
    const {error} = await response.json();
    message = typeof error === 'string' ? error : error?.message ?? '';
    code = error?.code ?? null;
  } catch {
    // What is between us may answer in its own words; the status is what is left.
  }
  return new ServerError(message || t('serverSaid', {status: response.status}), {
    status: response.status,
    code,
    retryAfter: Number(response.headers.get('Retry-After')) || null,
  });
}

async function send(method, path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: headers(body),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw broken(error, t('noServer'));
  }
  if (response.ok) return response;
  if (response.status !== 401) throw await errorOf(response);
  asking ??= askForKey().finally(() => {
    asking = null;
  });
  const key = await asking;
  if (key === null) {
    sessionStorage.removeItem(kKeyName);      // if there was one, it is none
    throw await errorOf(response);
  }
  sessionStorage.setItem(kKeyName, key);
  return send(method, path, body, signal);
}

export const get = async (path, signal) => (await send('GET', path, undefined, signal)).json();
export const getText = async (path, signal) => (await send('GET', path, undefined, signal)).text();
export const post = async (path, body = {}, signal) =>
  (await send('POST', path, body, signal)).json();
export const remove = async (path) => (await send('DELETE', path)).json();

// The JSON of each server-sent event, to the end of the stream or its "[DONE]".
export async function* stream(path, body, signal) {
  const response = await send('POST', path, body, signal);
  try {
    for await (const event of events(response.body)) {
      if (event.data === '[DONE]') return;
      const data = JSON.parse(event.data);
      if (data.error && data.event === undefined) {
        throw new ServerError(data.error.message ?? t('noServer'), {code: data.error.code});
      }
      yield data;
    }
  } catch (error) {
    throw broken(error, t('lostServer'));
  }
}

export const modelPath = (name, action = '') =>
  `/retort/v1/models/${encodeURIComponent(name)}${action && `/${action}`}`;
