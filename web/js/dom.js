// Elements without markup in strings, so that no text can become HTML.
//
//   h('button.primary', {type: 'button', onclick: send, 'aria-label': t('send')}, icon('send'))
//
// The first argument is a tag with classes. Properties that begin with "on" are listeners; true is an
// attribute without a value; false, null and undefined leave it out. Children are nodes, texts, lists
// of them, or nothing.

export function h(selector, properties, ...children) {
  const [tag, ...classes] = selector.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith('on')) {
      if (value) element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

// Runs `work` at most once in `milliseconds`, the last time included; `.now()` does what is due.
export function throttle(work, milliseconds) {
  let timer = null;
  const run = () => {
    timer = null;
    work();
  };
  const throttled = () => {
    timer ??= setTimeout(run, milliseconds);
  };
  throttled.now = () => {
    if (timer === null) return;
    clearTimeout(timer);
    run();
  };
  return throttled;
}

// Files for the user to keep.
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], {type}));
  h('a', {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_');
}
