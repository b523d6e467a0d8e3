/**
 * Who is using the app: the platform's one-time code is exchanged for a token, which is kept on the phone. A call that
 * is told 401 signs in once more and is made again, so that an expired session is not noticed.
 *
 * Whoever works at an agent point has a second account beside their own (`lib/helping.ts`): calls about the point's cases
 * are made with that one, all others with their own, so that the two never mix.
 */
import { type Ask, call, Refusal } from "./api";
import { agentToken, helping, helps } from "./helping";

const TOKEN = "zerotrip.token";
const DEVICE = "zerotrip.device";

interface Session {
  token: string;
}

let signingIn: Promise<string> | null = null;

export async function mine<T>(path: string, ask: Ask = {}): Promise<T> {
  if (helps(path, ask.data)) return helping<T>(path, ask);
  try {
    return await call<T>(path, { ...ask, token: await token() });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    return call<T>(path, { ...ask, token: await signIn() });
  }
}

/** One sign-in at a time: a platform's code is good for one use. */
export function signIn(): Promise<string> {
  signingIn ??= exchange().finally(() => (signingIn = null));
  return signingIn;
}

async function exchange(): Promise<string> {
  const data = await code();
  const session = await call<Session>("/api/v1/session", { method: "POST", data });
  uni.setStorageSync(TOKEN, session.token);
  return session.token;
}

async function code(): Promise<{ code: string; platform: string }> {
  // #ifdef MP-WEIXIN
  const login = await uni.login({ provider: "weixin" });
  return { code: login.code, platform: "wechat" };
  // #endif
  // #ifndef MP-WEIXIN
  return { code: `dev:${device()}`, platform: "embedded" };
  // #endif
}

/** In a browser without a platform the phone itself is the person (development and kiosks only; the service decides). */
function device(): string {
  const known = uni.getStorageSync(DEVICE) as string;
  if (known) return known;
  const made = `phone-${Math.random().toString(36).slice(2, 12)}`;
  uni.setStorageSync(DEVICE, made);
  return made;
}

export async function signOut(): Promise<void> {
  const token = uni.getStorageSync(TOKEN) as string;
  uni.removeStorageSync(TOKEN);
  if (token) await call("/api/v1/session", { method: "DELETE", token }).catch(() => undefined);
}

/** The account is gone: nothing of it stays on the phone. How the page looks stays, and in a browser who the phone is. */
export function forgetEverything(): void {
  const stays = [DEVICE, "zerotrip.language", "zerotrip.large", "zerotrip.region"];
  for (const key of uni.getStorageInfoSync().keys) if (!stays.includes(key)) uni.removeStorageSync(key);
}

/** Whether somebody signed in on this phone before: asks nobody to. */
export function signedIn(): boolean {
  return Boolean(uni.getStorageSync(TOKEN));
}

/** The present token, for what the platform fetches itself; `path`: what is fetched. */
export async function token(path = ""): Promise<string> {
  if (helps(path)) return agentToken();
  return (uni.getStorageSync(TOKEN) as string) || signIn();
}
