/** What the resident changed on the page where they look over what was read, and has not sent. */
import type { Said } from "./fields";

export type Changes = Record<string, Said>;

export function keyOf(page: string | null, field: string): string {
  return `${page ?? ""}/${field}`;
}

/** As it is sent: without spaces around it. */
export function saidOf(changes: Changes): Said[] {
  return Object.values(changes).map((said) => ({ ...said, value: said.value.trim() }));
}
