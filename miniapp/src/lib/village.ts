/** What an agent point's pages read of the service, as `web/resident/agents.py` and `batches.py` give it. */

export interface Authority {
  point: string;
  came: "opened" | "entrusted";
  since: string;
  proven: "phone" | "form" | "account" | null;
  proven_at: string | null;
  proven_by: string | null;
  until: string | null;
  ended: "handed_over" | "withdrawn" | null;
}

export type Step =
  | "authorise" | "photograph" | "reading" | "submit" | "mend" | "office" | "pack" | "book" | "courier"
  | "book_delivery" | "rate" | "over";

export interface Helped {
  case: string;
  item_name: string;
  applicant: string;
  state: string;
  state_label: string;
  step: Step;
  whose: "agent" | "applicant" | "office" | "courier" | "nobody";
  until: string | null;
  missing: number;
  unread: number;
  packed: boolean;
  batch: string | null;
  mine: boolean;
  region: string;
  authority: Authority;
}

export interface Village {
  cases: Helped[];
  waiting: number;
  next: number | null;
}

export interface RosterLine {
  name: string;
  id_number: string;
  phone: string;
  problem: string | null;
}

export interface BatchLine {
  ordinal: number;
  transaction_id: string;
  name: string;
  outcome: "opened" | "refused";
  case: string | null;
  message: string | null;
}

export interface Batch {
  id: string;
  item: string;
  item_name: string;
  made_at: string;
  lines: BatchLine[];
}

export interface Outcome {
  case: string;
  outcome: "submitted" | "refused";
  message: string | null;
}

/** Where the app opens `pages/claim`; a mini-program opens its own page by the same words. */
export function claimLink(number: string, service: string): string {
  return `${service}/app/#/pages/claim/index?no=${number}`;
}

/** The case's number out of whatever was scanned or typed: a link, a label, digits with blanks. */
export function numberIn(text: string): string {
  return /\d{21}/.exec(text.replace(/\s/g, ""))?.[0] ?? "";
}

/** Keys of `words/agents.ts`. */
export const STEPS = {
  authorise: "step_authorise",
  photograph: "step_photograph",
  reading: "step_reading",
  submit: "step_submit",
  mend: "step_mend",
  office: "step_office",
  pack: "step_pack",
  book: "step_book",
  courier: "step_courier",
  book_delivery: "step_book_delivery",
  rate: "step_rate",
  over: "step_over",
} as const;

export const WHOSE = {
  agent: "whose_agent",
  applicant: "whose_applicant",
  office: "whose_office",
  courier: "whose_courier",
  nobody: "whose_nobody",
} as const;

export const PROVEN = { phone: "proven_phone", form: "proven_form", account: "proven_account" } as const;

export const ENDED = { handed_over: "ended_handed_over", withdrawn: "ended_withdrawn" } as const;
