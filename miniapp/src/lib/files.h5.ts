/** Kept pictures in a browser: IndexedDB. */
import type { Kept } from "./files";

const STORE = "pictures";

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
      const asking = ask(db.transaction(STORE, mode).objectStore(STORE));
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(asking.error ?? new Error("indexedDB"));
    });
  } finally {
    db.close();
  }
}

export async function keep(path: string): Promise<Kept> {
  const blob = await (await fetch(path)).blob();
  const key = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  await within("readwrite", (store) => store.put(blob, key));
  return { key, size: blob.size, type: blob.type || "application/octet-stream" };
}

export async function piece(key: string, from: number, length: number): Promise<ArrayBuffer> {
  const blob = await within<Blob | undefined>("readonly", (store) => store.get(key) as IDBRequest<Blob | undefined>);
  if (!blob) throw new Error("gone");
  return blob.slice(from, from + length).arrayBuffer();
}

export async function forget(key: string): Promise<void> {
  await within("readwrite", (store) => store.delete(key));
}
