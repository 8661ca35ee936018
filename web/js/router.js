// Which view is shown: what stands behind the # of the address, so that "back" and links work.
//
//   #/chat   #/compare   #/votes   #/models   #/dashboard   #/runs        each with "?name=value"

import {update} from './state.js';

export const kViews = ['chat', 'compare', 'votes', 'models', 'dashboard', 'runs'];

function read() {
  const [path, query = ''] = location.hash.slice(1).split('?');
  const view = path.slice(1);
  update({view: kViews.includes(view) ? view : 'chat', query: new URLSearchParams(query)});
}

export function startRouter() {
  addEventListener('hashchange', read);
  read();
}

export function go(view) {
  location.hash = `#/${view}`;
}
