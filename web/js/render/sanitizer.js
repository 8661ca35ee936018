// DOMPurify, as Debian has it.
//
//   element.append(sanitize(html, {ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class']}));

import purify from '/lib/purify.js';

// Debian 12's security update of 2.4.1 reads this name in sanitize() without declaring it there, and
// wants to know how deep it is nested. Nothing is: the elements are checked one by one further below.
globalThis.shadowNode ??= {};

export const sanitize = (html, options) =>
  purify.sanitize(html, {...options, RETURN_DOM_FRAGMENT: true});
