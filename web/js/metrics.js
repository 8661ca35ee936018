// Prometheus' text, and what differences between two readings of it tell.
//
//   const now = parseMetrics(text);                       // name -> [{labels, value}]
//   total(now, 'vllm:num_requests_running', {model_name: 'r1'});
//   quantile(since(histogram(now, kName), histogram(before, kName)), 0.95);
//
// Pure. What a reading lacks is null, and no number is made of nothing: a quantile of no
// observations is null. A counter that fell began anew with the server: it counts from zero.

const kLine = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const kLabel = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseMetrics(text, wanted = () => true) {
  const metrics = new Map();
  for (const line of text.split('\n')) {
    const found = line.startsWith('#') ? null : kLine.exec(line);
    if (found === null || !wanted(found[1])) continue;
    if (!metrics.has(found[1])) metrics.set(found[1], []);
    metrics.get(found[1]).push({labels: labelsOf(found[2] ?? ''), value: numberOf(found[3])});
  }
  return metrics;
}

function labelsOf(text) {
  const labels = {};
  for (const [, name, value] of text.matchAll(kLabel)) {
    labels[name] = value.replace(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));
  }
  return labels;
}

const numberOf = (text) => {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
};

function* matching(metrics, name, labels) {
  const wanted = Object.entries(labels);
  for (const entry of metrics.get(name) ?? []) {
    if (wanted.every(([label, value]) => entry.labels[label] === value)) yield entry;
  }
}

export function total(metrics, name, labels = {}) {
  let sum = null;
  for (const {value} of matching(metrics, name, labels)) sum = (sum ?? 0) + value;
  return sum;
}

// The sums by one label: {stop: 12, length: 3}.
export function totalsBy(metrics, name, label, labels = {}) {
  const sums = new Map();
  for (const entry of matching(metrics, name, labels)) {
    const key = entry.labels[label] ?? '';
    sums.set(key, (sums.get(key) ?? 0) + entry.value);
  }
  return sums;
}

// How far a counter came from `before` to `now`.
export function growth(now, before) {
  if (now === null) return null;
  return now >= (before ?? 0) ? now - (before ?? 0) : now;
}

// Of all models that match: [bound, observations up to it] in the order of the bounds.
export function histogram(metrics, name, labels = {}) {
  const counts = totalsBy(metrics, `${name}_bucket`, 'le', labels);
  return [...counts].map(([bound, count]) => [numberOf(bound), count]).sort((a, b) => a[0] - b[0]);
}

// What came between two readings.
export function since(now, before) {
  const earlier = new Map(before);
  const grown = now.map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)]);
  return grown.some(([, count]) => count < 0) ? now : grown;
}

// As Prometheus does it: even within a bucket; of the last, which has no end, where it begins.
export function quantile(counts, share) {
  const all = counts.at(-1)?.[1] ?? 0;
  if (all === 0) return null;
  const rank = share * all;
  let [low, below] = [0, 0];
  for (const [bound, count] of counts) {
    if (count >= rank && count > below) {
      if (bound === Infinity) return low;
      return low + (bound - low) * (rank - below) / (count - below);
    }
    [low, below] = [bound, count];
  }
  return low;
}
