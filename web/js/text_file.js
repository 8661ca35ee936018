// A text file that the user picked, as {name, text}. Throws what can be shown.

import {bytes, t} from './i18n.js';

const kMost = 1 << 20;

export async function readTextFile(file) {
  if (file.size > kMost) throw new Error(t('fileTooLarge', {name: file.name, most: bytes(kMost)}));
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(await file.arrayBuffer());
    if (!text.includes('\0')) return {name: file.name, text};
  } catch {
    // Not UTF-8: said below, as for what has zero bytes.
  }
  throw new Error(t('fileNoText', {name: file.name}));
}
