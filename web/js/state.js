// All that the page knows, in one place. Views read `state` and change it by `update`, which tells
// whoever watches one of the changed names.
//
//   watch(['models', 'settings'], draw);          // returns a function that ends it
//   update({view: 'models'});
//   update({conversation});                       // also tells after a change inside of it
//
// Who watches is told once, in the next microtask, whatever was changed meanwhile.

export const state = {
  view: 'chat',            // see router.js
  query: new URLSearchParams(),
  models: [],              // as /retort/v1/models has them
  serverError: null,       // why they could not be had
  settings: {},            // see settings.js
  conversations: [],       // what the list of histories shows; see history/store.js
  conversation: null,      // the one that is open
  live: new Map(),         // node id -> what is being generated; see chat/answer.js
  shared: null,            // settings that a link brought; see views/shared_notice.js
  historyError: null,      // why conversations are not kept
  comparison: null,        // models side by side; see compare/session.js
  votesOff: undefined,     // whether the server keeps no votes, once it is known
  pull: null,              // the model that is being brought; see pulling.js
  work: new Map(),         // models that are being loaded or unloaded; see loading.js
  readings: {list: [], error: null},   // of the server's metrics; see readings.js
};

const watchers = new Set();
let changed = null;

export function watch(names, tell) {
  const watcher = {names: [names].flat(), tell};
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function update(changes) {
  Object.assign(state, changes);
  if (changed === null) {
    changed = new Set();
    queueMicrotask(tellAll);
  }
  for (const name of Object.keys(changes)) changed.add(name);
}

function tellAll() {
  const names = changed;
  changed = null;
  for (const watcher of [...watchers]) {
    if (watchers.has(watcher) && watcher.names.some((name) => names.has(name))) watcher.tell();
  }
}
