/** Kept pictures in a browser: IndexedDB, and memory where that is full or forbidden. */
import type { Kept } from "./files";

const STORE = "pictures";
/** What the phone had no room for: there until the page is closed. */
const fleeting = new Map<string, Blob>();

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("zerotrip", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error("indexedDB"));
  });
}

async function within<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const asking = ask(transaction.objectStore(STORE));
      // not before it is on the disk: a full disk is told only then
      transaction.oncomplete = () => resolve(asking.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("indexedDB"));
      transaction.onerror = transaction.onabort;
    });
  } finally {
    db.close();
  }
}

export async function keep(path: string): Promise<Kept> {
  const blob = await (await fetch(path)).blob();
  const key = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  try {
    await within("readwrite", (store) => store.put(blob, key));
    return { key, size: blob.size, fleeting: false };
  } catch {
    fleeting.set(key, blob);
    return { key, size: blob.size, fleeting: true };
  }
}

export async function piece(key: string, from: number, length: number): Promise<ArrayBuffer> {
  const blob = fleeting.get(key) ?? (await stored(key));
  if (!blob) throw new Error("gone");
  return blob.slice(from, from + length).arrayBuffer();
}

function stored(key: string): Promise<Blob | undefined> {
  return within("readonly", (store) => store.get(key) as IDBRequest<Blob | undefined>);
}

export async function forget(key: string): Promise<void> {
  if (fleeting.delete(key)) return;
  await within("readwrite", (store) => store.delete(key));
}
