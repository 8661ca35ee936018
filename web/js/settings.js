// What the user chose: kept in the browser, and made into the fields of a request.
//
//   loadSettings();                          // at the start, once
//   change({model: 'r1'});                   // kept, and told to who watches 'settings'
//   changeValue('temperature', 0.6);         // null: the server's default again
//
// A value that was not chosen is not sent: the server decides, and its default is what the page shows.

import {state, update} from './state.js';

const kName = 'retort.settings';

// The sliders. `usual` is their range; what is typed beside them may go to `least` and `most`.
export const kValues = {
  max_tokens: {usual: [1, 2048], least: 1, most: 131072, step: 1, whole: true},
  temperature: {usual: [0.1, 1], least: 0, most: 2, step: 0.05},
  top_p: {usual: [0.05, 1], least: 0.01, most: 1, step: 0.01},
  repetition_penalty: {usual: [1, 1.5], least: 0.1, most: 3, step: 0.01},
  thinking_budget: {usual: [0, 8192], least: 0, most: 131072, step: 64, whole: true},
  seed: {usual: [0, 9999], least: 0, most: 2 ** 31 - 1, step: 1, whole: true},
};

// As DeepSeek advises for R1 and its distills.
export const kRecommended = {temperature: 0.6, top_p: 0.95, repetition_penalty: null};

const kDefaults = {
  model: null,            // null: the first that is there
  values: {},             // of kValues, those that were chosen
  deep: true,             // "deep thinking"
  partner: null,          // the model that answers without it; null: the same one
  system: '',
  thoughtsOpen: true,     // how the last thought was left
  language: 'system',     // system, en, zh
  theme: 'system',        // system, light, dark
  columns: [],            // models side by side
  blind: false,
};

export function loadSettings() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(kName) ?? '{}');
  } catch {
    // What somebody else wrote there is not ours to read.
  }
  state.settings = {...kDefaults, ...kept, values: readValues(kept.values)};
}

export function change(changes) {
  const settings = {...state.settings, ...changes};
  try {
    localStorage.setItem(kName, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing still works until it is closed.
  }
  update({settings});
}

export function changeValue(name, value) {
  const values = {...state.settings.values};
  if (value === null) delete values[name];
  else values[name] = value;
  change({values: readValues(values)});
}

// The values among `object` that are any, within their limits.
export function readValues(object) {
  const values = {};
  for (const [name, {least, most, whole}] of Object.entries(kValues)) {
    const given = object?.[name];
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    const bounded = Math.min(Math.max(value, least), most);
    values[name] = whole ? Math.round(bounded) : bounded;
  }
  return values;
}

export const modelNamed = (name) => state.models.find((model) => model.name === name) ?? null;

// The one that is talked to: the chosen one if the server has it, else its first.
export function chosenModel(settings = state.settings) {
  const main = modelNamed(settings.model) ?? state.models[0] ?? null;
  if (settings.deep || settings.partner === null) return main;
  return modelNamed(settings.partner) ?? main;
}

export const serverDefault = (model, name) => model?.defaults?.[name] ?? null;

// The fields of a chat completion. `messages` as the interface has them.
export function requestFor(model, messages, settings = state.settings) {
  const {seed, ...values} = settings.values;
  const request = {
    model: model.name,
    messages,
    stream: true,
    stream_options: {include_usage: true},
    return_token_ids: true,       // so that tokens can be counted as they come
    ...values,
  };
  if (seed !== undefined) request.seed = seed;
  if (!settings.deep) {
    delete request.thinking_budget;
    if (model.thinking !== 'none') request.reasoning_effort = 'none';
  }
  return request;
}

// A link that carries the settings, not the talk.
export function settingsLink(settings = state.settings) {
  const query = new URLSearchParams();
  const model = chosenModel({...settings, deep: true});
  if (model) query.set('model', model.name);
  for (const [name, value] of Object.entries(settings.values)) query.set(name, value);
  if (!settings.deep) query.set('deep', '0');
  if (settings.system) query.set('system', settings.system);
  return `${location.origin}${location.pathname}#/chat?${query}`;
}

// What such a link says; null if it says nothing.
export function settingsOfLink(query) {
  const values = readValues(Object.fromEntries(query));
  const changes = Object.keys(values).length > 0 ? {values} : {};
  if (query.get('model')) changes.model = query.get('model');
  if (query.has('deep')) changes.deep = query.get('deep') !== '0';
  if (query.get('system')) changes.system = query.get('system').slice(0, 20_000);
  return Object.keys(changes).length > 0 ? changes : null;
}
