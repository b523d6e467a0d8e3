/** The API's answers that the app reads, as `web/shapes.py` gives them. Times are ISO 8601 with offset. */

export interface Finding {
  code: string;
  severity: string;
  material: string | null;
  page: number | null;
  field: string | null;
  box: [number, number][] | null;
  message: string;
  advice: string;
}

export interface Page {
  id: string;
  material: string;
  ordinal: number;
  state: string;
  state_label: string;
  uploaded_at: string;
  read_at: string | null;
  kind: string | null;
  findings: Finding[];
}

export interface Material {
  key: string;
  name: string;
  need: string;
  need_label: string;
  state: string;
  state_label: string;
  decision: string | null;
  reason: string | null;
  note: string | null;
  defer_until: string | null;
  accept: string;
  min_pages: number;
  max_pages: number;
  pages: Page[];
}

export interface Booking {
  id: string;
  leg: string;
  attempt: number;
  partner: string;
  partner_name: string;
  state: string;
  state_label: string;
  window: { start: string; end: string; label: string };
  waybill: string | null;
  reason: string | null;
}

export interface Leg {
  id: string;
  leg: Direction;
  leg_label: string;
  state: string;
  state_label: string;
  since: string;
  booking: Booking | null;
}

export type Direction = "collection" | "delivery";

export interface Original {
  key: string;
  name: string;
  use_label: string;
  copies: number;
  holder: string;
  holder_label: string;
}

export interface CaseDocument {
  id: string;
  number: string;
  title: string;
  made_at: string;
  ready: boolean;
}

export interface Case {
  case: string;
  state: string;
  state_label: string;
  item: string;
  item_name: string;
  opened_at: string;
  materials: Material[];
  correction: { round: number; sent_at: string; due: string; findings: Finding[] } | null;
  originals: Original[];
  legs: Leg[];
  deadlines: { state_due: string | null; promised: string | null; correction: string | null; paused: boolean };
  documents: CaseDocument[];
  rating: { level: number; text: string } | null;
  actions: string[];
}

export interface CaseLine {
  case: string;
  item_name: string;
  state: string;
  state_label: string;
  applicant: string;
  opened_at: string;
  promised: string | null;
}

export interface ItemLine {
  code: string;
  name: string;
  summary: string;
  kind_label: string;
  promised_days: number;
  in_person: string | null;
}

export interface Question {
  key: string;
  ask: string;
  type: string;
  choices: string[];
}

export interface ChecklistLine {
  key: string;
  name: string;
  document: string;
  need: string;
  need_label: string;
  when: Record<string, unknown>;
  min_pages: number;
  max_pages: number;
  original: string;
  original_label: string;
  accept: string;
  samples: string[];
}

export interface Item extends ItemLine {
  region: string;
  limits: { statutory_days: number; promised_days: number; preaudit_hours: number };
  applicants: string[];
  questions: Question[];
  materials: ChecklistLine[];
  result: { name: string; form: string; delivery: string[] };
  fee: { amount_fen: number; basis: string } | null;
}

export interface OfferedWindow {
  id: string;
  partner: string;
  partner_name: string;
  start: string;
  end: string;
  label: string;
  cancel_by: string;
}

export interface TimelineLine {
  at: string;
  label: string;
  by_label: string;
}

export interface Upload {
  id: string;
  size: number;
  received: number;
  chunk_max_bytes: number;
}
