// Keeps the focus where the user is. When the element that has it is removed, hidden or disabled, the
// browser forgets it, and who uses the keyboard would begin again at the top of the page.
//
//   keepFocus(document.body);
//
// It goes to the element that is now what the old one was, by its name and place; else to what stands
// beside it, or to the region that it was in, or to what has taken its place. Never from a button to a
// field, which would open the keyboard of a phone.

const kFocusable = 'a[href], button, input, select, textarea, summary, [tabindex]';
const kField = 'textarea, input:not([type="range"], [type="checkbox"], [type="radio"])';

let last = null;     // what had the focus, as placeOf() says

export function keepFocus(root) {
  root.addEventListener('focusin', ({target}) => {
    last = placeOf(target, root);
  });
  root.addEventListener('focusout', ({target}) => {
    // By the user's wish, if the element is still there once all is drawn.
    setTimeout(() => {
      if (last?.element === target && !gone(target) && document.activeElement === root) last = null;
    });
  });
  new MutationObserver(() => {
    if (last !== null && gone(last.element)) pass(root);
  }).observe(root, {childList: true, subtree: true, attributes: true,
                    attributeFilter: ['hidden', 'disabled']});
}

// Without asking for styles: this is looked at after every change of the page.
const gone = (element) =>
  !element.isConnected || element.disabled || element.closest('[hidden]') !== null;

const nameOf = (element) => element.getAttribute('aria-label') ?? element.textContent;

const inside = (ancestor) => [...ancestor.querySelectorAll(kFocusable)];

// For each ancestor, the nearest first: the how manieth it is of all in it, and of those of its name.
function placeOf(element, root) {
  const name = nameOf(element);
  const places = [];
  for (let ancestor = element.parentElement; ancestor; ancestor = ancestor.parentElement) {
    const all = inside(ancestor);
    const alike = all.filter((other) => nameOf(other) === name);
    places.push({ancestor, index: all.indexOf(element), among: alike.indexOf(element)});
    if (ancestor === root) break;
  }
  return {element, name, places};
}

function pass(root) {
  const {element, name, places} = last;
  last = null;
  const now = document.activeElement;
  if (now !== element && now !== root && !gone(now)) return;       // somebody has cared for it
  const left = places.filter(({ancestor}) => !gone(ancestor)).map(({ancestor, index, among}) => {
    const all = inside(ancestor).filter((other) => mayFollow(element, other));
    const beside = all[index] ?? all.at(-1);
    return {
      same: all.filter((other) => nameOf(other) === name)[among],
      beside: ancestor === element.parentElement ? beside : null,
      region: ancestor.matches('[tabindex]') ? ancestor : null,
      instead: beside,
    };
  });
  const near = left.map(({same, beside, region}) => same ?? beside ?? region).find(Boolean);
  (near ?? left.map(({instead}) => instead).find(Boolean))?.focus({preventScroll: true});
}

const mayFollow = (element, other) => !gone(other) && other.checkVisibility() &&
  (element.matches(kField) || !other.matches(kField));
