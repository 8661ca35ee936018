// Beginnings of prompts, for what these models are asked most. The words are in words/chat.js:
// preset_NAME is its name, preset_NAME_what what it is for, preset_NAME_text the prompt, in which
// [brackets] are what to fill in. Instructions stand in the prompt itself: R1's makers advise against a
// system prompt.

export const kPresets = ['solve', 'mark', 'exam', 'derive', 'code'];

// Where the first [brackets] of a text are, as offsets to select.
export function firstBlank(text) {
  const match = /\[[^\]]+\]/.exec(text);
  return match ? [match.index, match.index + match[0].length] : [text.length, text.length];
}
