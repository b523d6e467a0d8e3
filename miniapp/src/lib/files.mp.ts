/** Kept pictures in a mini-program: the app's own files. */
import type { Kept } from "./files";

const files = uni.getFileSystemManager();
const TYPES: Record<string, string> = { jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", pdf: "application/pdf" };

export function keep(path: string): Promise<Kept> {
  return new Promise((resolve, reject) => {
    files.saveFile({
      tempFilePath: path,
      success: ({ savedFilePath }) => {
        const ending = savedFilePath.split(".").pop()?.toLowerCase() ?? "";
        files.getFileInfo({
          filePath: savedFilePath,
          success: (info: { size: number }) =>
            resolve({ key: savedFilePath, size: info.size, type: TYPES[ending] ?? "application/octet-stream" }),
          fail: reject,
        });
      },
      fail: reject,
    });
  });
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
