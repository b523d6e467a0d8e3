/**
 * The live picture, the same for both platforms: small grey frames for the hints, and a shot with the part of it that
 * was on the screen. What is wrong with a camera is a word, not an exception.
 */
// #ifdef H5
import * as browser from "./camera.h5";
// #endif
// #ifdef MP-WEIXIN
import * as program from "./camera.mp";
// #endif
import type { Eye } from "./eye";

interface Camera {
  /** Opens the camera on the element with that id. Throws `NoCamera`. */
  open(id: string): Promise<Eye>;
}

let camera: Camera;
// #ifdef H5
camera = browser;
// #endif
// #ifdef MP-WEIXIN
camera = program;
// #endif

export { camera };
