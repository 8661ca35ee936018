// Where the page begins: settings, the frame, the view that the address names.

import {useRegion} from './announce.js';
import {keepFocus} from './focus.js';
import {openHistory} from './history/store.js';
import {useLanguage} from './i18n.js';
import {followModels} from './models.js';
import {startRouter} from './router.js';
import {useKeyDialog} from './server.js';
import {loadSettings, settingsOfLink} from './settings.js';
import {state, update, watch} from './state.js';
import {askForKey} from './views/key_dialog.js';
import {mountShell} from './views/shell.js';
import {startShortcuts} from './views/shortcuts.js';

loadSettings();
useLanguage(state.settings.language);
useRegion(document.getElementById('announcer'));
useKeyDialog(askForKey);
startRouter();
update({shared: settingsOfLink(state.query)});
mountShell(document.getElementById('app'));
startShortcuts();
keepFocus(document.body);
followModels();
openHistory();

watch('settings', () => {
  const {theme} = state.settings;
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
});
