/** The frame that a resident draws around the paper: shares of the picture, never outside of it, never too small. */
import type { Turn } from "./editing";
import type { Box } from "./outlines";

export const CORNERS = ["topLeft", "topRight", "bottomLeft", "bottomRight"] as const;
export type Corner = (typeof CORNERS)[number];

/** Less than this of a picture is a slip of the finger. */
const LEAST = 0.1;

/** One corner at a new place; the opposite one stays. */
export function dragged(crop: Box, corner: Corner, x: number, y: number): Box {
  const { left, top } = crop;
  const right = left + crop.width;
  const bottom = top + crop.height;
  const across = corner.endsWith("Left") ? [between(x, 0, right - LEAST), right] : [left, between(x, left + LEAST, 1)];
  const down = corner.startsWith("top") ? [between(y, 0, bottom - LEAST), bottom] : [top, between(y, top + LEAST, 1)];
  return { left: across[0]!, top: down[0]!, width: across[1]! - across[0]!, height: down[1]! - down[0]! };
}

function between(value: number, least: number, most: number): number {
  return Math.max(Math.max(0, least), Math.min(Math.min(1, most), value));
}

/** The same part of the picture after it was turned. */
export function turned({ left, top, width, height }: Box, by: Turn): Box {
  if (by === 90) return { left: 1 - top - height, top: left, width: height, height: width };
  if (by === 180) return { left: 1 - left - width, top: 1 - top - height, width, height };
  if (by === 270) return { left: top, top: 1 - left - width, width: height, height: width };
  return { left, top, width, height };
}
