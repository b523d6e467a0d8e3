/** A list of people from a file, as base64: the service knows how spreadsheets write text. */
// #ifdef H5
import * as browser from "./listfile.h5";
// #endif
// #ifdef MP-WEIXIN
import * as program from "./listfile.mp";
// #endif

interface Lists {
  /** Nothing if somebody thought better of it. */
  choose(): Promise<string>;
}

let lists: Lists;
// #ifdef H5
lists = browser;
// #endif
// #ifdef MP-WEIXIN
lists = program;
// #endif

export { lists };
