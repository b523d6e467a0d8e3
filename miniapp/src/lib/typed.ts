/**
 * What somebody typed and has not sent yet: kept on the phone, so that a closed app or a session that ran out loses
 * nothing; wiped as soon as it was sent, and after a day in any case.
 */

const LASTS_MS = 24 * 3600 * 1000;

interface Kept<T> {
  at: number;
  value: T;
}

export function keepTyped<T>(what: string, value: T): void {
  uni.setStorageSync(name(what), { at: Date.now(), value } satisfies Kept<T>);
}

export function typedBefore<T>(what: string): T | null {
  const kept = uni.getStorageSync(name(what)) as Kept<T> | "";
  if (kept && Date.now() - kept.at < LASTS_MS) return kept.value;
  if (kept) wipeTyped(what);
  return null;
}

export function wipeTyped(what: string): void {
  uni.removeStorageSync(name(what));
}

function name(what: string): string {
  return `zerotrip.typed.${what}`;
}
