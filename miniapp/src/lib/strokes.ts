/** A signature as the finger drew it: lines of points, in shares of the frame, which is twice as wide as high. Pure. */

export type Point = [number, number];
export type Stroke = Point[];

export const FRAME = 2;
const LEAST_POINTS = 8;
const LEAST_SHARE = 0.2;
const MOST_STROKES = 60;
const MOST_POINTS = 600;
/** Nearer than this to the one before says nothing new. */
const NEAR = 0.004;

/** As the service refuses it (`cases/actions/signing.py`). */
export function tooSmall(strokes: Stroke[]): boolean {
  const points = strokes.flat();
  if (points.length < LEAST_POINTS) return true;
  return [0, 1].some((axis) => {
    const along = points.map((point) => point[axis as 0 | 1]);
    return Math.max(...along) - Math.min(...along) < LEAST_SHARE;
  });
}

export function begun(strokes: Stroke[], at: Point): Stroke[] {
  return strokes.length < MOST_STROKES ? [...strokes, [within(at)]] : strokes;
}

/** The line under the finger goes on; nothing is added where it hardly moved. */
export function gone(strokes: Stroke[], to: Point): Stroke[] {
  const last = strokes[strokes.length - 1];
  const before = last?.[last.length - 1];
  const [x, y] = within(to);
  if (!last || !before || last.length >= MOST_POINTS) return strokes;
  if (Math.hypot(x - before[0], (y - before[1]) / FRAME) < NEAR) return strokes;
  return [...strokes.slice(0, -1), [...last, [x, y]]];
}

function within([x, y]: Point): Point {
  return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
}

/** For sending: four digits are finer than a finger. */
export function rounded(strokes: Stroke[]): Stroke[] {
  return strokes.map((stroke) => stroke.map(([x, y]) => [Number(x.toFixed(4)), Number(y.toFixed(4))]));
}
