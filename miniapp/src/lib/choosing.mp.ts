/** The platform's choosers: the album and its camera for pictures, a chat for papers. */
import { say } from "./words";

const MOST_AT_ONCE = 9;

export async function choose(most: number): Promise<string[]> {
  const way = await asked([say("fromAlbum"), say("fromChat")]);
  const count = Math.min(most, MOST_AT_ONCE);
  if (way === 0) return album(count);
  return way === 1 ? chat(count) : [];
}

function asked(ways: string[]): Promise<number> {
  return new Promise((resolve) =>
    uni.showActionSheet({ itemList: ways, success: ({ tapIndex }) => resolve(tapIndex), fail: () => resolve(-1) }),
  );
}

function album(count: number): Promise<string[]> {
  return new Promise((resolve) =>
    uni.chooseMedia({
      count,
      mediaType: ["image"],
      sourceType: ["album", "camera"],
      // the phone's own compression loses what decides: small digits
      sizeType: ["original"],
      success: ({ tempFiles }) => resolve(tempFiles.map((file) => file.tempFilePath)),
      fail: () => resolve([]),
    }),
  );
}

function chat(count: number): Promise<string[]> {
  return new Promise((resolve) =>
    uni.chooseMessageFile({
      count,
      type: "all",
      success: ({ tempFiles }) => resolve(tempFiles.map((file) => file.path)),
      fail: () => resolve([]),
    }),
  );
}
