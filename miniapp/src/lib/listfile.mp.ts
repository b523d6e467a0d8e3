/** A file out of a chat: what a mini-program may open. */
export function choose(): Promise<string> {
  return new Promise((resolve) =>
    uni.chooseMessageFile({
      count: 1,
      type: "file",
      extension: ["csv", "txt"],
      success: ({ tempFiles }) => read(tempFiles[0]?.path ?? "", resolve),
      fail: () => resolve(""),
    }),
  );
}

function read(filePath: string, done: (text: string) => void): void {
  if (!filePath) return done("");
  uni.getFileSystemManager().readFile({
    filePath,
    encoding: "base64",
    success: ({ data }) => done(data as string),
    fail: () => done(""),
  });
}
