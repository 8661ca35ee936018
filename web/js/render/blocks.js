// Where a text that is still growing can be cut, so that what is in front of the cut need never be
// read again: at empty lines outside of code and mathematics, in front of a line that is not indented.
//
//   const split = makeSplitter();
//   split('a\n\nb');          // [3]: "a\n\n" is a block of its own
//   split('a\n\nb\n\nc');     // [6]
//
// Each call gets the whole text so far, which must begin like the last one, and answers the offsets
// that it found beyond those of earlier calls. Every line is looked at once.

const kLongBlock = 4000;   // characters; a longer one is cut at a line's end,
const kLongLine = 12000;   // and such a line at a space
const kFence = /^\s*(`{3,}|~{3,})/;

// What ends the mathematics that a line leaves open, if it does.
function openedMath(line) {
  const text = line.trimStart();
  if (text.startsWith('$$') && text.indexOf('$$', 2) < 0) return '$$';
  const bracket = line.lastIndexOf('\\[');
  if (bracket >= 0 && line.indexOf('\\]', bracket) < 0) return '\\]';
  const begin = /^\\begin\{(\w+\*?)\}/.exec(text);
  return begin && !text.includes(`\\end{${begin[1]}}`) ? `\\end{${begin[1]}}` : null;
}

export function makeSplitter() {
  let start = 0;        // of the block that grows
  let line = 0;         // of the first line that was not looked at
  let fence = null;     // what opened the code that we are in
  let math = null;      // what will end the mathematics that we are in
  let blank = false;    // the last line was empty

  // Whether a block begins with this line.
  function look(text) {
    if (fence !== null) {
      const closing = kFence.exec(text);
      if (closing && closing[1].startsWith(fence) && text.trim() === closing[1]) fence = null;
      return false;
    }
    if (math !== null) {
      if (text.includes(math)) math = null;
      return false;
    }
    if (text.trim() === '') {
      blank = true;
      return false;
    }
    const begins = (blank && !/^\s/.test(text)) || line - start > kLongBlock;
    blank = false;
    fence = kFence.exec(text)?.[1] ?? null;
    math = fence === null ? openedMath(text) : null;
    return begins;
  }

  return function split(text) {
    const ends = [];
    for (let end; (end = text.indexOf('\n', line)) >= 0; line = end + 1) {
      if (!look(text.slice(line, end)) || line === start) continue;
      ends.push(line);
      start = line;
    }
    while (fence === null && math === null && text.length - Math.max(line, start) > kLongLine) {
      const from = Math.max(line, start);
      const space = text.lastIndexOf(' ', from + kLongLine);
      start = line = space > from ? space + 1 : from + kLongLine;
      ends.push(start);
    }
    return ends;
  };
}
