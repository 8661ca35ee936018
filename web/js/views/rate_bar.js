// A share as a bar from zero with the whiskers of its interval, and a line at one half.
//
//   cell.append(rateBar(0.62, 0.41, 0.79));
//
// It repeats figures that stand beside it, so it is decoration to who cannot see it.

const kHeight = 18;

export function rateBar(rate, low, high) {
  const bar = element('svg', {
    class: 'rate-bar', height: kHeight, width: '100%', 'aria-hidden': 'true'});
  const part = (share) => `${(share * 100).toFixed(2)}%`;
  const upright = (name, share, from, to) => element('line', {
    class: name, x1: part(share), x2: part(share), y1: from, y2: to});
  const middle = kHeight / 2;
  const across = (name, width) =>
    element('rect', {class: name, x: 0, y: 4, width, height: kHeight - 8, rx: 3});
  bar.append(
    across('rate-track', '100%'),
    across('rate-fill', part(rate)),
    upright('rate-half', 0.5, 0, kHeight),
    element('line', {class: 'rate-whisker', x1: part(low), x2: part(high), y1: middle, y2: middle}),
    upright('rate-whisker', low, 5, kHeight - 5),
    upright('rate-whisker', high, 5, kHeight - 5));
  return bar;
}

function element(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
