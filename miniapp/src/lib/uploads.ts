/**
 * Sends kept pictures in pieces, from wherever the service says it came to. What is on its way is written down before
 * the first byte leaves, with its own `transaction_id`s: after a break, a closed app or a double tap the same upload
 * goes on, and the picture becomes one page. Pages of one material go one after the other, so that they stay in order.
 */
import { newTransactionId, Offline, pause, Refusal } from "./api";
import { keeper } from "./files";
import { mine } from "./session";
import type { Page, Upload } from "./shapes";

/** What stands in the way: the page has the sentence. `refused` comes with the service's own. */
export type Trouble = "" | "offline" | "busy" | "stopped" | "gone" | "refused";

export interface Sending {
  /** Own name of this upload, and the transaction ids of its two writes. */
  id: string;
  /** Begun anew so many times, since the service knows no more of it. */
  anew: number;
  case: string;
  material: string;
  key: string;
  digest: string;
  size: number;
  type: string;
  upload: string | null;
  received: number;
  state: "waiting" | "sending" | "offline" | "stopped" | "refused";
  trouble: Trouble;
  message: string;
  /** The phone had no room to keep it: gone when the app is closed. */
  fleeting: boolean;
  /** The page that this one takes the place of, removed once the service has all of this one. */
  instead: string | null;
}

export interface Picture {
  path: string;
  type: string;
  /** Of the file as it was chosen. */
  digest: string;
}

/** The phone has no room for so much as a note of what is on its way. */
export class NoRoom extends Error {}

export class TooLarge extends Error {
  constructor(readonly bytes: number) {
    super("too large");
  }
}

/** What the service takes at most (`upload_max_bytes`): saying so before sending spares the resident the wait. */
export const LARGEST_BYTES = 30_000_000;
const LIST = "zerotrip.sending";
const SENT = "zerotrip.sent";
const REMEMBERED = 100;
const PIECE_BYTES = 1024 * 1024;
/** On a line that does not carry a large piece within the time of a call. */
const SMALLEST_PIECE_BYTES = 64 * 1024;
const AGAIN_MS = 3000;
const GIVE_UP_TRIES = 40;

type Watcher = () => void;
const watchers = new Set<Watcher>();
const busy = new Set<string>();
let pieceBytes = PIECE_BYTES;

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

/** Keeps the picture and begins to send it. Throws `NoRoom` and `TooLarge`; then nothing of it is left behind. */
export async function add(
  of: string, material: string, picture: Picture, instead: string | null = null,
): Promise<void> {
  const kept = await keeper.keep(picture.path);
  if (kept.size > LARGEST_BYTES) {
    await forgotten(kept.key);
    throw new TooLarge(kept.size);
  }
  const sending: Sending = {
    id: newTransactionId(),
    anew: 0,
    case: of,
    material,
    key: kept.key,
    digest: picture.digest,
    size: kept.size,
    type: picture.type,
    upload: null,
    received: 0,
    state: "waiting",
    trouble: "",
    message: "",
    fleeting: kept.fleeting,
    instead,
  };
  try {
    write([...all(), sending]);
  } catch {
    await forgotten(kept.key);
    throw new NoRoom();
  }
  void send(sending.id);
}

async function forgotten(key: string): Promise<void> {
  await keeper.forget(key).catch(() => undefined);
}

/** Go on with everything that was on its way when the app was closed or the line was lost. */
export function resume(): void {
  for (const sending of all()) if (sending.state !== "refused") void send(sending.id);
}

export async function drop(id: string): Promise<void> {
  const found = all().find((s) => s.id === id);
  write(all().filter((s) => s.id !== id));
  if (found) await forgotten(found.key);
}

interface Sent {
  case: string;
  digest: string;
  page: string;
}

/** Whether this very picture is on its way in the case already, or one of the pages that are there. */
export function sentBefore(of: string, digest: string, pages: string[]): boolean {
  const before = ((uni.getStorageSync(SENT) as Sent[]) || []).filter((s) => s.case === of && s.digest === digest);
  return sendings(of).some((s) => s.digest === digest) || before.some((s) => pages.includes(s.page));
}

function remember(sending: Sending, page: string): void {
  const before = (uni.getStorageSync(SENT) as Sent[]) || [];
  const sent = { case: sending.case, digest: sending.digest, page };
  uni.setStorageSync(SENT, [...before, sent].slice(-REMEMBERED));
}

/** Pages before this one in the same material, still on their way. */
function hasToWait(id: string): boolean {
  const list = all();
  const at = list.findIndex((s) => s.id === id);
  const me = list[at];
  const moving = (s: Sending): boolean => s.state !== "refused" && s.state !== "stopped";
  return list.slice(0, at).some((s) => s.case === me?.case && s.material === me.material && moving(s));
}

async function send(id: string): Promise<void> {
  if (busy.has(id) || hasToWait(id)) return;
  busy.add(id);
  try {
    await persistently(id);
  } finally {
    busy.delete(id);
  }
  // the next page of the material
  for (const sending of all()) if (sending.state === "waiting") void send(sending.id);
}

async function persistently(id: string): Promise<void> {
  for (let tries = 0; tries < GIVE_UP_TRIES; tries++) {
    try {
      return await whole(id);
    } catch (error) {
      if (!mayPass(error)) {
        const gone = error instanceof Gone;
        const message = gone ? "" : (error as Error).message;
        change(id, { state: "refused", trouble: gone ? "gone" : "refused", message });
        return;
      }
      if (!change(id, { state: "offline", trouble: error instanceof Offline ? "offline" : "busy" })) return;
      await pause(AGAIN_MS);
    }
  }
  change(id, { state: "stopped", trouble: "stopped" });
}

/** A line that broke, too many at once, or a service that is restarting: wait, and go on from where it came to. */
function mayPass(error: unknown): boolean {
  if (error instanceof Offline) return true;
  return error instanceof Refusal && (error.status === 408 || error.status === 429 || error.status >= 500 || error.code === "conflict");
}

/** The picture is no longer on the phone: the browser was emptied, or it was never kept. */
class Gone extends Error {}

async function whole(id: string): Promise<void> {
  const now = change(id, { state: "sending", trouble: "", message: "" });
  if (!now) return;
  const upload = await begun(now);
  if (upload && !(await allPieces(now, upload))) return;
  const page = upload ? await finish(change(id, { upload: upload.id }) ?? now) : await answerBefore(now);
  if (!page) return anew(now);
  remember(now, page.id);
  await drop(id);
}

/** Null where the service knows no more of it: made into a page already, or too old. */
async function begun(now: Sending): Promise<Upload | null> {
  if (!now.upload) {
    const started = await start(now);
    change(now.id, { upload: started.id, received: started.received });
    return started;
  }
  return mine<Upload>(`/api/v1/uploads/${now.upload}`).catch(unknown);
}

function start(s: Sending): Promise<Upload> {
  const data = { case: s.case, material: s.material, size: s.size, media_type: s.type, transaction_id: named(s, "") };
  return mine<Upload>("/api/v1/uploads", { method: "POST", data });
}

function named(s: Sending, what: string): string {
  return `${s.id}${s.anew ? `-${s.anew}` : ""}${what}`;
}

/** False if the resident took it back meanwhile. */
async function allPieces(now: Sending, from: Upload): Promise<boolean> {
  let upload = from;
  while (upload.received < upload.size) {
    upload = await piece(now, upload);
    if (!change(now.id, { received: upload.received })) return false;
  }
  return true;
}

async function piece(now: Sending, upload: Upload): Promise<Upload> {
  const length = Math.min(pieceBytes, upload.chunk_max_bytes, upload.size - upload.received);
  const bytes = await keeper.piece(now.key, upload.received, length).catch(() => null);
  if (!bytes) throw new Gone();
  const headers = { "Upload-Offset": String(upload.received) };
  try {
    // PUT, since a mini-program cannot PATCH
    const sent = await mine<Upload>(`/api/v1/uploads/${upload.id}`, { method: "PUT", bytes, headers });
    pieceBytes = Math.min(PIECE_BYTES, pieceBytes * 2);
    return sent;
  } catch (error) {
    if (error instanceof Offline) pieceBytes = Math.max(SMALLEST_PIECE_BYTES, pieceBytes / 4);
    const received = error instanceof Refusal && error.status === 409 ? error.details.received : null;
    // an answer that was lost, or the same app in another window: the piece is there
    if (typeof received === "number" && received > upload.received) return { ...upload, received };
    throw error;
  }
}

async function finish(now: Sending): Promise<Page> {
  // the old page goes first, or a material of one page has no room; by now the service has the whole new picture
  if (now.instead) await take(now.case, now.instead);
  return complete(now);
}

function complete(now: Sending): Promise<Page> {
  const data = { transaction_id: named(now, "-done") };
  return mine<Page>(`/api/v1/uploads/${now.upload}/complete`, { method: "POST", data });
}

/** What completing was answered, if the answer was lost on its way. */
function answerBefore(now: Sending): Promise<Page | null> {
  return complete(now).catch(unknown);
}

function unknown(error: unknown): null {
  if (error instanceof Refusal && error.status === 404) return null;
  throw error;
}

/** The service forgets an upload that took too long: the whole picture again, under new names. */
function anew(now: Sending): Promise<void> {
  change(now.id, { anew: now.anew + 1, upload: null, received: 0 });
  return whole(now.id);
}

/** A page that is gone already is no trouble. */
async function take(of: string, page: string): Promise<void> {
  await mine(`/api/v1/cases/${of}/pages/${page}`, { method: "DELETE" }).catch(unknown);
}
