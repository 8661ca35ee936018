// What readings of /metrics say about the last minutes: the curves and counts of the dashboard.
//
//   const {times, curves} = figuresOf(readings, 'r1');     // null: all models together
//   curves.generated                                        // tokens a second at each of the times
//
// Pure. A reading is {time, metrics}, the time in milliseconds. Where nothing can be said, a curve
// has null.

import {growth, histogram, quantile, since, total, totalsBy} from './metrics.js';

// Counters grow in jumps: rates and quantiles look back this far, in milliseconds.
const kRateWindow = 6000;
const kQuantileWindow = 30_000;

// Each token is timed as it comes, whereas vLLM's counter of tokens grows when an answer ends.
const kBetween = 'vllm:inter_token_latency_seconds';
const kFirst = 'vllm:time_to_first_token_seconds';
const kMemory = ['retort_weight_bytes', 'retort_kv_bytes'];
const kEnds = {
  answers: ['vllm:request_success_total', 'finished_reason'],
  thoughts: ['retort_thinking_ended_total', 'end'],
  refused: ['retort_queue_rejected_total', 'reason'],
  responses: ['retort_http_responses_total', 'status'],
};
const kWanted = new Set([
  `${kBetween}_bucket`, `${kBetween}_count`, `${kFirst}_bucket`, ...kMemory,
  ...Object.values(kEnds).map(([name]) => name), 'vllm:num_requests_running',
  'vllm:num_requests_waiting', 'vllm:kv_cache_usage_perc', 'vllm:prefix_cache_queries_total',
  'vllm:prefix_cache_hits_total', 'retort_energy_joules_total', 'retort_model_loaded',
]);

export const isWanted = (name) => kWanted.has(name);

export const modelsOf = (reading) =>
  [...totalsBy(reading.metrics, 'retort_model_loaded', 'model_name').keys()].sort();

export function figuresOf(readings, model) {
  const labels = model === null ? {} : {model_name: model};
  const curve = (value) => readings.map((reading, index) => value(reading, index));
  const gauge = (name) => curve(({metrics}) => total(metrics, name, labels));
  const rate = (count) => curve((reading, index) => rateAt(readings, index, count));
  const latency = (name, share) =>
    curve((reading, index) => quantileAt(readings, index, name, share, labels));
  return {
    times: readings.map(({time}) => time),
    curves: {
      generated: rate(({metrics}) => total(metrics, `${kBetween}_count`, labels) ?? 0),
      prompt: rate(({metrics}) => promptTokens(metrics, labels)),
      running: gauge('vllm:num_requests_running'),
      waiting: gauge('vllm:num_requests_waiting'),
      cacheUse: curve(({metrics}) => cacheUse(metrics, labels)),
      weights: gauge('retort_weight_bytes'),
      cache: gauge('retort_kv_bytes'),
      first50: latency(kFirst, 0.5),
      first95: latency(kFirst, 0.95),
      between50: latency(kBetween, 0.5),
      between95: latency(kBetween, 0.95),
      watts: rate(({metrics}) => total(metrics, 'retort_energy_joules_total')),
    },
  };
}

// Those that were computed; what the cache had costs nothing.
function promptTokens(metrics, labels) {
  const asked = total(metrics, 'vllm:prefix_cache_queries_total', labels);
  return asked === null ? null : asked - total(metrics, 'vllm:prefix_cache_hits_total', labels);
}

// Of several caches: the share of all their bytes.
function cacheUse(metrics, labels) {
  let [used, all, sum, caches] = [0, 0, 0, 0];
  for (const [name, share] of totalsBy(metrics, 'vllm:kv_cache_usage_perc', 'model_name', labels)) {
    const size = total(metrics, 'retort_kv_bytes', {model_name: name}) ?? 0;
    used += share * size;
    all += size;
    sum += share;
    ++caches;
  }
  if (caches === 0) return null;
  return all > 0 ? used / all : sum / caches;
}

// The reading from which to count up to that at `index`.
function earlier(readings, index, window) {
  let first = index;
  while (first > 0 && readings[index].time - readings[first].time < window) --first;
  return first === index ? null : readings[first];
}

function rateAt(readings, index, count) {
  const before = earlier(readings, index, kRateWindow);
  if (before === null) return null;
  const grown = growth(count(readings[index]), count(before));
  return grown === null ? null : grown * 1000 / (readings[index].time - before.time);
}

function quantileAt(readings, index, name, share, labels) {
  const before = earlier(readings, index, kQuantileWindow);
  if (before === null) return null;
  return quantile(since(histogram(readings[index].metrics, name, labels),
                        histogram(before.metrics, name, labels)), share);
}

// {recent, ever}, as counts by how they ended.
export function endsOf(readings, what, model) {
  const [name, label] = kEnds[what];
  // What was refused or is no answer of a model is not counted by model.
  const labels = model === null || !['answers', 'thoughts'].includes(what) ? {}
    : {model_name: model};
  const ever = totalsBy(readings.at(-1).metrics, name, label, labels);
  const before = totalsBy(readings[0].metrics, name, label, labels);
  const recent = new Map();
  for (const [key, count] of ever) recent.set(key, growth(count, before.get(key) ?? 0));
  return {recent, ever};
}
