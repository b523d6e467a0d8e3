/** What a file is, by its first bytes: a name and a declared type are what somebody says. The service looks in the same
 * way (`preaudit/guard.py`); what it would refuse is said here before anything is sent. */

export type FileKind = "jpeg" | "png" | "webp" | "heic" | "pdf" | "video" | "empty" | "other";

/** Enough of a file to know it. */
export const HEAD_BYTES = 1024;

const HEIF_BRANDS = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif"];
const SENDABLE: FileKind[] = ["jpeg", "png", "webp", "heic", "pdf"];

export function kindOf(head: ArrayBuffer): FileKind {
  const bytes = new Uint8Array(head, 0, Math.min(head.byteLength, HEAD_BYTES));
  if (!bytes.length) return "empty";
  if (starts(bytes, [0xff, 0xd8, 0xff])) return "jpeg";
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  if (letters(bytes, 0, 4) === "RIFF") return riff(letters(bytes, 8, 4));
  if (letters(bytes, 4, 4) === "ftyp") return HEIF_BRANDS.includes(letters(bytes, 8, 4)) ? "heic" : "video";
  // Matroska and WebM; MPEG streams
  if (starts(bytes, [0x1a, 0x45, 0xdf, 0xa3]) || starts(bytes, [0, 0, 1, 0xba])) return "video";
  return letters(bytes, 0, bytes.length).includes("%PDF-") ? "pdf" : "other";
}

export function sendable(kind: FileKind): boolean {
  return SENDABLE.includes(kind);
}

export function isPicture(kind: FileKind): boolean {
  return sendable(kind) && kind !== "pdf";
}

function riff(form: string): FileKind {
  if (form === "WEBP") return "webp";
  return form === "AVI " ? "video" : "other";
}

function starts(bytes: Uint8Array, with_: number[]): boolean {
  return with_.every((byte, n) => bytes[n] === byte);
}

function letters(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
