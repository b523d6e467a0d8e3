// Rows by keyboard, the field to find a case in, and the word that a claim was lost.
"use strict";

(() => {
  const WRITING = "input, textarea, select, [contenteditable]";
  const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  /** What Enter does in a row: its button, else its link. */
  const doing = (row) => (row.matches("a") ? row : (row.querySelector(".act > button, .act > .button") ?? row.querySelector("a")));

  function move(by) {
    const rows = [...(document.querySelector("#found [data-row]") ? document.querySelectorAll("#found [data-row]") : document.querySelectorAll("[data-row]"))];
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    doing(next).focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const seeking = event.target.closest(".seek") && event.key === "ArrowDown";
    if (event.key === "Escape") return close(event);
    if (!(event.key in MOVES) || (event.target.matches(WRITING) && !seeking)) return;
    if (move(MOVES[event.key])) event.preventDefault();
  });

  // ── what was found ──

  function close(event) {
    document.querySelectorAll(".more[open]").forEach((open) => open.removeAttribute("open"));
    const found = document.getElementById("found");
    if (!found?.childElementCount) return;
    found.replaceChildren();
    if (event.target.closest("#found")) document.querySelector(".seek input").focus();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".seek")) document.getElementById("found")?.replaceChildren();
    document.querySelectorAll(".more[open]").forEach((open) => open.contains(event.target) || open.removeAttribute("open"));
  });

  // ── what was lost: asked for while somebody works here, so that a desk left alone still signs itself out ──

  const EVERY_MS = 45_000;
  let active = false;
  for (const sign of ["keydown", "pointermove"]) document.addEventListener(sign, () => (active = true), { passive: true });
  setInterval(() => {
    if (active && !document.hidden) htmx.trigger("#lost", "glance");
    active = false;
  }, EVERY_MS);
})();
