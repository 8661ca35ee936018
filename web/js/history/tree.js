// A conversation as a tree: every message has a parent, and a message that was edited or answered
// again has siblings. What is shown is the path from the root to the leaf. Pure functions.
//
//   const path = pathTo(nodes, conversation.leaf);        // [user, assistant, user, ...]
//
// nodes: Map from id to {id, conversation, parent, role, text, reasoning, files, model, created, state,
// finish, figures, error}; `state` of an answer is done, stopped, failed or live.

export function pathTo(nodes, leaf) {
  const path = [];
  const seen = new Set();
  for (let node = nodes.get(leaf); node && !seen.has(node.id); node = nodes.get(node.parent)) {
    seen.add(node.id);
    path.push(node);
  }
  return path.reverse();
}

export function siblings(nodes, node) {
  return [...nodes.values()]
    .filter(({parent, role}) => parent === node.parent && role === node.role)
    .sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

// The newest leaf at or below a message: where one arrives that turns to it.
export function leafBelow(nodes, id) {
  const children = new Map();
  for (const node of nodes.values()) {
    const known = children.get(node.parent);
    if (!known || node.created >= known.created) children.set(node.parent, node);
  }
  const seen = new Set();
  let leaf = id;
  for (let child; (child = children.get(leaf)) && !seen.has(child.id); leaf = child.id) {
    seen.add(child.id);
  }
  return leaf;
}

// What a message says to the model: attached files stand in front, each under its name.
export function contentOf(node) {
  const files = (node.files ?? []).map(({name, text}) => `[${name}]\n${text}\n[/${name}]\n\n`);
  return files.join('') + node.text;
}

// As the interface wants them. Thoughts stay out: models are not shown their old ones. A message that
// was not answered goes with the next one, because templates want user and assistant in turns.
export function messagesOf(path, system) {
  const messages = system?.trim() ? [{role: 'system', content: system}] : [];
  for (const node of path) {
    if (node.role === 'assistant' && node.text.trim() === '') continue;
    const last = messages.at(-1);
    if (last?.role === node.role) last.content += `\n\n${contentOf(node)}`;
    else messages.push({role: node.role, content: contentOf(node)});
  }
  return messages;
}

export function titleOf(text) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 58).trimEnd()}…` : line;
}
