/**
 * Sends kept pictures in pieces, from wherever the service says it came to. What is on its way is written down before
 * the first byte leaves, with its own `transaction_id`s: after a break, a closed app or a double tap the same upload
 * goes on, and the picture becomes one page.
 */
import { newTransactionId, Offline, pause, Refusal } from "./api";
import { keeper } from "./files";
import { mine } from "./session";
import type { Page, Upload } from "./shapes";

export interface Sending {
  /** Own name of this upload, and the transaction ids of its two writes. */
  id: string;
  case: string;
  material: string;
  key: string;
  size: number;
  type: string;
  upload: string | null;
  received: number;
  state: "waiting" | "sending" | "offline" | "refused";
  message: string;
  /** The page that this one takes the place of, removed once the service has all of this one. */
  instead: string | null;
}

/** 60 MB pictures are refused by the service; saying so before sending spares the resident the wait. */
export const LARGEST_BYTES = 50 * 1024 * 1024;
const LIST = "zerotrip.sending";
const PIECE_BYTES = 1024 * 1024;
const AGAIN_MS = 3000;
const GIVE_UP_TRIES = 40;

type Watcher = () => void;
const watchers = new Set<Watcher>();
const busy = new Set<string>();

export function sendings(of: string): Sending[] {
  return all().filter((s) => s.case === of);
}

export function watch(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function all(): Sending[] {
  return (uni.getStorageSync(LIST) as Sending[]) || [];
}

function write(list: Sending[]): void {
  uni.setStorageSync(LIST, list);
  watchers.forEach((w) => w());
}

function change(id: string, by: Partial<Sending>): Sending | undefined {
  const list = all().map((s) => (s.id === id ? { ...s, ...by } : s));
  write(list);
  return list.find((s) => s.id === id);
}

export async function add(of: string, material: string, path: string, instead: string | null = null): Promise<void> {
  const kept = await keeper.keep(path);
  const id = newTransactionId();
  const tooLarge = kept.size > LARGEST_BYTES;
  write([
    ...all(),
    {
      id,
      case: of,
      material,
      key: kept.key,
      size: kept.size,
      type: kept.type,
      upload: null,
      received: 0,
      state: tooLarge ? "refused" : "waiting",
      message: tooLarge ? "文件太大，请重新拍照。" : "",
      instead,
    },
  ]);
  if (!tooLarge) void send(id);
}

/** Go on with everything that was on its way when the app was closed or the line was lost. */
export function resume(): void {
  for (const sending of all()) if (sending.state !== "refused") void send(sending.id);
}

export async function drop(id: string): Promise<void> {
  const found = all().find((s) => s.id === id);
  write(all().filter((s) => s.id !== id));
  if (found) await keeper.forget(found.key).catch(() => undefined);
}

async function send(id: string): Promise<void> {
  if (busy.has(id)) return;
  busy.add(id);
  try {
    for (let tries = 0; tries < GIVE_UP_TRIES; tries++) {
      try {
        return await whole(id);
      } catch (error) {
        if (error instanceof Offline || mayPass(error)) {
          change(id, { state: "offline", message: "网络不通，连上后自动继续" });
          await pause(AGAIN_MS);
        } else {
          change(id, { state: "refused", message: (error as Error).message });
          return;
        }
      }
    }
  } finally {
    busy.delete(id);
  }
}

/** Too many at once, or a service that is restarting: wait, and go on from where it came to. */
function mayPass(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 429 || error.status >= 500 || error.code === "conflict");
}

async function whole(id: string): Promise<void> {
  let now = change(id, { state: "sending", message: "" });
  if (!now) return;
  let upload = now.upload ? await mine<Upload>(`/api/v1/uploads/${now.upload}`) : await start(now);
  change(id, { upload: upload.id, received: upload.received });
  while (upload.received < upload.size) {
    const length = Math.min(PIECE_BYTES, upload.chunk_max_bytes, upload.size - upload.received);
    const bytes = await keeper.piece(now.key, upload.received, length);
    const headers = { "Upload-Offset": String(upload.received) };
    // PUT, since a mini-program cannot PATCH
    upload = await mine<Upload>(`/api/v1/uploads/${upload.id}`, { method: "PUT", bytes, headers });
    now = change(id, { received: upload.received });
    if (!now) return;
  }
  // the old page goes first, or a material of one page has no room; by now the service has the whole new picture
  if (now.instead) await take(now.case, now.instead);
  const data = { transaction_id: `${id}-done` };
  await mine<Page>(`/api/v1/uploads/${upload.id}/complete`, { method: "POST", data });
  await drop(id);
}

/** A page that is gone already is no trouble. */
async function take(of: string, page: string): Promise<void> {
  try {
    await mine(`/api/v1/cases/${of}/pages/${page}`, { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
  }
}

function start(s: Sending): Promise<Upload> {
  const data = { case: s.case, material: s.material, size: s.size, media_type: s.type, transaction_id: s.id };
  return mine<Upload>("/api/v1/uploads", { method: "POST", data });
}
