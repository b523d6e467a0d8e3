/** Pictures and papers that are on the phone already: its own chooser, which also offers the phone's camera. */
// #ifdef H5
import * as browser from "./choosing.h5";
// #endif
// #ifdef MP-WEIXIN
import * as program from "./choosing.mp";
// #endif

interface Chooser {
  /** Paths of what was chosen, in order; none if the resident thought better of it. */
  choose(most: number): Promise<string[]>;
}

let chooser: Chooser;
// #ifdef H5
chooser = browser;
// #endif
// #ifdef MP-WEIXIN
chooser = program;
// #endif

export { chooser };
