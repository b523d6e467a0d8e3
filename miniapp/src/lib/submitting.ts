/**
 * Handing a case in: what was corrected first, then the case. However often the button is tapped there is one effect:
 * the button waits for the answer, and the same thing sent again carries the same `transaction_id`.
 */
import { ref } from "vue";
import { newTransactionId, Offline } from "./api";
import type { Fields, Said } from "./fields";
import { mine } from "./session";
import type { Case } from "./shapes";

export function submitting(number: () => string) {
  const busy = ref(false);
  const refused = ref("");
  const open = new Map<string, string>();

  async function post<T>(what: string, more: object): Promise<T> {
    const same = what + JSON.stringify(more);
    const id = open.get(same) ?? newTransactionId();
    open.set(same, id);
    busy.value = true;
    refused.value = "";
    try {
      return await mine<T>(`/api/v1/cases/${number()}/${what}`, { method: "POST", data: { ...more, transaction_id: id } });
    } catch (error) {
      // a broken line says nothing about whether it was done: the same id asks again
      if (!(error instanceof Offline)) open.delete(same);
      refused.value = (error as Error).message;
      throw error;
    } finally {
      busy.value = false;
    }
  }

  /** Null where there is nothing to save. Raises what was refused, with its sentence in `refused`. */
  async function save(said: Said[]): Promise<Fields | null> {
    return said.length ? post<Fields>("fields", { fields: said }) : null;
  }

  async function handIn(): Promise<void> {
    await post<Case>("submit", {});
    uni.redirectTo({ url: `/pages/progress/index?no=${number()}` });
  }

  let running = false;

  /** A second tap while the first is at work does nothing. */
  async function once(work: () => Promise<void>): Promise<void> {
    if (running) return;
    running = true;
    await work().finally(() => (running = false));
  }

  return { busy, refused, save, handIn, once };
}
