/** What is made of a picture before it is sent: turned, cut, and no larger than reading profits from. No platform in it. */
import type { FileKind } from "./kinds";
import type { Box } from "./outlines";

export interface Looked {
  kind: FileKind;
  bytes: number;
  /** Of the content: the same picture chosen again has the same. */
  digest: string;
  /** As seen, after the camera's own mark of orientation; 0 where this phone cannot show it. */
  width: number;
  height: number;
}

export type Turn = 0 | 90 | 180 | 270;

export interface Edit {
  /** Clockwise. */
  turn: Turn;
  /** What is kept, as shares of the turned picture. */
  crop: Box;
}

export const WHOLE: Box = { left: 0, top: 0, width: 1, height: 1 };
export const LONGEST_PIXELS = 3500;
export const QUALITY = 0.9;

/** A JPEG that is small enough and not changed goes as it is: coding it again would only blur it. */
export function asItIs(looked: Looked, edit: Edit): boolean {
  const { crop } = edit;
  const whole = crop.left <= 0 && crop.top <= 0 && crop.width >= 1 && crop.height >= 1;
  return looked.kind === "jpeg" && edit.turn === 0 && whole && Math.max(looked.width, looked.height) <= LONGEST_PIXELS;
}

export interface Plan {
  /** Of the canvas. */
  width: number;
  height: number;
  /** Its transformation, under which the picture is drawn at (0, 0) in its own pixels. */
  matrix: [number, number, number, number, number, number];
}

/** How a picture of that size is drawn, so that one canvas of the final size is all the memory it takes. */
export function plan(width: number, height: number, { turn, crop }: Edit): Plan {
  const sideways = turn === 90 || turn === 270;
  const [w, h] = sideways ? [height, width] : [width, height];
  const scale = Math.min(1, LONGEST_PIXELS / Math.max(crop.width * w, crop.height * h));
  const [x, y] = [-crop.left * w * scale, -crop.top * h * scale];
  const matrices: Record<Turn, Plan["matrix"]> = {
    0: [scale, 0, 0, scale, x, y],
    90: [0, scale, -scale, 0, x + w * scale, y],
    180: [-scale, 0, 0, -scale, x + w * scale, y + h * scale],
    270: [0, -scale, scale, 0, x, y + h * scale],
  };
  return {
    width: Math.max(1, Math.round(crop.width * w * scale)),
    height: Math.max(1, Math.round(crop.height * h * scale)),
    matrix: matrices[turn],
  };
}

/** FNV-1a over the file's length and up to 64 KB of its beginning and end: to know a picture again, not to prove it. */
export function digestOf(bytes: number, ...parts: ArrayBuffer[]): string {
  let hash = 0x811c9dc5;
  for (const part of parts)
    for (const byte of new Uint8Array(part)) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes}-${(hash >>> 0).toString(16)}`;
}

export const DIGEST_BYTES = 64 * 1024;
