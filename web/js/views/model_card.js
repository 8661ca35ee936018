// One model as the list of models shows it.
//
//   const card = makeModelCard();
//   card.draw(model, work);       // as /retort/v1/models has it; work: of loading.js, or undefined
//
// Buttons are made anew only when the state changes, so that the focus stays where it is.

import {h, replace} from '../dom.js';
import {bytes, number, seconds, t} from '../i18n.js';
import {icon} from '../icons.js';
import {load, unload} from '../loading.js';
import {go} from '../router.js';
import {change} from '../settings.js';

const kStateIcons = {loaded: 'check', loading: 'again', unloading: 'again', unloaded: 'box'};
const kMemory = [['weights', 'weight_bytes'], ['kvCache', 'kv_cache_bytes'],
                 ['workspace', 'workspace_bytes']];

export function makeModelCard() {
  const head = h('div.model-head', null);
  const actions = h('div.row.choices', null);
  const facts = h('div.model-facts', null);
  const element = h('li.card.model', null, h('div.row.spread.top', null, head, actions), facts);
  let shownState = null;
  let since = null;        // a load that somebody else asked for

  function draw(model, work) {
    const doing = stateOf(model, work);
    since = doing === 'loading' ? work?.since ?? since ?? Date.now() : null;
    replace(head, title(model, doing, since));
    if (shownState !== doing) drawActions(model, doing);
    shownState = doing;
    replace(facts, fault(model, work), held(model), figures(model), h('p.path', null, model.path));
  }

  function drawActions(model, doing) {
    const focused = [...actions.children].indexOf(document.activeElement);
    replace(actions, buttons(model, doing));
    actions.children[focused]?.focus();
  }

  return {element, draw};
}

// What the user asked for goes before what the server said last.
function stateOf(model, work) {
  if (work?.doing === 'load' && model.state !== 'loaded') return 'loading';
  if (work?.doing === 'unload' && model.state !== 'unloaded') return 'unloading';
  return kStateIcons[model.state] ? model.state : 'unloaded';
}

function title(model, doing, since) {
  const spent = Math.floor((Date.now() - since) / 1000);
  const words = doing !== 'loading' ? t(`modelState_${doing}`)
    : t('loadingFor', {time: spent < 60 ? t('seconds', {n: spent}) : seconds(spent)});
  return [
    h('h2', null, model.name),
    h('p.row.badges', null,
      h(`span.badge.${doing}`, null, icon(kStateIcons[doing]), words),
      model.thinking && h('span.badge', {title: t(`thinkingWhy_${model.thinking}`)},
        icon('bulb'), t(`thinking_${model.thinking}`)),
      model.file_bytes > 0 &&
        h('span.muted.small-text', null, t('onDisk', {bytes: bytes(model.file_bytes)}))),
  ];
}

function buttons(model, doing) {
  const {name} = model;
  const busy = doing === 'loading' || doing === 'unloading';
  const chat = () => {
    change({model: name});
    go('chat');
  };
  // Not `disabled`: that would take the focus away.
  const button = (text, label, act) => h('button', {
    type: 'button', 'aria-disabled': busy && 'true', 'aria-label': t(label, {name}),
    onclick: busy ? null : act,
  }, text);
  return [
    h(doing === 'loaded' ? 'button.primary' : 'button', {
      type: 'button', 'aria-label': t('chatWithName', {name}), onclick: chat,
    },
    icon('chat'), t('chatWith')),
    doing === 'loaded' || doing === 'unloading'
      ? button(t('unload'), 'unloadName', () => unload(name))
      : button(t('load'), 'loadName', () => load(name)),
  ];
}

function fault(model, work) {
  const error = work?.error ?? (work?.doing ? null : model.error);
  return error && h('p.fault', null, t('lastLoadFailed', {error}));
}

// What it holds of the memory, as a bar and in numbers.
function held({memory}) {
  const sizes = kMemory.map(([word, field]) => ({word, size: memory?.[field] ?? 0}));
  const all = sizes.reduce((sum, {size}) => sum + size, 0);
  if (all === 0) return null;
  return h('figure.memory', null,
    h('div.bar', {'aria-hidden': 'true'}, sizes.map(({size}, place) => {
      const part = h(`span.fill${place}`);
      part.style.flexGrow = String(size / all);
      return part;
    })),
    h('figcaption', null,
      h('span', null, t('memory'), ' ', h('b', null, bytes(all))),
      sizes.map(({word, size}, place) => h('span', null,
        h(`span.key.fill${place}`, {'aria-hidden': 'true'}), t(word), ' ',
        h('b', null, bytes(size))))));
}

function figures(model) {
  if (model.context_tokens === undefined) return null;
  const {requests, kv_blocks: blocks, tokens} = model;
  const used = blocks.total - blocks.free;
  const facts = [
    [t('context'), t('tokenCount', {n: number(model.context_tokens)})],
    [t('requests'), t('runningWaiting', {running: number(requests.running),
                                         waiting: number(requests.waiting)})],
    [t('cacheBlocks'), t('blocksOf', {used: number(used), all: number(blocks.total),
                                      cached: number(blocks.cached)}), used / blocks.total],
    [t('generatedTokens'), t('tokenCount', {n: number(tokens.generated)})],
    [t('loadTime'), seconds(model.load_s)],
    [t('timeToLive'), model.expires_s === null ? t('staysLoaded')
      : t('unloadsIn', {time: seconds(Math.max(0, Math.round(model.expires_s)))})],
  ];
  return h('dl.facts', null, facts.map(([what, value, share]) =>
    h('div', null, h('dt', null, what),
      h('dd', null, value, share !== undefined && shareBar(share)))));
}

function shareBar(share) {
  const fill = h('span.fill0');
  fill.style.width = `${Math.min(1, share || 0) * 100}%`;
  return h('span.share', {'aria-hidden': 'true'}, fill);
}
