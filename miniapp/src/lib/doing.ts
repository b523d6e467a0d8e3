/** One thing a person does with a tap: it goes out once, however often the button is tapped, and what the service says
 * against it stands on the page until the next try. */
import { ref } from "vue";
import { newTransactionId, Offline } from "./api";
import { mine } from "./session";

export function doing() {
  const busy = ref(false);
  const refused = ref("");
  // kept while the line is broken, so that the same thing sent again has no second effect
  const open = new Map<string, string>();

  /** What was answered, or null where it was refused. */
  async function post<T>(path: string, more: object = {}): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    refused.value = "";
    const what = path + JSON.stringify(more);
    const id = open.get(what) ?? newTransactionId();
    open.set(what, id);
    try {
      const answer = await mine<T>(path, { method: "POST", data: { ...more, transaction_id: id } });
      open.delete(what);
      return answer;
    } catch (error) {
      if (!(error instanceof Offline)) open.delete(what);
      refused.value = (error as Error).message;
      return null;
    } finally {
      busy.value = false;
    }
  }

  /** Anything else that may fail with a sentence. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    refused.value = "";
    try {
      await work();
      return true;
    } catch (error) {
      refused.value = (error as Error).message;
      return false;
    }
  }
  return { busy, refused, post, attempt };
}

export function sure(content: string, confirmText: string, cancelText: string): Promise<boolean> {
  return new Promise((done) =>
    uni.showModal({ content, confirmText, cancelText, success: ({ confirm }) => done(confirm), fail: () => done(false) }),
  );
}
