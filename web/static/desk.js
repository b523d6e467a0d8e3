// Keys of the desk: what a button does can be done without the mouse. A key is named on its button (data-key); none of
// them does anything while somebody writes.
"use strict";

const WRITING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches(WRITING)) {
    event.target.blur();
    return;
  }
  if (event.target.matches(WRITING)) return;
  const wanted = ofMaterial(event.key) ?? document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches(WRITING)) wanted.focus();
  else wanted.click();
});

/** A and X mean the material whose page is shown. */
function ofMaterial(key) {
  const of = { a: "button[value=accept]", x: "input[name=reason]" }[key];
  const shown = document.querySelector("[data-sheet][aria-pressed=true]");
  return (of && shown?.closest(".material")?.querySelector(of)) ?? null;
}

// ── the picture: zoom, turn, drag, and to the place a field was read at ──

const view = { x: 0, y: 0, w: 0, h: 0, turned: 0 };

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
  const [w, h] = [view.w * factor, view.h * factor];
  look(view.x + (view.w - w) / 2, view.y + (view.h - h) / 2, w, h);
}

function turn() {
  const svg = drawn();
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

function goTo(name) {
  const box = document.querySelector(`.box[data-field="${CSS.escape(name)}"]`);
  if (!box) return;
  document.querySelectorAll(".box.here").forEach((other) => other.classList.remove("here"));
  box.classList.add("here");
  const { x, y, width, height } = box.getBBox();
  const w = Math.max(width * 1.6, view.w / 6);
  const h = Math.max(height * 4, (w * view.h) / view.w);
  if (view.turned) fit();
  else look(x + width / 2 - w / 2, y + height / 2 - h / 2, w, h);
}

function step(by) {
  const sheets = [...document.querySelectorAll("[data-sheet]")];
  const at = sheets.findIndex((sheet) => sheet.getAttribute("aria-pressed") === "true");
  sheets[Math.min(Math.max(at + by, 0), sheets.length - 1)]?.click();
}

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-zoom], [data-turn], [data-goto], [data-step], [data-sheet]");
  if (!asked) return;
  if (asked.dataset.zoom === "fit") fit();
  else if (asked.dataset.zoom) zoom(asked.dataset.zoom === "in" ? 0.75 : 1 / 0.75);
  else if ("turn" in asked.dataset) turn();
  else if (asked.dataset.goto) goTo(asked.dataset.goto);
  else if (asked.dataset.step) step(Number(asked.dataset.step));
  else if (asked.dataset.sheet) {
    document.querySelectorAll("[data-sheet]").forEach((s) => s.setAttribute("aria-pressed", String(s === asked)));
    document.querySelectorAll("input[name=at]").forEach((at) => (at.value = asked.dataset.sheet));
  }
});

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
document.addEventListener("htmx:afterSwap", settle);
