import { expect, it } from "vitest";
import { type FileKind, isPicture, kindOf, sendable } from "./kinds";

function bytes(...parts: (string | number[])[]): ArrayBuffer {
  const all = parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part));
  return new Uint8Array(all).buffer;
}

const SIZE = [0, 0, 0, 24];

it.each<[string, ArrayBuffer, FileKind]>([
  ["a photograph", bytes([0xff, 0xd8, 0xff, 0xe1]), "jpeg"],
  ["a screenshot", bytes([0x89], "PNG", [13, 10, 26, 10]), "png"],
  ["a picture of a web page", bytes("RIFF", SIZE, "WEBPVP8 "), "webp"],
  ["an iPhone's photograph", bytes(SIZE, "ftypheic"), "heic"],
  ["an iPhone's photograph, by its other name", bytes(SIZE, "ftypmif1"), "heic"],
  ["a paper", bytes("%PDF-1.7"), "pdf"],
  ["a paper after some junk", bytes("junk\n%PDF-1.4"), "pdf"],
  ["a video", bytes(SIZE, "ftypmp42"), "video"],
  ["an iPhone's video", bytes(SIZE, "ftypqt  "), "video"],
  ["a video of the web", bytes([0x1a, 0x45, 0xdf, 0xa3]), "video"],
  ["an old video", bytes("RIFF", SIZE, "AVI LIST"), "video"],
  ["a sound", bytes("RIFF", SIZE, "WAVEfmt "), "other"],
  ["nothing", bytes(), "empty"],
  ["words", bytes("these are words"), "other"],
])("%s is known by its content", (_, head, kind) => {
  expect(kindOf(head)).toBe(kind);
});

it("pictures and papers can be sent, nothing else", () => {
  const all: FileKind[] = ["jpeg", "png", "webp", "heic", "pdf", "video", "empty", "other"];
  expect(all.filter(sendable)).toEqual(["jpeg", "png", "webp", "heic", "pdf"]);
  expect(all.filter(isPicture)).toEqual(["jpeg", "png", "webp", "heic"]);
});
