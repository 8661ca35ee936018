// What a screen reader is told: states, never tokens.
//
//   announce(t('sayThinking'));
//
// One after the other: what is replaced within an instant is never read.

const kApart = 150;     // milliseconds

let region = null;
const waiting = [];
let timer = null;

export function useRegion(element) {
  region = element;
}

export function announce(text) {
  waiting.push(text);
  if (timer === null) say();
}

function say() {
  timer = null;
  if (waiting.length === 0) return;
  // The same words twice are a change only if the region was empty in between.
  region.textContent = '';
  timer = setTimeout(() => {
    region.textContent = waiting.shift();
    timer = setTimeout(say, kApart);
  });
}
