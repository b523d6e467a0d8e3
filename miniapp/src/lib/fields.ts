/** What was read off the pages of a case, as `web/resident/fields.py` gives it, and the pictures it was read off. */
import { fetched } from "./papers";
import type { Part } from "./parts";
import { mine } from "./session";

export interface FieldRow {
  page: string;
  material: string;
  material_name: string;
  number: number;
  field: string;
  label: string;
  value: string;
  read: string | null;
  certain: boolean;
  corrected: boolean;
  choices: string[];
  place: Part | null;
  rotation: number;
}

export interface TypedRow {
  field: string;
  label: string;
  value: string;
}

export interface Picture {
  page: string;
  material: string;
  number: number;
  width: number;
  height: number;
  rotation: number;
}

export interface Fields {
  case: string;
  editable: boolean;
  fields: FieldRow[];
  typed: TypedRow[];
  pictures: Picture[];
}

/** One value that the resident changed. `page` null: one they typed. `shown`: what stood there before. */
export interface Said {
  page: string | null;
  field: string;
  value: string;
  shown: string;
}

export function fieldsOf(number: string): Promise<Fields> {
  return mine<Fields>(`/api/v1/cases/${number}/fields`);
}

const brought = new Map<string, Promise<string>>();

/** The page's picture, brought to the phone once for as long as the app is open; empty where there is none. */
export function pictureOf(number: string, page: string): Promise<string> {
  const known = brought.get(page);
  if (known) return known;
  const coming = fetched(`/api/v1/cases/${number}/pages/${page}/picture`).catch(() => {
    brought.delete(page);
    return "";
  });
  brought.set(page, coming);
  return coming;
}
