/** The camera in a mini-program: the platform draws it in its own element, gives frames, and takes the shot itself. */
import { covering, type Eye, NoCamera, shares, type Shot, WORKING_PIXELS } from "./eye";
import { type Grey, greyOf } from "./frames";
import type { Box } from "./outlines";

interface Frame {
  width: number;
  height: number;
  data: ArrayBuffer;
}

interface Context {
  onCameraFrame(take: (frame: Frame) => void): { start(): void; stop(): void };
  takePhoto(ask: { quality: string; success(done: { tempImagePath: string }): void; fail(): void }): void;
}

interface Size {
  width: number;
  height: number;
}

export async function open(id: string): Promise<Eye> {
  if (!(await allowed())) throw new NoCamera(true);
  const screen = await sizeOf(id);
  const context = uni.createCameraContext() as unknown as Context;
  let latest: Frame | null = null;
  const frames = context.onCameraFrame((frame) => (latest = frame));
  frames.start();
  return {
    frame: () => latest && cut(latest, screen),
    shoot: () => shoot(context, screen),
    lamp: () => Promise.resolve(), // a property of the element: the page sets it
    close: () => frames.stop(),
  };
}

/** The platform asks by itself the first time; afterwards it only says no. */
function allowed(): Promise<boolean> {
  return new Promise((resolve) =>
    uni.authorize({ scope: "scope.camera", success: () => resolve(true), fail: () => resolve(false) }),
  );
}

function sizeOf(id: string): Promise<Size> {
  return new Promise((resolve) => {
    const query = uni.createSelectorQuery().select(`#${id}`);
    query.boundingClientRect((found) => resolve(found as unknown as Size)).exec();
  });
}

/** What of a frame is on the screen, in grey. */
function cut(frame: Frame, screen: Size): Grey {
  const grey = greyOf(new Uint8Array(frame.data), frame.width, frame.height, WORKING_PIXELS);
  const from = covering(grey.width, grey.height, screen.width, screen.height);
  const [left, top] = [Math.round(from.left), Math.round(from.top)];
  const width = Math.min(Math.round(from.width), grey.width - left);
  const height = Math.min(Math.round(from.height), grey.height - top);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * grey.width + left;
    data.set(grey.data.subarray(start, start + width), y * width);
  }
  return { width, height, data };
}

function shoot(context: Context, screen: Size): Promise<Shot> {
  return new Promise((resolve, reject) =>
    context.takePhoto({
      quality: "high",
      success: ({ tempImagePath }) =>
        uni.getImageInfo({
          src: tempImagePath,
          success: ({ width, height }) => resolve({ path: tempImagePath, shown: shownOf(width, height, screen) }),
          fail: () => reject(new NoCamera(false)),
        }),
      fail: () => reject(new NoCamera(false)),
    }),
  );
}

function shownOf(width: number, height: number, screen: Size): Box {
  return shares(covering(width, height, screen.width, screen.height), width, height);
}
