/** What a camera gives the page, on either platform. */
import type { Grey } from "./frames";
import type { Box } from "./outlines";

export interface Shot {
  path: string;
  /** What was on the screen, as shares of the picture. */
  shown: Box;
}

export interface Eye {
  /** The next frame of what is on the screen, or null while there is none. */
  frame(): Grey | null;
  shoot(): Promise<Shot>;
  /** Switches the lamp, where there is one. */
  lamp: ((on: boolean) => Promise<void>) | null;
  close(): void;
}

/** Why there is no live picture: not allowed by the resident, or there is no camera. */
export class NoCamera extends Error {
  constructor(readonly refused: boolean) {
    super(refused ? "refused" : "none");
  }
}

/** The long side of what the hints are computed from. */
export const WORKING_PIXELS = 320;

/** What of a picture is seen when it covers a screen of the given size: the rest is cut off evenly. */
export function covering(width: number, height: number, screenWidth: number, screenHeight: number): Box {
  const scale = Math.max(screenWidth / width, screenHeight / height);
  const w = screenWidth / scale;
  const h = screenHeight / scale;
  return { left: (width - w) / 2, top: (height - h) / 2, width: w, height: h };
}

export function shares(box: Box, width: number, height: number): Box {
  return { left: box.left / width, top: box.top / height, width: box.width / width, height: box.height / height };
}
