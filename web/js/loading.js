// Loading and unloading models, whatever view is shown meanwhile.
//
//   load('r1');                  // state.work: name -> {doing, since, error}; tells 'work'
//
// The server answers when the model is there, which may take minutes. Errors stay until the next
// try.

import {announce} from './announce.js';
import {t} from './i18n.js';
import {refreshModels} from './models.js';
import {modelPath, post} from './server.js';
import {state, update} from './state.js';


export const load = (name) => work(name, 'load', 'loadedNow');
export const unload = (name) => work(name, 'unload', 'unloadedNow');

async function work(name, doing, done) {
  if (state.work.get(name)?.doing) return;
  note(name, {doing, since: Date.now(), error: null});
  // So that the list says "loading" soon, not when it is over.
  setTimeout(refreshModels, 150);
  try {
    await post(modelPath(name, doing));
    note(name, null);
    announce(t(done, {name}));
  } catch (error) {
    note(name, {doing: null, since: null, error: error.message});
    announce(t('loadFailed', {name}));
  }
  refreshModels();
}

function note(name, what) {
  if (what === null) state.work.delete(name);
  else state.work.set(name, what);
  update({work: state.work});
}
