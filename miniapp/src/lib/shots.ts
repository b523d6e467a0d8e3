/** A picture on its way from the camera or the chooser to the page where it is looked at: handed over in memory. */
import type { Looked } from "./editing";
import type { Box } from "./outlines";

/** Which page of which material is being photographed. */
export interface Place {
  case: string;
  material: string;
  name: string;
  document: string;
  /** The page that the new one takes the place of. */
  instead: string | null;
  /** How many pages there is room for, and how many the material takes in all. */
  room: number;
  most: number;
  /** The pages of the case that are there. */
  pages: string[];
}

export interface Shot {
  path: string;
  looked: Looked;
  /** What is proposed to be kept, as shares of the picture. */
  crop: Box;
  /** Taken by the app's own camera: again means the camera, else the chooser. */
  live: boolean;
}

let place: Place | null = null;
let shot: Shot | null = null;

/** Begin with a page; what lay here before is forgotten. */
export function begin(at: Place): void {
  place = at;
  shot = null;
}

export function hand(taken: Shot | null): void {
  shot = taken;
}

/** Null after the app was started anew: what was not used is lost, and is photographed again. */
export function beingPhotographed(): Place | null {
  return place;
}

export function atHand(): Shot | null {
  return shot;
}
