/**
 * What a live picture lacks, seen on the phone: grey pixels in, one hint out. No platform in it.
 *
 * The paper's four sides are looked for from outside inwards, each as a straight line through the first steps of
 * brightness; how far they are apart says how near the paper is, how they lie how far it is turned. A table of strong
 * grain may hide the sides: then the hint is to aim, and the shutter works by hand all the same. Nothing here refuses
 * a picture; judging is the service's.
 */
import type { Box } from "./outlines";

export interface Grey {
  width: number;
  height: number;
  /** One byte a pixel, row by row. */
  data: Uint8Array;
}

export type Hint = "dark" | "aim" | "near" | "straight" | "glare" | "steady" | "good";

export interface Seen {
  hint: Hint;
  /** The paper's length along the frame's: 1 fills it. Null without a paper. */
  fill: number | null;
  /** Degrees of the side that lies worst. */
  tilt: number | null;
  light: number;
  glare: number;
  /** How far the picture moved since the last, in pixels of the frame, about. */
  motion: number;
  sharpness: number;
}

// found with synthetic frames and with photographs scaled down to 320 pixels
const TOO_FAR = 0.72;
const TURNED_DEGREES = 7;
const DARK = 90;
const SATURATED = 250;
const GLARE_SHARE = 0.012;
const MOVED_PIXELS = 1.7;
const BLURRED = 25;
/** A paper may lie a little over the frame: the shot is cut with this room around it. */
export const ROOM = 0.07;

const LINES = 21;
const BAND = [0.3, 0.7] as const;
const STEP_AT_LEAST = 10;
const ON_THE_LINE_PIXELS = 2.5;
const PAIRS_APART = 4;
/** Of the way to the middle. */
const CLOSE_BEHIND = 0.3;

/** `frame` in pixels of the picture; `before` is the frame before, of the same size, or null. */
export function look(now: Grey, before: Grey | null, frame: Box): Seen {
  const sides = papersSides(now, frame);
  const measures = {
    fill: sides && fillOf(sides, frame),
    tilt: sides && Math.max(...lines(sides).map((side) => degrees(side.slope))),
    light: percentile(now, frame, 0.9),
    glare: saturated(now, frame),
    motion: before ? moved(now, before, frame) : 0,
    sharpness: laplacian(now, frame),
  };
  return { hint: hintFor(measures, sides !== null && within(sides, frame)), ...measures };
}

/** The worst first: in the dark nothing else can be seen. */
function hintFor(seen: Omit<Seen, "hint">, inside: boolean): Hint {
  if (seen.light < DARK) return "dark";
  if (seen.fill === null || seen.tilt === null) return "aim";
  if (seen.fill < TOO_FAR) return "near";
  if (seen.tilt > TURNED_DEGREES) return "straight";
  if (!inside) return "aim";
  if (seen.glare > GLARE_SHARE) return "glare";
  if (seen.motion > MOVED_PIXELS || seen.sharpness < BLURRED) return "steady";
  return "good";
}

/** RGBA pixels as cameras give them, made smaller by leaving out whole rows and columns until they fit `widest`. */
export function greyOf(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number, widest: number): Grey {
  const every = Math.max(1, Math.ceil(Math.max(width, height) / widest));
  const w = Math.floor(width / every);
  const h = Math.floor(height / every);
  const data = new Uint8Array(w * h);
  for (let y = 0, to = 0; y < h; y++) {
    let from = y * every * width * 4;
    for (let x = 0; x < w; x++, from += every * 4)
      data[to++] = (77 * rgba[from]! + 150 * rgba[from + 1]! + 29 * rgba[from + 2]!) >> 8;
  }
  return { width: w, height: h, data };
}

// --- the paper's sides

/** A side as a line: where it is in the middle of the picture, across its direction, and its slope. */
interface Line {
  at: number;
  slope: number;
}

interface Sides {
  left: Line | null;
  right: Line | null;
  top: Line | null;
  bottom: Line | null;
}

function lines(sides: Sides): Line[] {
  return [sides.left, sides.right, sides.top, sides.bottom].filter((side): side is Line => side !== null);
}

/** At least three sides, or there is no paper. */
function papersSides(grey: Grey, frame: Box): Sides | null {
  const least = Math.max(STEP_AT_LEAST, Math.min(40, 4 * usualStep(grey)));
  const x = frame.left + frame.width / 2;
  const y = frame.top + frame.height / 2;
  const sides: Sides = {
    left: side(grey, least, false, 3, x, frame.top, frame.height),
    right: side(grey, least, false, grey.width - 4, x, frame.top, frame.height),
    top: side(grey, least, true, 3, y, frame.left, frame.width),
    bottom: side(grey, least, true, grey.height - 4, y, frame.left, frame.width),
  };
  return lines(sides).length >= 3 ? sides : null;
}

/** The outermost line, or a much stronger one close behind it: the table's grain lies straight too. */
function side(
  grey: Grey, least: number, down: boolean, from: number, to: number, bandFrom: number, band: number,
): Line | null {
  let best: Line | null = null;
  for (const times of [1, 2.5, 5]) {
    const found = straight(firstSteps(grey, least * times, down, from, to, bandFrom, band));
    if (found && (!best || Math.abs(found.at - best.at) < CLOSE_BEHIND * Math.abs(to - from))) best = found;
  }
  return best;
}

interface Point {
  along: number;
  at: number;
}

/** Where each scan line first meets a step of brightness on its way from outside to the middle. */
function firstSteps(
  grey: Grey, least: number, down: boolean, from: number, to: number, bandFrom: number, band: number,
): Point[] {
  const { width, data } = grey;
  const stride = down ? width : 1;
  const across = down ? 1 : width;
  const way = from < to ? 1 : -1;
  const points: Point[] = [];
  for (let n = 0; n < LINES; n++) {
    const along = Math.round(bandFrom + band * (BAND[0] + ((BAND[1] - BAND[0]) * n) / (LINES - 1)));
    const start = along * across;
    for (let at = from; (to - at) * way > 3; at += way) {
      if (step(data, start + at * stride, stride) < least) continue;
      // the step's steepest place, a few pixels on
      let best = at;
      for (let next = at + way, n = 0; n < 3; n++, next += way)
        if (step(data, start + next * stride, stride) > step(data, start + best * stride, stride)) best = next;
      points.push({ along, at: best });
      break;
    }
  }
  return points;
}

/** Difference of the means of three pixels on either side. */
function step(data: Uint8Array, at: number, stride: number): number {
  const after = data[at + stride]! + data[at + 2 * stride]! + data[at + 3 * stride]!;
  const before = data[at - stride]! + data[at - 2 * stride]! + data[at - 3 * stride]!;
  return Math.abs(after - before) / 3;
}

function usualStep(grey: Grey): number {
  const steps: number[] = [];
  for (let y = 4; y < grey.height - 4; y += 7)
    for (let x = 4; x < grey.width - 4; x += 5) steps.push(step(grey.data, y * grey.width + x, 1));
  return median(steps);
}

/** Theil and Sen: the median of the slopes between pairs, which a few wrong points do not move. */
function straight(points: Point[]): Line | null {
  if (points.length < LINES * 0.7) return null;
  const slopes: number[] = [];
  for (let a = 0; a < points.length; a++)
    for (let b = a + PAIRS_APART; b < points.length; b++) {
      const apart = points[b]!.along - points[a]!.along;
      if (apart) slopes.push((points[b]!.at - points[a]!.at) / apart);
    }
  if (!slopes.length) return null;
  const slope = median(slopes);
  const middle = points[points.length >> 1]!.along;
  const at = median(points.map((p) => p.at - slope * (p.along - middle)));
  const on = points.filter((p) => Math.abs(p.at - slope * (p.along - middle) - at) <= ON_THE_LINE_PIXELS);
  return on.length >= LINES * 0.65 ? { at, slope } : null;
}

function degrees(slope: number): number {
  return (Math.atan(Math.abs(slope)) * 180) / Math.PI;
}

function fillOf(sides: Sides, frame: Box): number {
  const wide = sides.left && sides.right ? (sides.right.at - sides.left.at) / frame.width : 0;
  const high = sides.top && sides.bottom ? (sides.bottom.at - sides.top.at) / frame.height : 0;
  return Math.max(wide, high);
}

/** Whether what is cut out around the frame holds the whole paper. */
function within(sides: Sides, frame: Box): boolean {
  const fill = fillOf(sides, frame);
  return (
    between(sides.left, sides.right, frame.left, frame.width, fill) &&
    between(sides.top, sides.bottom, frame.top, frame.height, fill)
  );
}

/** A side that is not seen is taken to be where the paper's size puts it: it may lie outside of the picture. */
function between(first: Line | null, last: Line | null, from: number, length: number, fill: number): boolean {
  const start = first?.at ?? last!.at - fill * length;
  const end = last?.at ?? first!.at + fill * length;
  return start >= from - length * ROOM && end <= from + length * (1 + ROOM);
}

// --- light, movement, sharpness: inside the frame

function bounds(grey: Grey, frame: Box): [number, number, number, number] {
  const left = Math.max(1, Math.round(frame.left));
  const top = Math.max(1, Math.round(frame.top));
  return [
    left,
    top,
    Math.min(grey.width - 1, Math.round(frame.left + frame.width)),
    Math.min(grey.height - 1, Math.round(frame.top + frame.height)),
  ];
}

function percentile(grey: Grey, frame: Box, share: number): number {
  const counts = new Uint32Array(256);
  const [left, top, right, bottom] = bounds(grey, frame);
  let all = 0;
  for (let y = top; y < bottom; y += 2)
    for (let x = left; x < right; x += 2, all++) counts[grey.data[y * grey.width + x]!]!++;
  let below = 0;
  for (let value = 0; value < 256; value++) if ((below += counts[value]!) >= all * share) return value;
  return 255;
}

/** Share of the frame in patches of 6 by 6 pixels without a trace left: single bright dots are no glare. */
function saturated(grey: Grey, frame: Box): number {
  const SIDE = 6;
  const [left, top, right, bottom] = bounds(grey, frame);
  let patches = 0;
  let lost = 0;
  for (let y = top; y + SIDE <= bottom; y += SIDE)
    for (let x = left; x + SIDE <= right; x += SIDE) {
      patches++;
      if (whollyBright(grey, x, y, SIDE)) lost++;
    }
  return patches ? lost / patches : 0;
}

function whollyBright(grey: Grey, left: number, top: number, side: number): boolean {
  for (let y = top; y < top + side; y++)
    for (let x = left; x < left + side; x++) if (grey.data[y * grey.width + x]! < SATURATED) return false;
  return true;
}

/**
 * How far the picture moved: change in time over change in place. Noise alone gives about 1, since it changes as much
 * from pixel to pixel as from frame to frame.
 */
function moved(now: Grey, before: Grey, frame: Box): number {
  if (now.data.length !== before.data.length) return 0;
  const [left, top, right, bottom] = bounds(now, frame);
  let inTime = 0;
  let inPlace = 0;
  let light = 0;
  let count = 0;
  for (let y = top; y < bottom; y += 2)
    for (let x = left; x < right; x += 2, count++) {
      const at = y * now.width + x;
      light += now.data[at]! - before.data[at]!;
    }
  light /= count || 1; // a lamp that is switched on is no movement
  for (let y = top; y < bottom; y += 2)
    for (let x = left; x < right; x += 2) {
      const at = y * now.width + x;
      inTime += Math.abs(now.data[at]! - before.data[at]! - light);
      inPlace += Math.abs(now.data[at]! - now.data[at - 1]!) + Math.abs(now.data[at]! - now.data[at - now.width]!);
    }
  return (2 * inTime) / (inPlace + count);
}

/** Variance of the Laplacian: small where nothing is sharp. */
function laplacian(grey: Grey, frame: Box): number {
  const { width, data } = grey;
  const [left, top, right, bottom] = bounds(grey, frame);
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++, count++) {
      const at = y * width + x;
      const value = 4 * data[at]! - data[at - 1]! - data[at + 1]! - data[at - width]! - data[at + width]!;
      sum += value;
      squares += value * value;
    }
  return count ? squares / count - (sum / count) ** 2 : 0;
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? sorted[sorted.length >> 1]! : 0;
}

// --- from frame to frame

/** What is on the screen: a hint that was seen twice, and how long all has been good. */
export interface Following {
  shown: Hint;
  last: Hint;
  goodSince: number | null;
  /** Take the picture now. */
  fire: boolean;
}

export const GOOD_FOR_MS = 1000;
export const NOTHING_YET: Following = { shown: "aim", last: "aim", goodSince: null, fire: false };

/** One odd frame changes nothing on the screen, but it does put off the shutter. */
export function follow(before: Following, hint: Hint, at: number): Following {
  const goodSince = hint === "good" ? (before.goodSince ?? at) : null;
  return {
    shown: hint === before.last ? hint : before.shown,
    last: hint,
    goodSince,
    fire: goodSince !== null && at - goodSince >= GOOD_FOR_MS,
  };
}
