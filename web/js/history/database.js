// IndexedDB by promises: two stores, conversations and their nodes (tree.js). Where a browser keeps
// nothing (a private window may not), everything still works until the page is closed.

const kName = 'retort';
let opened = null;

function open() {
  opened ??= new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(kName, 1);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      request.result.createObjectStore('conversations', {keyPath: 'id'});
      request.result.createObjectStore('nodes', {keyPath: 'id'})
        .createIndex('conversation', 'conversation');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  return opened;
}

// Runs `work` on the stores; resolves with what its request found once all is written.
async function transact(mode, work) {
  const database = await open();
  if (database === null) return undefined;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(['conversations', 'nodes'], mode);
    const request = work(transaction.objectStore('conversations'), transaction.objectStore('nodes'));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const allConversations = async () =>
  (await transact('readonly', (conversations) => conversations.getAll())) ?? [];

export const nodesOf = async (id) =>
  (await transact('readonly', (_, nodes) => nodes.index('conversation').getAll(id))) ?? [];

export const allNodes = async () => (await transact('readonly', (_, nodes) => nodes.getAll())) ?? [];

export const put = (conversation, nodes = []) =>
  transact('readwrite', (conversations, store) => {
    if (conversation) conversations.put(conversation);
    for (const node of nodes) store.put(node);
  });

export const erase = (id) =>
  transact('readwrite', (conversations, nodes) => {
    conversations.delete(id);
    const cursors = nodes.index('conversation').openKeyCursor(IDBKeyRange.only(id));
    cursors.onsuccess = () => {
      if (!cursors.result) return;
      nodes.delete(cursors.result.primaryKey);
      cursors.result.continue();
    };
  });
