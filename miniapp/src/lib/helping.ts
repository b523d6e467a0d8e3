/**
 * The account of whoever works at an agent point, beside their own. Which of the two a call is made with follows from
 * the case it is about, not from a mode that somebody could forget to leave.
 *
 * Kept on the phone: the token, the numbers of the point's cases, uploads begun for them; no names. A session that has
 * ended is said, and nobody is signed in silently.
 */
import { type Ask, call, Refusal } from "./api";

const TOKEN = "zerotrip.agent";
const CASES = "zerotrip.agent.cases";
const UPLOADS = "zerotrip.agent.uploads";
const REMEMBERED = 200;
/** Pictures on their way wait until somebody has signed in again, as for a service that is away. */
const IN_BACKGROUND = /^\/api\/v1\/uploads|\/pages\//;

export interface Point {
  code: string;
  name: string;
  village: string;
  region: string;
  address: Record<string, string> | null;
}

export interface Agent {
  name: string;
  point: Point;
}

export function agentToken(): string {
  return uni.getStorageSync(TOKEN) as string;
}

export async function signInAgent(login: string, password: string, totp: string): Promise<Agent> {
  const data = { login, password, totp };
  const session = await call<Agent & { token: string }>("/api/v1/agent/session", { method: "POST", data });
  uni.setStorageSync(TOKEN, session.token);
  return session;
}

export async function signOutAgent(): Promise<void> {
  const token = agentToken();
  forgetAgent();
  if (token) await call("/api/v1/session", { method: "DELETE", token }).catch(() => undefined);
}

function forgetAgent(): void {
  for (const key of [TOKEN, CASES, UPLOADS]) uni.removeStorageSync(key);
}

function kept(key: string): string[] {
  return (uni.getStorageSync(key) as string[]) || [];
}

/** The point's cases as they are now: what it was taken from is its applicant's, also on this phone. */
export function rememberCases(numbers: string[]): void {
  uni.setStorageSync(CASES, numbers);
}

export function rememberCase(number: string): void {
  if (!kept(CASES).includes(number)) uni.setStorageSync(CASES, [...kept(CASES), number]);
}

export function forgetCase(number: string): void {
  uni.setStorageSync(CASES, kept(CASES).filter((n) => n !== number));
}

/** Whether a call is the point's. */
export function helps(path: string, data?: unknown): boolean {
  if (path.startsWith("/api/v1/agent/")) return true;
  // into one's own account
  if (path.startsWith("/api/v1/claims") || path === "/api/v1/take-over") return false;
  const upload = /^\/api\/v1\/uploads\/([^/?]+)/.exec(path)?.[1];
  if (upload) return kept(UPLOADS).includes(upload);
  const number = /\/cases\/([^/?]+)/.exec(path)?.[1] ?? named(data);
  return number !== undefined && kept(CASES).includes(number);
}

/** A new upload names its case, a courier for several the first of them. */
function named(data: unknown): string | undefined {
  const body = (data ?? {}) as { case?: string; cases?: string[] };
  return body.case ?? body.cases?.[0];
}

export async function helping<T>(path: string, ask: Ask): Promise<T> {
  try {
    const answer = await call<T>(path, { ...ask, token: agentToken() });
    if (path === "/api/v1/uploads") rememberUpload((answer as { id: string }).id);
    return answer;
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    // the numbers stay, so that what is on its way is not sent in one's own name
    uni.removeStorageSync(TOKEN);
    throw IN_BACKGROUND.test(path) ? new Refusal(503, "agent_signed_out", error.message, {}) : error;
  }
}

function rememberUpload(id: string): void {
  uni.setStorageSync(UPLOADS, [...kept(UPLOADS), id].slice(-REMEMBERED));
}
