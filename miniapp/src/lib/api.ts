/**
 * Calls of the service. A refusal is a `Refusal` with the service's own sentence; a line that broke is `Offline`.
 *
 * Every write carries a `transaction_id` made once by whoever wants it done: sent again after a broken line, it has no
 * second effect. Reading is tried again by itself; writing is left to the caller, who knows whether it still matters.
 */

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown>,
  ) {
    super(message);
  }
}

export class Offline extends Error {}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Ask {
  method?: Method;
  data?: unknown;
  /** Raw bytes instead of JSON. */
  bytes?: ArrayBuffer;
  headers?: Record<string, string>;
  token?: string;
  /** How often a reading call is tried again when the line is broken. */
  tries?: number;
  /** What the last answer was: the service is told, and need not say the same again. */
  seen?: Seen;
}

/** Kept by whoever asks again and again; `call` fills it. */
export interface Seen {
  tag?: string;
  answer?: unknown;
}

const TIMEOUT_MS = 20_000;
const BETWEEN_TRIES_MS = 800;

/** Where the service is: a setting of the build, else where the page came from. Whole, since the framework takes a
 * picture's address without a host for one of its own files. */
export const SERVICE: string = import.meta.env.VITE_SERVICE ?? (typeof location === "undefined" ? "" : location.origin);

/** The draft of an item that the desk shows in this page's place of the published one; empty everywhere else. Then
 * nothing is written from here, whatever page somebody gets to: a preview opens no case. */
export const PREVIEW: string = typeof location === "undefined" ? "" : (new URLSearchParams(location.search).get("preview") ?? "");

export async function call<T>(path: string, ask: Ask = {}): Promise<T> {
  const tries = ask.tries ?? (ask.method === undefined || ask.method === "GET" ? 3 : 1);
  for (let left = tries - 1; ; left--) {
    try {
      return await once<T>(path, ask);
    } catch (error) {
      if (!(error instanceof Offline) || left <= 0) throw error;
      await pause(BETWEEN_TRIES_MS);
    }
  }
}

function once<T>(path: string, ask: Ask): Promise<T> {
  if (PREVIEW && ask.method && ask.method !== "GET") return Promise.reject(refusal(403, { error: { message: "预览中不能办理。" } }));
  return new Promise((resolve, reject) => {
    uni.request({
      url: SERVICE + (ask.token || ask.method ? path : inLanguage(path)),
      method: ask.method ?? "GET",
      data: (ask.bytes ?? ask.data) as string | AnyObject | ArrayBuffer,
      header: headers(ask),
      timeout: TIMEOUT_MS,
      // every status is a success to the platform, also a refusal
      success: (answer) => {
        if (answer.statusCode === 304 && ask.seen?.answer !== undefined) resolve(ask.seen.answer as T);
        else if (answer.statusCode >= 200 && answer.statusCode < 300) resolve(noted<T>(ask.seen, answer));
        else reject(refusal(answer.statusCode, answer.data));
      },
      fail: () => reject(new Offline("网络不通，请稍后再试。")),
    });
  });
}

/** Platforms write the names of headers as they like. */
function noted<T>(seen: Seen | undefined, answer: UniApp.RequestSuccessCallbackResult): T {
  if (seen) {
    const header = Object.entries((answer.header ?? {}) as Record<string, string>);
    seen.tag = header.find(([name]) => name.toLowerCase() === "etag")?.[1];
    seen.answer = answer.data;
  }
  return answer.data as T;
}

function headers(ask: Ask): Record<string, string> {
  const type = ask.bytes ? "application/octet-stream" : "application/json";
  const token: Record<string, string> = ask.token ? { Authorization: `Bearer ${ask.token}` } : {};
  const known: Record<string, string> = ask.seen?.tag ? { "If-None-Match": ask.seen.tag } : {};
  return { "Content-Type": type, "Accept-Language": spoken(), ...token, ...known, ...ask.headers };
}

/** What everybody may read is told apart by its address as well: the page has it fetched before this script is here. */
function inLanguage(path: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}lang=${spoken() === "en" ? "en" : "zh"}`;
}

/** The language of the app's setting, in which the service answers too. Read where words.ts keeps it: calls are also
 * made where no page, and so no words, are loaded. */
export function spoken(): string {
  return uni.getStorageSync("zerotrip.language") === "en" ? "en" : "zh-CN";
}

/** The service's sentence, or a plain one for whatever stands between (a proxy's page, an empty answer). */
export function refusal(status: number, body: unknown): Refusal {
  const error = (body as { error?: { code?: string; message?: string; details?: Record<string, unknown> } })?.error;
  const message = error?.message ?? (status >= 500 ? "服务暂时不可用，请稍后再试。" : "没有办成，请重试。");
  return new Refusal(status, error?.code ?? `http_${status}`, message, error?.details ?? {});
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** A string that nobody else makes: the time and 80 random bits. */
export function newTransactionId(): string {
  const random = Array.from({ length: 20 }, () => Math.floor(Math.random() * 16).toString(16)).join("");
  return `app-${Date.now().toString(36)}-${random}`;
}
