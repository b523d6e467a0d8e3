/**
 * A case that is looked at: asked for again while something is under way, more slowly the longer it takes, and not for
 * ever. When the patience is used up the page says so and offers to look again: no spinner that can hang.
 */
import { onHide, onShow, onUnload } from "@dcloudio/uni-app";
import { ref } from "vue";
import type { Seen } from "./api";
import { mine } from "./session";
import type { Case } from "./shapes";

const FIRST_MS = 600;
const SLOWEST_MS = 5000;
const SLOWER = 1.25;
const PATIENCE_MS = 180_000;
/** A page that is looked at longer costs more than it tells. */
const LONGEST_MS = 1_200_000;

/** `expected`: how many seconds the service says it will still take; so long there is no reason to give up. */
export function watching(
  number: () => string,
  underWay: (file: Case) => boolean,
  expected: (file: Case) => number = () => 0,
) {
  const file = ref<Case>();
  const trouble = ref("");
  const tired = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_MS;
  let since = Date.now();
  let promised = 0;
  let shown = true;
  let seen: Seen = {};
  let seenOf = "";

  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      if (number() !== seenOf) [seenOf, seen] = [number(), {}];
      file.value = await mine<Case>(`/api/v1/cases/${number()}`, { seen });
      trouble.value = "";
    } catch (error) {
      trouble.value = (error as Error).message;
      return;
    }
    if (!shown || !underWay(file.value)) return;
    promised = Math.min(Math.max(promised, expected(file.value) * 1000), LONGEST_MS);
    tired.value = Date.now() - since > PATIENCE_MS + promised;
    if (tired.value) return;
    timer = setTimeout(look, wait);
    wait = Math.min(wait * SLOWER, SLOWEST_MS);
  }

  /** Something was just done: look closely again. */
  function again(): Promise<void> {
    wait = FIRST_MS;
    since = Date.now();
    promised = 0;
    tired.value = false;
    return look();
  }

  onShow(() => {
    shown = true;
    if (number()) void again();
  });
  onHide(() => {
    shown = false;
    clearTimeout(timer);
  });
  onUnload(() => {
    shown = false;
    clearTimeout(timer);
  });
  return { file, trouble, tired, again };
}
