// E corrects the field that was looked at last, else the first doubtful one; the picture stays at it when it was saved.
"use strict";

let chosen = null;

function editor(name) {
  return document.querySelector(`details[data-verify="${CSS.escape(name)}"]`);
}

document.addEventListener("click", (event) => {
  const field = event.target.closest("[data-goto]")?.dataset.goto;
  if (field) chosen = field;
  if (event.target.closest("[data-sheet], [data-step]")) chosen = null;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "e" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches("input, textarea, select, [contenteditable]")) return;
  const wanted = (chosen && editor(chosen)) ?? document.querySelector("details[data-doubt=yes]") ?? document.querySelector("details[data-verify]");
  if (!wanted) return;
  event.preventDefault();
  wanted.open = true;
  wanted.querySelector("input[name=value]").select(); // at once: the event below comes after the next key
  chosen = wanted.dataset.verify;
});

// one at a time, and ready to be written over
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details[data-verify]") || !event.target.open) return;
  document.querySelectorAll("details[data-verify][open]").forEach((other) => (other.open = other === event.target));
  event.target.querySelector("input[name=value]").select();
}, true);

document.addEventListener("focusout", (event) => {
  const open = event.target.closest?.("details[data-verify][open]");
  if (open && !open.contains(event.relatedTarget)) open.open = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (chosen && event.detail.requestConfig?.elt?.closest?.(".verify")) goTo(chosen);
});
