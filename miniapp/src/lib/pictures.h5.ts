/** Pictures in a browser: object URLs and one canvas. What this browser cannot show (HEIC in most) is sent as it is. */
import { HEAD_BYTES, isPicture, kindOf } from "./kinds";
import { asItIs, DIGEST_BYTES, digestOf, type Edit, type Looked, plan, QUALITY } from "./editing";

export async function look(path: string): Promise<Looked> {
  const blob = await (await fetch(path)).blob();
  const start = await blob.slice(0, DIGEST_BYTES).arrayBuffer();
  const end = await blob.slice(Math.max(DIGEST_BYTES, blob.size - DIGEST_BYTES)).arrayBuffer();
  const kind = kindOf(start.slice(0, HEAD_BYTES));
  const size = isPicture(kind) ? await sizeOf(path) : { width: 0, height: 0 };
  return { kind, bytes: blob.size, digest: digestOf(blob.size, start, end), ...size };
}

async function sizeOf(path: string): Promise<{ width: number; height: number }> {
  const image = await loaded(path).catch(() => null);
  // the browser's own, after the camera's mark of orientation
  const size = { width: image?.naturalWidth ?? 0, height: image?.naturalHeight ?? 0 };
  if (image) image.src = "";
  return size;
}

function loaded(path: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("cannot be shown"));
    image.src = path;
  });
}

export async function make(path: string, looked: Looked, edit: Edit): Promise<string> {
  if (!looked.width || asItIs(looked, edit)) return path;
  const image = await loaded(path);
  const { width, height, matrix } = plan(image.naturalWidth, image.naturalHeight, edit);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return path; // out of memory: the service takes the whole picture too
  context.fillStyle = "#fff"; // a PNG may be transparent, a JPEG never
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.setTransform(...matrix);
  context.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0;
  image.src = "";
  return blob ? URL.createObjectURL(blob) : path;
}

export function release(path: string): void {
  URL.revokeObjectURL(path);
}
