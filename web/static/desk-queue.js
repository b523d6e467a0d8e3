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

  // ── the next case: it was loaded while somebody looked at this one, and is put in its place once it is taken ──

  const path = (no) => `/desk/cases/${no}`;
  const here = () => location.pathname.split("/")[3];

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const to = event.detail.xhr.getResponseHeader("HX-Redirect");
    const next = document.getElementById("next");
    if (!to || !next) return;
    if (to === "/desk/next") {
      event.preventDefault();
      htmx.ajax("POST", "/desk/next", { source: document.body, values: { after: here() }, swap: "none" });
    } else if (to === path(next.dataset.case)) {
      event.preventDefault();
      show(next);
    }
  });

  function show(next) {
    const { case: no, title } = next.dataset;
    const work = document.getElementById("work");
    work.replaceChildren(next.content.cloneNode(true));
    document.getElementById("ahead").replaceChildren();
    document.getElementById("notice").replaceChildren();
    history.pushState(null, "", path(no));
    document.title = title;
    scrollTo(0, 0);
    htmx.process(work);
    work.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true, detail: { target: work, elt: work } }));
    htmx.ajax("GET", `/desk/ahead?after=${no}`, { target: "#ahead", swap: "innerHTML" });
  }

  addEventListener("popstate", () => location.reload());

  // ── what was lost: asked for while somebody works here, so that a desk left alone still signs itself out ──

  const EVERY_MS = 45_000;
  let active = false;
  for (const sign of ["keydown", "pointermove"]) document.addEventListener(sign, () => (active = true), { passive: true });
  setInterval(() => {
    const lost = document.getElementById("lost");
    if (lost && active && !document.hidden) htmx.trigger(lost, "glance");
    active = false;
  }, EVERY_MS);
})();
