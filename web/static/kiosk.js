// The terminal's page: signs of life, the visible clock, the question whether somebody is still there, and the wipe.
//
// Whatever ends a session, the same happens: the token is revoked at the service, `forget` empties what is known, the screen
// is cleared, every store of the browser is emptied, and the page is loaded anew, so that its memory is the browser's to free.

import { Refused, get, post } from "./kiosk-api.js";
import { closeCamera, status } from "./kiosk-bridge.js";
import { $, button, changed, clockOf, current, endings, go, h, screens, tell } from "./kiosk-parts.js";
import { device, forget, now } from "./kiosk-state.js";
import { language, speak, t } from "./kiosk-words.js";
import "./kiosk-screens.js";
import "./kiosk-scan.js";
import "./kiosk-end.js";

const BEAT_MS = 10000;
const LOST_BEAT_MS = 3000;
const QUIET_MS = 60000;
const ANSWER_MS = 20000;
const LOST_MS = 20000;
const THANKS_MS = 6000;
const TICK_MS = 500;
const STEPS = [["choose"], ["guide", "ask"], ["identify", "you"], ["phone"], ["scan", "verdict"], ["check"]];
const OUTSIDE = ["idle", "out", "enrol", "thanks"];

let touched = Date.now();
let lostSince = 0;
let beating = 0;
let beaten = "";
let ending = [];

// ── around the screens ──

function dress() {
  const at = current();
  const steps = STEPS.findIndex((names) => names.includes(at));
  const bar = steps < 0 ? [] : [h("ol.steps", { "aria-label": t("nav") }, t("steps").split("|").map((word, i) =>
    h("li", { class: i < steps ? "past" : i === steps ? "here" : "", "aria-current": i === steps ? "step" : null }, h("span", String(i + 1)), word)))];
  const inside = now.session && !OUTSIDE.includes(at);
  $("head").replaceChildren(
    h("div.bar", h("strong", t("brand")), h("span", { id: "clock", role: "timer" }), button(t("other"), turn, "quiet.small", { lang: language() === "zh" ? "en" : "zh-CN" }),
      inside && at !== "receipt" && button(t("end"), askEnd, "quiet.small", { id: "end" })), ...bar);
  $("foot").textContent = device.me ? `${device.me.office} · ${device.me.name}` : "";
  showClock();
}

async function turn() {
  speak(language() === "zh" ? "en" : "zh");
  const at = current();
  // what the service said is asked for again; where that fails, it stays as it was said
  if (now.item) now.item = await get(`/api/v1/items/${encodeURIComponent(now.item.code)}`).catch(() => now.item);
  if (now.case && at !== "receipt") now.case = await get(`/api/v1/cases/${now.case.case}`).catch(() => now.case);
  if (current() !== at) return;
  if (at === "verdict") dress(); // its screen belongs to one page
  else go(at);
}

function showClock() {
  const place = $("clock");
  if (place && now.begun && !OUTSIDE.includes(current()) && current() !== "receipt") place.textContent = t("clock", { used: clockOf(Date.now() - now.begun) });
}

changed.addEventListener("go", dress);
// what the terminal does is told when it changes, not ten seconds later
changed.addEventListener("go", () => { if (device.me && now.session !== beaten) beat(); });

// ── the wipe ──

async function emptyStores() {
  sessionStorage.clear();
  localStorage.clear();
  const bases = indexedDB.databases ? await indexedDB.databases().catch(() => []) : [];
  for (const base of bases) indexedDB.deleteDatabase(base.name);
  if (window.caches) for (const name of await caches.keys()) if (name !== "kiosk") await caches.delete(name);
}

function clearScreen() {
  const dialog = $("still");
  if (dialog.open) dialog.close();
  for (const canvas of document.querySelectorAll("canvas")) canvas.width = canvas.height = 0;
  for (const field of document.querySelectorAll("input")) field.value = "";
  for (const id of ["still", "slip", "screen", "head"]) $(id).replaceChildren();
}

async function wipe(how, then = "idle") {
  if (now.session) ending.push({ session: now.session, how: now.ended || how });
  closeCamera();
  forget();
  clearScreen();
  speak("zh");
  history.replaceState(null, "", "/kiosk");
  go(device.offline ? "out" : then);
  await emptyStores().catch(() => null);
  await flush();
  if (then === "thanks") await new Promise((done) => setTimeout(done, THANKS_MS));
  // not while somebody else has begun
  if (!device.offline && !now.session) location.replace("/kiosk");
}

// What could not be told to the service yet is told as soon as it is there. Ids of sessions, nothing of anybody.
async function flush() {
  for (const one of [...ending]) {
    try { await post(`/kiosk/api/sessions/${one.session}/end`, { how: one.how }); }
    catch (error) { if (!(error instanceof Refused)) return; }
    ending = ending.filter((each) => each !== one);
  }
}

endings.over = () => wipe("timed_out");

// ── still there? ──

function ask(title, say, yes, no) {
  const dialog = $("still");
  dialog.replaceChildren(h("h1", { id: "still-title" }, title), h("p", { id: "still-say", role: "status" }, say), h("div.foot", no, yes));
  if (!dialog.open) dialog.showModal();
}

const close = () => { touched = Date.now(); $("still").close(); $("still").replaceChildren(); };

function askStill() {
  ask(t("stillTitle"), t("stillSay", { n: ANSWER_MS / 1000 }), button(t("stillYes"), close, "main", { autofocus: true }), button(t("stillNo"), () => wipe("left"), "quiet"));
  $("still").dataset.since = String(Date.now());
}

function askEnd() {
  delete $("still").dataset.since;
  ask(t("endTitle"), now.phone && now.keep ? t("endKept") : t("endSay"), button(t("endNo"), close, "main", { autofocus: true }), button(t("endYes"), () => wipe("left"), "quiet"));
}

function tick() {
  showClock();
  if (!now.session || OUTSIDE.includes(current())) return;
  const dialog = $("still");
  if (dialog.open && dialog.dataset.since) {
    const left = ANSWER_MS - (Date.now() - Number(dialog.dataset.since));
    if (left <= 0) { wipe("timed_out"); return; }
    const place = $("still-say");
    if (place) place.textContent = t("stillSay", { n: Math.ceil(left / 1000) });
  } else if (Date.now() - touched > QUIET_MS) askStill();
  if (lostSince && Date.now() - lostSince > LOST_MS) wipe("timed_out");
}

for (const kind of ["pointerdown", "keydown", "input"]) {
  document.addEventListener(kind, () => { if (!$("still").open) touched = Date.now(); }, true);
}
$("still").addEventListener("cancel", (event) => { event.preventDefault(); close(); });
$("screen").addEventListener("finish", () => wipe("done", "thanks"));
document.addEventListener("contextmenu", (event) => event.preventDefault());

// ── signs of life ──

async function beat() {
  clearTimeout(beating);
  const session = now.session;
  beaten = session;
  try {
    if (!device.me) device.me = await get("/kiosk/api/device");
    const { printer } = await status();
    const paper = printer === "ready" ? "ready" : printer === "paper_out" ? "out" : null;
    const state = session ? "in_use" : (paper || device.paper) === "out" ? "paper_out" : "idle";
    const heard = await post("/kiosk/api/heartbeat", { state, ...(paper ? { paper } : {}), ...(session ? { session } : {}) });
    await flush();
    found(heard, session);
  } catch (error) { failed(error); }
  beating = setTimeout(beat, device.offline || lostSince ? LOST_BEAT_MS : BEAT_MS);
}

function found(heard, session) {
  const before = device.paper;
  device.paper = heard.paper;
  device.offline = false;
  if (lostSince) { lostSince = 0; tell(""); }
  if (session && session === now.session && !heard.alive) wipe("timed_out");
  else if (current() === "out" || (current() === "idle" && before !== heard.paper)) go("idle");
}

function failed(error) {
  if (error instanceof Refused && error.status === 401) { device.me = null; if (now.session) wipe("timed_out", "enrol"); else if (current() !== "enrol") go("enrol"); return; }
  if (error instanceof Refused && error.status < 500) return; // it is there, and says to wait
  lostSince = lostSince || Date.now();
  device.offline = true;
  if (!now.session && !["thanks", "out"].includes(current())) go("out");
  else if (now.session) tell(t("lost"), "bad");
}

window.addEventListener("offline", () => failed(new Error("offline")));
window.addEventListener("online", beat);

// ── the start ──

async function start() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/kiosk/sw.js", { scope: "/kiosk" }).catch(() => null);
  await emptyStores().catch(() => null);
  try {
    device.me = await get("/kiosk/api/device");
    device.paper = device.me.paper;
    go("idle");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) go("enrol");
    else { device.offline = true; go("out"); }
  }
  setInterval(tick, TICK_MS);
  if (device.me || device.offline) beat();
}

// a page that the browser kept whole would come back with what it knew
window.addEventListener("pageshow", (event) => { if (event.persisted) location.replace("/kiosk"); });
start();
