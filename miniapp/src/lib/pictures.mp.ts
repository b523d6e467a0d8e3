/** Pictures in a mini-program: temporary files and one canvas off the screen. */
import { HEAD_BYTES, isPicture, kindOf } from "./kinds";
import { asItIs, DIGEST_BYTES, digestOf, type Edit, type Looked, plan, QUALITY } from "./editing";

interface Canvas {
  getContext(kind: "2d"): CanvasRenderingContext2D | null;
  createImage(): HTMLImageElement;
}

/** The platform's, of which the framework's types know nothing. */
declare const wx: { createOffscreenCanvas(of: { type: "2d"; width: number; height: number }): Canvas };

export async function look(path: string): Promise<Looked> {
  const bytes = await bytesOf(path);
  const start = await part(path, 0, Math.min(bytes, DIGEST_BYTES));
  const from = Math.max(DIGEST_BYTES, bytes - DIGEST_BYTES);
  const end = from < bytes ? await part(path, from, bytes - from) : new ArrayBuffer(0);
  const kind = kindOf(start.slice(0, HEAD_BYTES));
  const size = isPicture(kind) ? await sizeOf(path) : { width: 0, height: 0 };
  return { kind, bytes, digest: digestOf(bytes, start, end), ...size };
}

function bytesOf(path: string): Promise<number> {
  return new Promise((resolve, reject) =>
    uni.getFileSystemManager().getFileInfo({
      filePath: path,
      success: (info: { size: number }) => resolve(info.size),
      fail: reject,
    }),
  );
}

function part(path: string, position: number, length: number): Promise<ArrayBuffer> {
  if (!length) return Promise.resolve(new ArrayBuffer(0));
  return new Promise((resolve, reject) =>
    uni.getFileSystemManager().readFile({
      filePath: path,
      position,
      length,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: reject,
    }),
  );
}

function sizeOf(path: string): Promise<{ width: number; height: number }> {
  return new Promise((resolve) =>
    uni.getImageInfo({
      src: path,
      success: ({ width, height, orientation }) =>
        resolve(sideways(orientation) ? { width: height, height: width } : { width, height }),
      fail: () => resolve({ width: 0, height: 0 }),
    }),
  );
}

/** The platform gives the sizes as stored, and draws as seen. */
function sideways(orientation?: string): boolean {
  return ["left", "right", "left-mirrored", "right-mirrored"].includes(orientation ?? "");
}

export async function make(path: string, looked: Looked, edit: Edit): Promise<string> {
  if (!looked.width || asItIs(looked, edit)) return path;
  const { width, height, matrix } = plan(looked.width, looked.height, edit);
  const canvas = wx.createOffscreenCanvas({ type: "2d", width, height });
  const context = canvas.getContext("2d");
  const image = await loaded(canvas, path);
  if (!context || !image) return path; // the service takes the whole picture too
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.setTransform(...matrix);
  context.drawImage(image, 0, 0, looked.width, looked.height);
  return written(canvas, path);
}

function loaded(canvas: Canvas, path: string): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    const image = canvas.createImage();
    image.onload = () => resolve(image);
    image.onerror = () => resolve(null);
    image.src = path;
  });
}

function written(canvas: Canvas, otherwise: string): Promise<string> {
  return new Promise((resolve) =>
    uni.canvasToTempFilePath({
      canvas,
      fileType: "jpg",
      quality: QUALITY,
      success: (made: { tempFilePath: string }) => resolve(made.tempFilePath),
      fail: () => resolve(otherwise),
    } as unknown as UniNamespace.CanvasToTempFilePathOptions),
  );
}

/** Temporary files go with the app. */
export function release(): void {}
