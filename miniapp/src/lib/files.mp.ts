/** Kept pictures in a mini-program: the app's own files, and the platform's temporary one where they are full. */
import type { Kept } from "./files";

const files = uni.getFileSystemManager();

export async function keep(path: string): Promise<Kept> {
  const saved = await save(path);
  const key = saved ?? path;
  return { key, size: await sizeOf(key), fleeting: saved === null };
}

/** The platform gives an app a fixed room for files: null when it is full. */
function save(path: string): Promise<string | null> {
  return new Promise((resolve) =>
    files.saveFile({
      tempFilePath: path,
      success: ({ savedFilePath }) => resolve(savedFilePath),
      fail: () => resolve(null),
    }),
  );
}

function sizeOf(key: string): Promise<number> {
  return new Promise((resolve, reject) =>
    files.getFileInfo({
      filePath: key,
      success: (info: { size: number }) => resolve(info.size),
      fail: reject,
    }),
  );
}

export function piece(key: string, from: number, length: number): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    files.readFile({
      filePath: key,
      position: from,
      length,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: reject,
    });
  });
}

export function forget(key: string): Promise<void> {
  return new Promise((done) => files.removeSavedFile({ filePath: key, complete: () => done() }));
}
