// The server's models, looked at again while something changes them.

import {get} from './server.js';
import {update} from './state.js';

const kLook = 5000;   // milliseconds, while the page is seen
let timer = null;
let asked = null;

export function refreshModels() {
  asked ??= get('/retort/v1/models')
    .then(({models}) => update({models, serverError: null}),
          (error) => update({serverError: error.message}))
    .finally(() => {
      asked = null;
    });
  return asked;
}

export function followModels() {
  clearInterval(timer);
  timer = setInterval(() => {
    if (!document.hidden) refreshModels();
  }, kLook);
  return refreshModels();
}
