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
  /** On a correction notice: the page as it was when the notice was sent. */
  page_id?: string | null;
}

export interface Page {
  id: string;
  material: string;
  ordinal: number;
  state: string;
  state_label: string;
  uploaded_at: string;
  read_at: string | null;
  /** How long reading will still take, while the page waits for it. */
  expected_seconds?: number | null;
  kind: string | null;
  findings: Finding[];
  /** When it was filled in and signed on the phone. */
  signed_at?: string | null;
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
  document: string;
  min_pages: number;
  max_pages: number;
  /** It may be filled in and signed on the phone instead. */
  fill_online?: boolean;
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
  window: Span;
  /** The partner's own, where it named another. */
  confirmed_window: Span | null;
  cancel_by: string | null;
  payer: string;
  payer_label: string;
  proof: string | null;
  /** To be told to whoever comes to the door. */
  safety_code: string | null;
  /** The consolidated pickup that it rides in. */
  pickup: string | null;
  waybill: string | null;
  reason: string | null;
}

export interface Span {
  start: string;
  end: string;
  label: string;
}

export interface Leg {
  id: string;
  leg: Direction;
  leg_label: string;
  state: string;
  state_label: string;
  since: string;
  confirmed: boolean;
  /** Until when to say whether a parcel that somebody else signed for has come. */
  answer_due: string | null;
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
  /** 在快递员处 */
  where: string;
  since: string | null;
  place: string | null;
  seal: string | null;
  condition: string | null;
  condition_label: string | null;
  label: string | null;
  chain: Step[];
}

/** One change of hands. */
export interface Step {
  at: string;
  label: string;
  place: string | null;
  seal: string | null;
  found: string | null;
}

/** The envelope of a leg. */
export interface Parcel {
  leg: Direction;
  leg_id: string;
  label: string;
  keys: string[];
  seal: string | null;
  packed_at: string | null;
  photographed: boolean;
  photo_problem: string | null;
  printed: boolean;
}

export interface Incident {
  id: string;
  kind: string;
  kind_label: string;
  state: string;
  state_label: string;
  originals: string[];
  due_at: string | null;
  closed_at: string | null;
  settlement_label: string | null;
  question: string | null;
  choices: { value: string; label: string }[];
}

export interface Saved {
  trips: number;
  hours: number;
}

export interface CaseDocument {
  id: string;
  kind: string;
  number: string;
  title: string;
  made_at: string;
  ready: boolean;
}

/** Whence a case follows, and what follows from it by itself. */
export interface Bundle {
  parent: { case: string; item_name: string; state: string; state_label: string } | null;
  children: BundleChild[];
}

export interface BundleChild {
  id: string;
  item: string;
  item_name: string;
  /** waiting | opened | lacking | failed */
  how: string;
  how_label: string;
  case: string | null;
  state_label: string | null;
  done: boolean;
  lacking: string[];
  problem: string | null;
}

/** A file that a department's decision came with. */
export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number;
  task: string;
}

export interface Case {
  case: string;
  state: string;
  state_label: string;
  item: string;
  item_name: string;
  opened_at: string;
  materials: Material[];
  /** `after_acceptance`: while it is being decided; each paper is handed in by itself. */
  correction: { round: number; sent_at: string; due: string; findings: Finding[]; after_acceptance: boolean } | null;
  originals: Original[];
  parcels: Parcel[];
  incidents: Incident[];
  legs: Leg[];
  deadlines: { state_due: string | null; promised: string | null; correction: string | null; paused: boolean };
  documents: CaseDocument[];
  attachments: Attachment[];
  rating: { level: number; text: string; rectify_by: string | null } | null;
  result: { name: string; form: string };
  receipt: { at: string; how: string; document: string } | null;
  saved: Saved | null;
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
  region: string;
  region_name: string;
  department_name: string;
  /** instant | promise */
  kind: string;
  kind_label: string;
  promised_days: number;
  in_person: string | null;
}

export interface Question {
  key: string;
  ask: string;
  type: string;
  /** What an answer is kept as, always Chinese; `labels` is what to show for each. */
  choices: string[];
  labels: string[];
}

export interface ChecklistLine {
  key: string;
  name: string;
  document: string;
  need: string;
  need_label: string;
  when: Record<string, unknown>;
  /** `when` as a clause; empty: always needed. */
  only_if: string;
  min_pages: number;
  max_pages: number;
  original: string;
  original_label: string;
  copies: number;
  accept: string;
  samples: string[];
}

/** What a question finds: in the region, else in others, else what is asked for most. */
export interface Found {
  items: ItemLine[];
  elsewhere: ItemLine[];
  often: ItemLine[];
}

export interface Region {
  code: string;
  name: string;
}

export interface LifeEvent {
  key: string;
  name: string;
  sign: string;
  items: ItemLine[];
}

/** A paper that stays at home, because it was proved before or can be looked up. */
export interface StaysHome {
  material: string;
  from_registry: boolean;
  source_label: string;
  date: string | null;
  still_show: boolean;
}

export interface Item extends ItemLine {
  limits: { statutory_days: number; promised_days: number; preaudit_hours: number };
  applicants: string[];
  questions: Question[];
  materials: ChecklistLine[];
  result: { name: string; form: string; delivery: string[]; delivery_labels: string[] };
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
  payer_label: string;
  covered: boolean;
  note: string | null;
}

export interface Windows {
  leg: string;
  windows: OfferedWindow[];
  left_out: { partner: string; partner_name: string; message: string }[];
}

export interface Address {
  province: string;
  city: string;
  county: string;
  detail: string;
  contact: string;
  phone: string;
}

export interface Box {
  code: string;
  name: string;
  place: string;
  next_round: string;
}

export interface DropCode {
  box: Box;
  code: string;
  code_label: string;
  qr: string;
  dropped_at: string | null;
  emptied_at: string | null;
}

export interface Pickup {
  id: string;
  waybill: string | null;
  cases: { case: string; item_name: string; state_label: string }[];
}

export interface Message {
  id: string;
  case: string | null;
  title: string;
  text: string;
  page: string;
  state: "created" | "sending" | "sent" | "failed";
  /** By which way it went out to the phone. */
  channel: "platform" | "text_message" | null;
  made_at: string;
}

export interface Office {
  code: string;
  name: string;
  place: string;
  phone: string;
  hours: string[];
  waiting: number;
}

export interface Slot {
  start: string;
  end: string;
  left: number;
}

export interface Visit {
  id: string;
  item: string;
  item_name: string;
  case: string | null;
  office: Office;
  start: string;
  end: string;
  state: string;
  label: string;
  code: string;
  actions: string[];
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
