// What a screen reader is told: states, never tokens.
//
//   announce(t('thinking'));

let region = null;

export function useRegion(element) {
  region = element;
}

export function announce(text) {
  // The same words twice are a change only if the region was empty in between.
  region.textContent = '';
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
