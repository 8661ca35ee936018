// The name of who took part in a vote, in the user's language.

import {t} from '../i18n.js';
import {readContestant} from '../votes.js';

export function contestantName(name) {
  const {model, thinks} = readContestant(name);
  return thinks ? model : t('votesNoThinking', {model});
}
