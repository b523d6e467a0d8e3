/**
 * What is known already about a case's materials: offered, used, taken back. One look for the whole page, however many
 * materials ask; while a registry is being asked it is looked at again, and not for ever: a photograph does as well.
 */
import { ref } from "vue";
import { newTransactionId } from "./api";
import { mine } from "./session";
import { zh } from "../words/reuse";
import { language, say } from "./words";

export interface KnownOffer {
  id: string;
  source: "case" | "registry";
  source_label: string;
  resource: string | null;
  date: string | null;
  valid_until: string | null;
  still_show: boolean;
  thumbnail: string | null;
}

export interface KnownUse {
  source: "case" | "registry";
  source_label: string;
  resource: string | null;
  date: string;
  valid_until: string | null;
  still_show: boolean;
}

export interface KnownMaterial {
  material: string;
  state: "offered" | "asking" | "used" | "none";
  offers: KnownOffer[];
  used: KnownUse | null;
  inquiry: { resource: string; source_label: string; state: string; at: string } | null;
}

export interface Known {
  case: string;
  editable: boolean;
  consents: Record<string, { version: string; text: string }>;
  materials: KnownMaterial[];
  papers_saved: number;
}

/** Of one's own data: a question to a registry. */
export interface MyInquiry {
  case: string;
  name: string;
  registry: string;
  authorised_at: string;
  by_me: boolean;
  result: string;
  answered_at: string | null;
}

export interface MyWaiver {
  case: string;
  name: string;
  source_case: string | null;
  date: string;
  at: string;
  ended_at: string | null;
}

const BETWEEN_MS = 1500;
const PATIENCE_MS = 60_000;

const known = ref<Known>();
const tired = ref(false);
let timer: ReturnType<typeof setTimeout> | undefined;
let since = 0;
let looking: Promise<void> | null = null;

export function knownOf(number: string) {
  return { known, tired, look: () => look(number) };
}

/** One look at a time; whoever asks meanwhile waits for the same. */
function look(number: string): Promise<void> {
  looking ??= seen(number).finally(() => (looking = null));
  return looking;
}

async function seen(number: string): Promise<void> {
  if (known.value?.case !== number) known.value = undefined;
  try {
    told(await mine<Known>(`/api/v1/cases/${number}/known`));
  } catch {
    // nothing is offered then: every material can be photographed
  }
}

function told(now: Known): void {
  known.value = now;
  clearTimeout(timer);
  const asking = now.materials.some((m) => m.state === "asking");
  if (!asking) since = 0;
  else since ||= Date.now();
  tired.value = asking && Date.now() - since > PATIENCE_MS;
  if (asking && !tired.value) timer = setTimeout(() => void look(now.case), BETWEEN_MS);
}

export async function use(number: string, material: string, offer: KnownOffer): Promise<void> {
  const consent = { version: known.value?.consents[offer.source]?.version ?? "", agreed: true };
  const data = { offer: offer.id, consent, transaction_id: newTransactionId() };
  told(await mine<Known>(`/api/v1/cases/${number}/known/${material}`, { method: "POST", data }));
}

export async function takeBack(number: string, material: string): Promise<void> {
  told(await mine<Known>(`/api/v1/cases/${number}/known/${material}`, { method: "DELETE" }));
}

export function rest(): void {
  clearTimeout(timer);
}

/** The one that spares most: neither photograph nor paper, if there is such a one. */
export function best(offers: KnownOffer[]): KnownOffer | undefined {
  return offers.find((o) => !o.still_show && o.source === "case") ?? offers.find((o) => !o.still_show) ?? offers[0];
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** With its year: it may be an earlier one, or one far ahead. */
export function dayAndYear(iso: string): string {
  const [, year, month, date] = DATE.exec(iso) ?? [];
  if (!date) return iso;
  if (language.value === "en") return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
  return `${year}年${Number(month)}月${Number(date)}日`;
}

/** Whose records they are, in the language of the app; a register the app has no name for, as the service calls it. */
export function who(resource: string | null, label: string): string {
  const key = `knownWho_${resource}`;
  return key in zh ? say(key as keyof typeof zh) : label;
}
