/** What a paper looks like lying before the camera: the frame that is drawn for it. Sizes in millimetres, as laid down
 * in the standards of the papers (ID-1 cards, ISO 216 sheets, the register's and licence's inner pages). */

export type Shape = "card" | "licence" | "booklet" | "sheet" | "wideSheet" | "portrait";

export interface Outline {
  shape: Shape;
  /** Width by height. */
  ratio: number;
}

const RATIOS: Record<Shape, number> = {
  card: 85.6 / 54,
  licence: 88 / 60,
  booklet: 143 / 105,
  sheet: 210 / 297,
  wideSheet: 297 / 210,
  portrait: 35 / 49,
};

const SHAPES: Record<string, Shape> = {
  id_card: "card",
  id_card_front: "card",
  id_card_back: "card",
  bank_card: "card",
  driving_licence: "licence",
  vehicle_licence: "licence",
  household_register: "booklet",
  household_register_head: "booklet",
  household_register_member: "booklet",
  marriage_certificate: "booklet",
  business_licence: "wideSheet",
  portrait: "portrait",
};

/** The frame for a kind of document; a sheet for whatever is not known. */
export function outlineOf(document: string): Outline {
  const shape = SHAPES[document] ?? "sheet";
  return { shape, ratio: RATIOS[shape] };
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The largest frame of that shape inside a screen of the given size, with room around for a thumb. */
export function placed(outline: Outline, width: number, height: number, margin = 0.06): Box {
  const room = { width: width * (1 - 2 * margin), height: height * (1 - 2 * margin) };
  const w = Math.min(room.width, room.height * outline.ratio);
  const h = w / outline.ratio;
  return { left: (width - w) / 2, top: (height - h) / 2, width: w, height: h };
}
