// Card reader, scanner and printer: by the bridge on the terminal itself where there is one, else by the built-in camera
// and the browser's printing. docs/kiosk.md tells the bridge's requests, answers and errors.

import { device } from "./kiosk-state.js";

const SHORT_MS = 3000;
const CARD_S = 20;
const MOVED_MS = 30000;

export const bridge = () => (device.me && device.me.bridge) || "";

async function ask(path, options = {}, patience = SHORT_MS) {
  return fetch(bridge() + path, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(patience), ...options });
}

// What is there: {card_reader, scanner, printer}, each ready, absent, or what ails it.
export async function status() {
  if (!bridge()) return { card_reader: "absent", scanner: "absent", printer: "absent" };
  try {
    const answer = await ask("/v1/status");
    return answer.ok ? await answer.json() : { card_reader: "absent", scanner: "absent", printer: "absent" };
  } catch { return { card_reader: "absent", scanner: "absent", printer: "absent" }; }
}

// {name, id_number} of the card that is put on the reader; null: none came.
export async function readCard() {
  const answer = await ask("/v1/card", { method: "POST", body: JSON.stringify({ wait_s: CARD_S }) }, (CARD_S + 5) * 1000);
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error("card");
  const read = await answer.json();
  return { name: String(read.name), id_number: String(read.id_number) };
}

// The sheet on the scanner as a JPEG; null: there is none.
export async function scanSheet() {
  const answer = await ask("/v1/scan", { method: "POST" }, MOVED_MS);
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error("scan");
  return answer.blob();
}

// Whether the printer took it.
export async function printSlip(pdf) {
  try {
    const answer = await ask("/v1/print", { method: "POST", body: pdf, headers: { "Content-Type": "application/pdf" } }, MOVED_MS);
    return answer.ok;
  } catch { return false; }
}

// ── the built-in camera ──

let stream = null;

export async function openCamera(video) {
  closeCamera();
  const wanted = { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } };
  const opened = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  if (!video.isConnected) {
    opened.getTracks().forEach((track) => track.stop());
    return false;
  }
  stream = opened;
  video.srcObject = opened;
  await video.play();
  return true;
}

export function closeCamera() {
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
  for (const video of document.querySelectorAll("video")) video.srcObject = null;
}

// What the camera sees now, as a JPEG. The canvas is emptied at once.
export async function shoot(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  canvas.width = canvas.height = 0;
  return picture;
}
