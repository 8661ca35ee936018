// Server-sent events of a response's body, as the HTML standard reads them.
//
//   for await (const {event, data} of events(response.body)) ...
//
// Chunks may end anywhere, inside a character, too.

export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = makeParser();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      yield* parser(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// A function from text that has come to the events that it completes.
export function makeParser() {
  let rest = '';
  let event = 'message';
  let data = null;
  return function* parse(text) {
    rest += text;
    let start = 0;
    for (;;) {
      const end = rest.indexOf('\n', start);
      if (end < 0) break;
      const line = rest.slice(start, rest[end - 1] === '\r' ? end - 1 : end);
      start = end + 1;
      if (line === '') {
        if (data !== null) yield {event, data};
        event = 'message';
        data = null;
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
      if (field === 'event') event = value;
      if (field === 'data') data = data === null ? value : `${data}\n${value}`;
    }
    rest = rest.slice(start);
  };
}
