// The queue of scans on the phone, and how it is sent: one at a time is enough, in the order they were made. A scan is
// taken out only when the service has said what became of it; until then it is sent again as often as it takes, under
// the same id, so that it is recorded once. It is sent under the name of whoever made it and nobody else's; what the
// service will never take stays in sight until somebody has read it.
"use strict";

const KEY = "grid.queue";
const REFUSED = "grid.refused";
const BATCH = 50;

function readList(store, key) {
  try { return JSON.parse(store.getItem(key)) || []; } catch { return []; }
}

function readQueue(store) { return readList(store, KEY); }
function readRefused(store) { return readList(store, REFUSED); }
function writeQueue(store, scans) { store.setItem(KEY, JSON.stringify(scans)); }
function forgetRefused(store) { store.removeItem(REFUSED); }

function newScanId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// How far the service's clock is ahead of the phone's, as it was when they last spoke.
function learnClock(store, serverNow) { store.setItem("grid.skew", String(new Date(serverNow) - Date.now())); }

function now(store) { return new Date(Date.now() + (Number(store.getItem("grid.skew")) || 0)); }

// `by`: who made it, kept on the phone only.
function addScan(store, by, scan) {
  const made = { by, scan_id: newScanId(), at: now(store).toISOString(), ...scan };
  writeQueue(store, [...readQueue(store), made]);
  return made;
}

function mine(store, who) { return readQueue(store).filter((scan) => scan.by === who); }

// What is answered for good leaves the queue, whatever was answered. What is refused is written down before it leaves.
function settle(store, results) {
  const told = new Map(results.map((r) => [r.scan_id, r]));
  const over = readQueue(store).filter((scan) => told.get(scan.scan_id)?.final);
  const refused = over.filter((scan) => !told.get(scan.scan_id).kept);
  if (refused.length) {
    const lines = refused.map((s) => ({ scan_id: s.scan_id, code: s.code, event: s.event, at: s.at, message: told.get(s.scan_id).message }));
    store.setItem(REFUSED, JSON.stringify([...readRefused(store), ...lines]));
  }
  writeQueue(store, readQueue(store).filter((scan) => !told.get(scan.scan_id)?.final));
  return over.filter((scan) => told.get(scan.scan_id).kept);
}

// `send` answers with the parsed body, or throws: then everything stays. Returns what is on record now.
async function flush(store, who, send) {
  const kept = [];
  for (let scans = mine(store, who); scans.length; scans = mine(store, who)) {
    const answer = await send(scans.slice(0, BATCH).map(({ by, ...scan }) => scan));
    kept.push(...settle(store, answer.results));
    if (mine(store, who).length === scans.length) break;
  }
  return kept;
}
