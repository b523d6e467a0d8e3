/**
 * A picture between shutter and upload: what it is, by its content, and the JPEG that is made of it after turning and
 * cutting.
 */
import type { Edit, Looked } from "./editing";
// #ifdef H5
import * as browser from "./pictures.h5";
// #endif
// #ifdef MP-WEIXIN
import * as program from "./pictures.mp";
// #endif

interface Pictures {
  look(path: string): Promise<Looked>;
  /** A new JPEG of it. */
  make(path: string, looked: Looked, edit: Edit): Promise<string>;
  release(path: string): void;
}

let pictures: Pictures;
// #ifdef H5
pictures = browser;
// #endif
// #ifdef MP-WEIXIN
pictures = program;
// #endif

export { pictures };
