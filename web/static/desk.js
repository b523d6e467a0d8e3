// Keys of the desk: what a button does can be done without the mouse. A key is named on its button (data-key); none of
// them does anything while somebody writes. While a letter is open only its own keys count.
"use strict";

const WRITING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches(WRITING)) {
    event.target.blur();
    return;
  }
  if (pickReason(event)) return;
  if (event.target.matches(WRITING)) return;
  const within = document.querySelector("dialog[open]") ?? document;
  const wanted = (within === document ? ofMaterial(event.key) : null) ?? within.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches(WRITING)) wanted.focus();
  else wanted.click();
});

/** A, X and D mean the material whose page is shown. */
function ofMaterial(key) {
  const of = { a: "button[value=accept]", x: "input[name=reason]", d: ".defer summary" }[key];
  const shown = document.querySelector("[data-sheet][aria-pressed=true]");
  return (of && shown?.closest(".material")?.querySelector(of)) ?? null;
}

// ── reasons: a digit picks one where no word has been begun ──

function pickReason(event) {
  const into = event.target;
  if (!into.matches?.(".decide input[name=reason]") || !/^[1-9]$/.test(event.key) || !/(^|；)$/.test(into.value)) return false;
  const picked = into.form.querySelectorAll("[data-reason]")[Number(event.key) - 1];
  if (!picked) return false;
  event.preventDefault();
  into.value += picked.dataset.reason;
  return true;
}

// ── the picture: zoom, turn, drag, and to the place a field was read at ──

const view = { x: 0, y: 0, w: 0, h: 0, turned: 0 };
let awaited = null; // a field to go to when its page is there

function drawn() {
  return document.querySelector(".stage svg");
}

function fit() {
  const svg = drawn();
  if (!svg) return;
  const [wide, high] = [Number(svg.dataset.wide), Number(svg.dataset.high)];
  const lying = view.turned % 180 !== 0;
  const [w, h] = lying ? [high, wide] : [wide, high];
  look(wide / 2 - w / 2, high / 2 - h / 2, w, h);
}

function look(x, y, w, h) {
  Object.assign(view, { x, y, w, h });
  drawn().setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
}

function zoom(factor) {
  if (!drawn()) return;
  const [w, h] = [view.w * factor, view.h * factor];
  look(view.x + (view.w - w) / 2, view.y + (view.h - h) / 2, w, h);
}

function turn() {
  const svg = drawn();
  if (!svg) return;
  view.turned = (view.turned + 90) % 360;
  const middle = `${svg.dataset.wide / 2} ${svg.dataset.high / 2}`;
  let group = svg.querySelector("g.all");
  if (!group) {
    group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.setAttribute("class", "all");
    group.append(...svg.childNodes);
    svg.append(group);
  }
  group.setAttribute("transform", `rotate(${view.turned} ${middle})`);
  fit();
}

/** Where a box lies on the screen's side of the turning: its upright bounds. */
function turnedBox(box) {
  const svg = drawn();
  const { x, y, width, height } = box.getBBox();
  const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]].map(([px, py]) => {
    const [dx, dy] = [px - svg.dataset.wide / 2, py - svg.dataset.high / 2];
    const angle = (view.turned * Math.PI) / 180;
    return [svg.dataset.wide / 2 + dx * Math.cos(angle) - dy * Math.sin(angle), svg.dataset.high / 2 + dx * Math.sin(angle) + dy * Math.cos(angle)];
  });
  const [xs, ys] = [corners.map((c) => c[0]), corners.map((c) => c[1])];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function goTo(name) {
  const box = document.querySelector(`.box[data-field="${CSS.escape(name)}"]`);
  if (!box) return;
  document.querySelectorAll(".box.here").forEach((other) => other.classList.remove("here"));
  box.classList.add("here");
  fit();
  const { x, y, width, height } = turnedBox(box);
  const w = Math.max(width * 1.6, view.w / 6);
  const h = Math.max(height * 4, (w * view.h) / view.w);
  look(x + width / 2 - w / 2, y + height / 2 - h / 2, w, h);
}

function step(by) {
  const sheets = [...document.querySelectorAll("[data-sheet]")];
  const at = sheets.findIndex((sheet) => sheet.getAttribute("aria-pressed") === "true");
  sheets[Math.min(Math.max(at + by, 0), sheets.length - 1)]?.click();
}

/** To a field that may stand on another page. */
function lookAt(page, field) {
  const sheet = document.querySelector(`[data-sheet="${CSS.escape(page)}"]`);
  if (sheet?.getAttribute("aria-pressed") === "true") {
    goTo(field);
    return;
  }
  awaited = field;
  sheet?.click();
}

// ── what stands elsewhere: one panel at a time, over the fields ──

function showPanel(name) {
  const shown = document.querySelector(".panel:not([hidden])")?.id === `panel-${name}` ? "" : name;
  document.querySelectorAll(".panel").forEach((panel) => (panel.hidden = panel.id !== `panel-${shown}`));
  document.querySelectorAll("[data-panel]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.panel === shown)));
}

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-zoom], [data-turn], [data-goto], [data-step], [data-sheet], [data-panel], [data-look], [data-reason], [data-close]");
  if (!asked) return;
  const data = asked.dataset;
  if (data.zoom === "fit") fit();
  else if (data.zoom) zoom(data.zoom === "in" ? 0.75 : 1 / 0.75);
  else if ("turn" in data) turn();
  else if (data.goto) goTo(data.goto);
  else if (data.step) step(Number(data.step));
  else if ("panel" in data) showPanel(data.panel);
  else if (data.look) lookAt(data.look, data.at);
  else if (data.reason) Object.assign(asked.closest("form").elements.reason, { value: data.reason }).focus();
  else if ("close" in data) asked.closest("dialog").close();
  else if (data.sheet) {
    document.querySelectorAll("[data-sheet]").forEach((s) => s.setAttribute("aria-pressed", String(s === asked)));
    document.querySelectorAll("input[name=at]").forEach((at) => (at.value = data.sheet));
  }
});

// a detail that is opened is written in
document.addEventListener("toggle", (event) => {
  if (event.target.matches(".defer, .refusing") && event.target.open) event.target.querySelector("input:not([type=hidden])").focus();
}, true);

document.addEventListener("wheel", (event) => {
  if (!event.target.closest(".stage") || !drawn()) return;
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
}, { passive: false });

document.addEventListener("pointerdown", (event) => {
  const stage = event.target.closest(".stage");
  const svg = drawn();
  if (!stage || !svg) return;
  const scale = view.w / Math.min(svg.clientWidth, (svg.clientHeight * view.w) / view.h);
  let [fromX, fromY] = [event.clientX, event.clientY];
  const move = (next) => {
    look(view.x - (next.clientX - fromX) * scale, view.y - (next.clientY - fromY) * scale, view.w, view.h);
    [fromX, fromY] = [next.clientX, next.clientY];
  };
  stage.setPointerCapture(event.pointerId);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", () => stage.removeEventListener("pointermove", move), { once: true });
});

function settle() {
  view.turned = 0;
  fit();
}

document.addEventListener("DOMContentLoaded", settle);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "letter") {
    if (!event.target.open) event.target.showModal();
    return;
  }
  if (event.target.id !== "sheet" && event.target.id !== "work" && !event.target.contains(drawn())) return;
  settle();
  if (awaited) goTo(awaited);
  awaited = null;
});
// a letter that cannot be shown is said so on the page behind it, not under it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "notice") document.querySelector("dialog[open]")?.close();
});
