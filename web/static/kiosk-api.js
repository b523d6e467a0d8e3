// Calls to the service. An answer that is not good is thrown as `Refused`; no answer as `Unreached`.

import { now } from "./kiosk-state.js";
import { tag } from "./kiosk-words.js";

export class Refused extends Error {
  constructor(status, error) {
    super((error && error.message) || "");
    this.status = status;
    this.code = (error && error.code) || "";
  }
}
export class Unreached extends Error {}

const PATIENCE_MS = 20000;
export const unique = () => `k-${crypto.randomUUID()}`;

export async function call(method, path, body, more = {}) {
  const headers = { "Accept-Language": tag(), ...(now.token ? { Authorization: `Bearer ${now.token}` } : {}) };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method, headers, body: body === undefined ? undefined : form ? body : JSON.stringify(body),
      credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...more,
    });
  } catch { throw new Unreached(); }
  if (answer.status >= 502) throw new Unreached();
  if (answer.ok) return more.whole ? answer : answer.json();
  const said = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, said.error);
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);

// The same door as the app's: one picture, one page.
export function addPage(no, key, picture) {
  const form = new FormData();
  form.append("file", picture, "page.jpg");
  form.append("transaction_id", unique());
  return call("POST", `/api/v1/cases/${no}/materials/${encodeURIComponent(key)}/pages`, form);
}

export const removePage = (no, page) => call("DELETE", `/api/v1/cases/${no}/pages/${page}`);

const LOOK_MS = 600;
const LONGEST_MS = 60000;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// The page once it has been read; null where that takes too long. `gone` ends the looking.
export async function whenRead(no, page, gone) {
  const until = Date.now() + LONGEST_MS;
  while (Date.now() < until && !gone()) {
    const seen = await get(`/api/v1/cases/${no}`);
    now.case = seen;
    const found = seen.materials.flatMap((m) => m.pages).find((p) => p.id === page);
    if (!found || found.state !== "uploaded") return found || null;
    await wait(LOOK_MS);
  }
  return null;
}
