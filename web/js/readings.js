// Readings of /metrics of the last five minutes, taken while somebody looks.
//
//   const end = followMetrics();       // state.readings: {list, error}; tells 'readings'
//
// The list outlives the view: who comes back sees what was seen. A server that does not answer is
// asked again; `error` says so meanwhile.

import {isWanted} from './load_figures.js';
import {parseMetrics} from './metrics.js';
import {getText} from './server.js';
import {state, update} from './state.js';

export const kKept = 300_000;   // milliseconds
const kLook = 2000;

let asking = false;

export function followMetrics() {
  const timer = setInterval(look, kLook);
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

async function look() {
  if (asking || document.hidden) return;
  asking = true;
  const {list} = state.readings;
  try {
    const metrics = parseMetrics(await getText('/metrics'), isWanted);
    const time = Date.now();
    const kept = list.filter((reading) => time - reading.time <= kKept && reading.time < time);
    update({readings: {list: [...kept, {time, metrics}], error: null}});
  } catch (error) {
    update({readings: {list, error: error.message}});
  } finally {
    asking = false;
  }
}
