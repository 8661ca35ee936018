// The frame around the views: it shows one of them, and draws everything anew in another language.

import {h, replace} from '../dom.js';
import {language, t, useLanguage} from '../i18n.js';
import {state, watch} from '../state.js';
import {mountChat} from './chat.js';
import {mountSettings} from './settings_drawer.js';
import {mountSidebar} from './sidebar.js';

// Each answers, now or once its modules are there, a function that puts the view into an element and
// answers one that ends it. The chat is what nearly everybody wants first; the others come when asked.
const kMounts = {
  chat: () => mountChat,
  compare: async () => (await import('./compare.js')).mountCompare,
  votes: async () => (await import('./votes.js')).mountVotes,
  models: async () => (await import('./models.js')).mountModels,
  dashboard: async () => (await import('./dashboard.js')).mountDashboard,
  runs: async () => (await import('./runs.js')).mountRuns,
};

export function mountShell(root) {
  let end = () => {};     // the view
  let endSides = [];
  let shown = null;
  const main = h('main.main', {id: 'main', tabindex: '-1'});

  async function showView() {
    const wanted = `${state.view} ${language()}`;
    if (shown === wanted) return;
    shown = wanted;
    end();
    end = () => {};
    main.replaceChildren();
    document.title = `${t(`view_${state.view}`)} · Retort`;
    const loading = kMounts[state.view]();
    const mount = loading instanceof Promise ? await loading : loading;
    if (shown === wanted) end = mount(main);
  }

  function draw() {
    shown = null;
    const sidebar = h('aside.sidebar', {id: 'sidebar', 'aria-label': t('sidebar')});
    const drawer = h('aside.drawer', {id: 'settings', 'aria-label': t('settings'), hidden: true});
    replace(root, sidebar, main, drawer);
    for (const endSide of endSides) endSide();
    endSides = [mountSidebar(sidebar), mountSettings(drawer)];
    showView();
  }

  draw();
  watch('view', showView);
  watch('settings', () => {
    const before = language();
    useLanguage(state.settings.language);
    if (language() !== before) draw();
  });
}
