/** A part of a picture, in shares of its width and height. */

export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** With a margin around it, so that what stands at its edge is seen; within the picture. */
export function widened(part: Part, by = 0.25): Part {
  const more = by * Math.min(part.width, part.height);
  const left = Math.max(0, part.left - more);
  const top = Math.max(0, part.top - more);
  return {
    left,
    top,
    width: Math.min(1, part.left + part.width + more) - left,
    height: Math.min(1, part.top + part.height + more) - top,
  };
}

/** Around the corners of a finding's place, which are in pixels of the picture. */
export function partOf(box: [number, number][], width: number, height: number): Part {
  const xs = box.map(([x]) => Math.min(1, Math.max(0, x / width)));
  const ys = box.map(([, y]) => Math.min(1, Math.max(0, y / height)));
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left || 0.01, height: Math.max(...ys) - top || 0.01 };
}
