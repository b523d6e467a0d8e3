// The queue of scans on the phone, and how it is sent: one at a time is enough, in the order they were made. A scan is
// taken out only when the service has said what became of it; until then it is sent again as often as it takes, under
// the same id, so that it is recorded once.
"use strict";

const KEY = "grid.queue";
const BATCH = 50;

function readQueue(store) {
  try { return JSON.parse(store.getItem(KEY)) || []; } catch { return []; }
}

function writeQueue(store, scans) { store.setItem(KEY, JSON.stringify(scans)); }

function newScanId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// How far the service's clock is ahead of the phone's, as it was when they last spoke.
function learnClock(store, serverNow) { store.setItem("grid.skew", String(new Date(serverNow) - Date.now())); }

function now(store) { return new Date(Date.now() + (Number(store.getItem("grid.skew")) || 0)); }

function addScan(store, scan) {
  const made = { scan_id: newScanId(), at: now(store).toISOString(), ...scan };
  writeQueue(store, [...readQueue(store), made]);
  return made;
}

// What is answered for good leaves the queue, whatever was answered; `refused` are those that will never be taken.
function settle(store, results) {
  const told = new Map(results.map((r) => [r.scan_id, r]));
  const refused = [];
  const left = readQueue(store).filter((scan) => {
    const result = told.get(scan.scan_id);
    if (result && !result.kept) refused.push({ scan, result });
    return !result || !result.final;
  });
  writeQueue(store, left);
  return refused;
}

// `send` answers with the parsed body, or throws: then everything stays.
async function flush(store, send) {
  const refused = [];
  for (let scans = readQueue(store); scans.length; scans = readQueue(store)) {
    const answer = await send(scans.slice(0, BATCH));
    refused.push(...settle(store, answer.results));
    if (readQueue(store).length === scans.length) break;
  }
  return refused;
}
