// What screens are made of, and going from one to the next.

import { closeCamera } from "./kiosk-bridge.js";
import { Refused, Unreached } from "./kiosk-api.js";
import { t } from "./kiosk-words.js";

export const $ = (id) => document.getElementById(id);

// h("p", "big", "text", child, …); attributes in an object.
export function h(name, ...parts) {
  const [head, ...classes] = name.split(".");
  const made = document.createElement(head);
  if (classes.length) made.className = classes.join(" ");
  for (const part of parts.flat()) {
    if (part === null || part === undefined || part === false) continue;
    if (part instanceof Node || typeof part !== "object") made.append(part);
    else for (const [key, value] of Object.entries(part)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
  }
  return made;
}

export const button = (text, act, kind = "", more = {}) => h(`button${kind ? `.${kind}` : ""}`, { type: "button", onclick: act, ...more }, text);

// ── going on ──

export const screens = {};
let turn = 0;
let shown = "";

export const current = () => shown;

// Whether the screen that asked is still the one that is shown.
export function watch() {
  const mine = turn;
  return () => mine !== turn;
}

export const changed = new EventTarget();

export function go(name, ...more) {
  turn += 1;
  shown = name;
  closeCamera();
  document.body.dataset.screen = name;
  $("screen").replaceChildren(...[screens[name](...more)].flat().filter(Boolean));
  changed.dispatchEvent(new Event("go"));
  const title = $("screen").querySelector("h1");
  if (title) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
  $("screen").scrollTop = 0;
}

// ── telling ──

export function told(id = "told") { return h("p.told", { id, role: "status" }); }

export function tell(text, kind = "", id = "told") {
  const place = $(id);
  if (!place) return;
  place.textContent = text;
  place.className = `told ${kind}`;
}

export const sentence = (error) => (error instanceof Refused && error.message) || (error instanceof Unreached ? t("lost") : t("oops"));

// Does what a button stands for, once at a time; what goes wrong is told. `ended`: the session is over.
export const endings = { over: () => {} };

export function doing(act) {
  return async (event) => {
    const pressed = event && event.currentTarget;
    if (pressed) pressed.disabled = true;
    try { await act(event); }
    catch (error) {
      if (error instanceof Refused && error.status === 401) endings.over();
      else tell(sentence(error), "bad");
    } finally { if (pressed) pressed.disabled = false; }
  };
}

// ── typing with a finger ──

export function pad(field, letters, most, changed_ = () => {}) {
  const put = (text) => { field.value = text.slice(0, most); changed_(); };
  const keys = letters.map((key) => button(key, () => put(field.value + key), "key"));
  keys.push(button("⌫", () => put(field.value.slice(0, -1)), "key.quiet", { "aria-label": t("erase") }));
  return h("div.pad", { role: "group" }, keys);
}

export const clockOf = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

export function drawCode(canvas, rows) {
  const quiet = 4;
  const side = 8;
  canvas.width = canvas.height = (rows.length + 2 * quiet) * side;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  rows.forEach((row, y) => [...row].forEach((dark, x) => { if (dark === "1") pen.fillRect((x + quiet) * side, (y + quiet) * side, side, side); }));
}
