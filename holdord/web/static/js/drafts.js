// Drafts that the server does not have yet, kept on this computer (IndexedDB) until it does: through a lost connection, a
// closed tab and a crash. What an agent wrote is given back to that agent alone, and to nobody after a week.
const STORE = "drafts";
const A_WEEK = 7 * 24 * 3600 * 1000;
let opened;

export async function keepDraft(key, text) {
  await ask("readwrite", (drafts) => drafts.put({ key, text, at: Date.now() }));
}

export async function keptDraft(key) {
  const draft = await ask("readonly", (drafts) => drafts.get(key));
  return draft && Date.now() - draft.at < A_WEEK ? draft.text : "";
}

export async function dropDraft(key) {
  await ask("readwrite", (drafts) => drafts.delete(key));
}

// Without a database (a private window) drafts live on the server alone.
async function ask(mode, act) {
  try {
    opened ??= open();
    const drafts = (await opened).transaction(STORE, mode).objectStore(STORE);
    return await done(act(drafts));
  } catch {
    return undefined;
  }
}

function open() {
  const asked = indexedDB.open("holdord", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
  return done(asked);
}

function done(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
