// Where a prompt is written: text, files, presets, deep thinking, send and stop.

import * as talk from '../chat/talk.js';
import {announce} from '../announce.js';
import {h, replace} from '../dom.js';
import {t} from '../i18n.js';
import {icon} from '../icons.js';
import {firstBlank, kPresets} from '../presets.js';
import {change, chosenModel} from '../settings.js';
import {state, watch} from '../state.js';
import {readTextFile} from '../text_file.js';
import {menuButton} from './menu.js';

const kDraftName = 'retort.draft';

export function mountComposer(root) {
  let files = [];
  const field = h('textarea.prompt', {rows: '1', 'aria-label': t('prompt'), placeholder: t('askAnything'),
    id: 'prompt'});
  field.value = sessionStorage.getItem(kDraftName) ?? '';
  const chips = h('div.row.chips');
  const problem = h('p.fault', {role: 'alert', hidden: true});
  const pick = h('input', {type: 'file', multiple: true, hidden: true, 'aria-label': t('attach'),
    onchange: () => attach([...pick.files])});
  const deep = h('button.small', {type: 'button', onclick: () => change({deep: !state.settings.deep})},
    icon('bulb'), t('deepThinking'));
  const action = h('button.primary.only-icon', {type: 'submit'});

  const fit = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.4)}px`;
    sessionStorage.setItem(kDraftName, field.value);
    drawAction();
  };

  function fill(text) {
    field.value = text;
    fit();
    field.focus();
    field.setSelectionRange(...firstBlank(text));
  }

  async function attach(picked) {
    problem.hidden = true;
    for (const file of picked) {
      try {
        files.push(await readTextFile(file));
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    }
    pick.value = '';
    drawChips();
  }

  function drawChips() {
    replace(chips, files.map((file, index) => h('span.chip', null, icon('file'), file.name,
      h('button.quiet.small.only-icon', {
        type: 'button',
        'aria-label': t('detach', {name: file.name}),
        onclick: () => {
          files.splice(index, 1);
          drawChips();
          field.focus();
        },
      }, icon('close')))));
    drawAction();
  }

  function drawAction() {
    const live = talk.liveAnswer() !== null;
    if (action.dataset.live !== String(live)) {
      action.dataset.live = String(live);
      action.setAttribute('aria-label', t(live ? 'stop' : 'send'));
      action.title = t(live ? 'stop' : 'send');
      replace(action, icon(live ? 'stop' : 'send'));
    }
    action.disabled = !live && ((field.value.trim() === '' && files.length === 0) ||
      chosenModel() === null);
  }

  function submit(event) {
    event?.preventDefault();
    if (talk.liveAnswer()) {
      talk.stop();
      return;
    }
    const text = field.value.trim();
    if (action.disabled || !talk.send(text, files)) return;
    files = [];
    field.value = '';
    drawChips();
    fit();
  }

  field.addEventListener('input', fit);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.altKey) return;
    event.preventDefault();
    if (talk.liveAnswer() === null) submit();
  });
  root.addEventListener('dragover', (event) => event.preventDefault());
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    attach([...event.dataTransfer.files]);
  });
  const onPreset = ({detail}) => {
    fill(t(`preset_${detail}_text`));
    announce(t(`preset_${detail}`));
  };
  document.addEventListener('preset', onPreset);

  const presets = menuButton('list', t('presets'), () => kPresets.map((name) => ({
    label: t(`preset_${name}`),
    run: () => onPreset({detail: name}),
  })));
  replace(root, problem, h('form.card', {onsubmit: submit}, chips, field, h('div.row.spread', null,
    h('div.row', null,
      h('button.quiet.small.only-icon', {type: 'button', 'aria-label': t('attach'), title: t('attach'),
        onclick: () => pick.click()}, icon('clip')), pick, presets, deep), action)));

  function drawDeep() {
    const {deep: wanted, partner} = state.settings;
    // A model that does not think cannot be told not to.
    const idle = chosenModel({...state.settings, deep: true})?.thinking === 'none' && partner === null;
    deep.disabled = idle;
    deep.setAttribute('aria-pressed', String(wanted && !idle));
    deep.title = t(idle ? 'thinks_none' : wanted ? 'deepOn' : 'deepOff');
    drawAction();
  }
  drawDeep();
  fit();
  const ends = [watch(['settings', 'models'], drawDeep), watch(['live', 'conversation'], drawAction),
    () => document.removeEventListener('preset', onPreset)];
  return () => ends.forEach((end) => end());
}
