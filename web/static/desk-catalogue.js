// The item manager: what the linter says stands beside the field it is about; a line of its list leads there.
"use strict";

// no style may be written into the page, also not by putting back what an element had
htmx.config.attributesToSettle = ["class"];

/** The element of a place, or of the nearest thing around it: materials[0].pages.min, materials[0].pages, materials[0]. */
function ofPlace(where) {
  for (let place = where; place; place = place.slice(0, Math.max(place.lastIndexOf("."), place.lastIndexOf("["), 0))) {
    const found = document.querySelector(`#form [data-place="${CSS.escape(place)}"]`) ?? document.getElementById(`g-${place}`);
    if (found) return found;
  }
  return null;
}

function within(where) {
  return ofPlace(where) ?? document.querySelector(`#form [data-place^="${CSS.escape(where)}."]`);
}

function placeProblems() {
  for (const told of document.querySelectorAll("#form .problem")) {
    told.hidden = true;
    told.textContent = "";
  }
  for (const wrong of document.querySelectorAll("#form .wrong")) {
    wrong.classList.remove("wrong");
    for (const control of wrong.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  }
  for (const line of document.querySelectorAll("#lint .error")) {
    const place = within(line.dataset.where);
    const told = place?.querySelector(":scope > .problem");
    if (!told) continue;
    told.hidden = false;
    told.textContent += (told.textContent ? "；" : "") + line.dataset.message;
    place.classList.add("wrong");
    place.querySelector(":scope > [name=value]")?.setAttribute("aria-invalid", "true");
  }
}

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-go]");
  if (!asked) return;
  event.preventDefault();
  if (document.getElementById("yaml")) return toLine(asked);
  const place = within(asked.dataset.go) ?? document.getElementById("form");
  place?.scrollIntoView({ block: "center" });
  place?.querySelector("input:not([type=hidden]), select, textarea, button")?.focus({ preventScroll: true });
});

// a check's name in words, as soon as it was chosen
document.addEventListener("change", (event) => {
  const said = event.target.matches(".check .name") && event.target.closest(".check").querySelector(".said");
  if (!said) return;
  const chosen = [...event.target.list.options].find((option) => option.value === event.target.value);
  said.textContent = chosen?.textContent ?? event.target.value;
});

// ── the YAML with its lines counted ──

function toLine(asked) {
  const yaml = document.getElementById("yaml");
  const line = Number(/第(\d+)行/.exec(asked.parentElement.textContent)?.[1] ?? 1);
  const lines = yaml.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  yaml.focus();
  yaml.setSelectionRange(start, start + lines[line - 1].length);
  yaml.scrollTop = (line - 5) * (yaml.scrollHeight / lines.length);
}

function count() {
  const yaml = document.getElementById("yaml");
  if (!yaml) return;
  const gutter = document.querySelector(".gutter");
  gutter.textContent = yaml.value.split("\n").map((_, i) => i + 1).join("\n");
  gutter.scrollTop = yaml.scrollTop;
}

document.addEventListener("input", (event) => event.target.id === "yaml" && count());
document.addEventListener("scroll", (event) => event.target.id === "yaml" && count(), true);
document.addEventListener("DOMContentLoaded", () => { placeProblems(); count(); });
document.addEventListener("htmx:afterSettle", placeProblems);
