/**
 * A picture between the camera and the service: kept on the phone until the service has it whole, so that a lost line
 * or a closed app loses nothing.
 */
// #ifdef H5
import * as browser from "./files.h5";
// #endif
// #ifdef MP-WEIXIN
import * as program from "./files.mp";
// #endif

export interface Kept {
  /** Key under which `piece` finds it again, also after a restart. */
  key: string;
  size: number;
  /** No room on the phone: it is there until the app is closed. */
  fleeting: boolean;
}

interface Keeper {
  keep(path: string): Promise<Kept>;
  piece(key: string, from: number, length: number): Promise<ArrayBuffer>;
  forget(key: string): Promise<void>;
}

let keeper: Keeper;
// #ifdef H5
keeper = browser;
// #endif
// #ifdef MP-WEIXIN
keeper = program;
// #endif

export { keeper };
