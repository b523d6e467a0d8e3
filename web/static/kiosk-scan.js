// Who somebody is, their phone, and their papers under the camera or on the scanner.

import { Refused, addPage, get, post, removePage, whenRead } from "./kiosk-api.js";
import { bridge, closeCamera, openCamera, readCard, scanSheet, shoot, status } from "./kiosk-bridge.js";
import { $, button, doing, go, h, pad, screens, sentence, tell, told, watch } from "./kiosk-parts.js";
import { now } from "./kiosk-state.js";
import { t } from "./kiosk-words.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

// ── the camera's place on a screen ──

function stand(kind) {
  return h("div.stand", { "data-kind": kind }, h("video", { id: "video", playsinline: true, muted: true, "aria-hidden": "true" }), h("div.frame", { "aria-hidden": "true" }));
}

async function watchThrough(gone) {
  try { if (await openCamera($("video"))) $("video").parentNode.dataset.ready = "yes"; } catch { if (!gone()) tell(t("noCamera"), "bad"); }
}

async function picture() {
  const video = $("video");
  if (!video || !video.videoWidth) throw new Refused(0, { message: t("noCamera") });
  const taken = await shoot(video);
  closeCamera();
  return taken;
}

// Sends a picture and waits until it was looked at. The page, or null where that takes too long.
async function look(key, taken, gone) {
  tell(t("sending"), "busy");
  const page = await addPage(now.case.case, key, taken);
  if (gone()) return null;
  tell(t("reading"), "busy");
  return whenRead(now.case.case, page.id, gone);
}

export const flaws = (page) => (page ? page.findings : []);

// ── who ──

const card = () => now.case.materials.find((m) => m.document === "id_card_front" || m.key === "id_front");

screens.identify = (how) => {
  const way = how || (bridge() ? "reader" : card() ? "picture" : "typed");
  return ways[way]();
};

const ways = {
  reader() {
    const gone = watch();
    waitForCard(gone);
    return [h("h1", t("idTitle")), h("div.reader", { "aria-hidden": "true" }), h("p.lead", t("idReader")), told(),
      h("div.foot", card() && button(t("idOther"), () => go("identify", "picture"), "quiet"), button(t("idTyped"), () => go("identify", "typed"), "quiet"), button(t("retry"), () => go("identify", "reader")))];
  },
  picture() {
    const gone = watch();
    const act = doing(() => photograph(gone));
    queueMicrotask(() => watchThrough(gone));
    return [h("h1", t("idTitle")), h("p.lead", t("idCamera")), stand("card"), told(),
      h("div.foot", button(t("idTyped"), () => go("identify", "typed"), "quiet"), bridge() && button(t("idBy"), () => go("identify", "reader"), "quiet"), button(t("idShoot"), act, "main"))];
  },
  typed() {
    const name = h("input", { id: "name", autocomplete: "off", maxlength: 60 });
    const number = h("input.number", { id: "number", inputmode: "none", autocomplete: "off", maxlength: 18 });
    const act = doing(() => identified({ how: "typed", name: name.value.trim(), id_number: number.value.trim().toUpperCase() }));
    return [h("h1", t("idTitle")), h("label", { for: "name" }, t("name")), name, h("label", { for: "number" }, t("number")), number,
      pad(number, [...DIGITS, "X"], 18), told(),
      h("div.foot", card() && button(t("idOther"), () => go("identify", "picture"), "quiet"), button(t("next"), act, "main"))];
  },
};

async function waitForCard(gone) {
  try {
    if ((await status()).card_reader !== "ready") return gone() || go("identify", card() ? "picture" : "typed");
    if (gone()) return null;
    tell(t("idReading"), "busy");
    const read = await readCard();
    if (gone()) return null;
    if (!read) return tell("");
    await identified({ how: "reader", ...read });
  } catch (error) { if (!gone()) tell(sentence(error), "bad"); }
  return null;
}

async function photograph(gone) {
  const key = card().key;
  for (const old of card().pages) now.case = await removePage(now.case.case, old.id);
  const page = await look(key, await picture(), gone);
  if (gone()) return;
  try {
    if (!page) throw new Refused(0, { message: t("slow") });
    if (flaws(page).length) throw new Refused(0, { message: flaws(page).map((f) => f.advice || f.message).join(" ") });
    await identified({ how: "picture", page: page.id });
  } catch (error) {
    if (gone()) return;
    tell(sentence(error), "bad");
    watchThrough(gone);
  }
}

async function identified(said) {
  now.person = await post(`/kiosk/api/cases/${now.case.case}/identity`, said);
  now.how = said.how;
  go("you");
}

screens.you = () => [
  h("h1", t("isYou")),
  h("dl.sheet.large", h("dt", t("name")), h("dd", now.person.name), h("dt", t("number")), h("dd", now.person.id_number.replace(/^(.{6})(.{8})/, "$1 $2 "))),
  told(), h("div.foot", button(t("isYouNo"), () => go("identify"), "quiet"), button(t("isYouYes"), () => go("phone"), "main")),
];

// ── phone ──

screens.phone = () => {
  const field = h("input.number", { id: "phone", inputmode: "none", autocomplete: "off", maxlength: 11 });
  const next = button(t("next"), doing(leave), "main", { disabled: true });
  const check = () => { next.disabled = !/^1[3-9]\d{9}$/.test(field.value); };
  field.addEventListener("input", check);
  const keep = h("input", { type: "checkbox", id: "keep", ...(now.keep ? { checked: true } : {}) });
  async function leave() {
    const kept = await post(`/kiosk/api/cases/${now.case.case}/phone`, { phone: field.value, keep: keep.checked });
    Object.assign(now, { phone: kept.phone, keep: kept.keep });
    go("scan");
  }
  return [h("h1", t("phoneTitle")), h("p.lead", t("phoneSay")), h("label", { for: "phone" }, t("phone")), field, pad(field, DIGITS, 11, check),
    h("label.tick", { for: "keep" }, keep, t("keep")), told(), h("div.foot", next)];
};

// ── papers ──

const settled = new Set();
export const scanned = () => now.case.materials;
const enough = (m) => m.pages.length >= m.min_pages && (settled.has(m.key) || m.pages.every((p) => !flaws(p).length));
const left = () => scanned().find((m) => !enough(m) && !settled.has(m.key));

screens.scan = (key, again = false) => {
  if (!now.at) { settled.clear(); now.at = "scan"; }
  const at = key ? scanned().find((m) => m.key === key) : left();
  if (!at) return done();
  const gone = watch();
  const act = doing(() => (bridge() ? sheet(at, gone) : take(at, gone)));
  if (!bridge()) queueMicrotask(() => watchThrough(gone));
  const skips = at.need !== "required" && !again;
  return [
    h("h1", at.name), h("p.lead", at.accept || t("scanHere")),
    h("div.work", h("div", bridge() ? h("div.reader.sheet", { "aria-hidden": "true" }) : stand(at.document || "paper"), told()), listed(at.key)),
    h("div.foot", skips && button(t("skip"), () => { settled.add(at.key); go("scan"); }, "quiet"), button(at.pages.length && !again ? t("nextPage") : t("shoot"), act, "main")),
  ];
};

function listed(here) {
  const row = (m) => h("li", { "data-material": m.key, class: m.key === here ? "here" : enough(m) ? "done" : "", "aria-current": m.key === here ? "step" : null },
    h("b", m.name), h("small", m.pages.length ? t("pages", { n: m.pages.length }) : m.need === "required" ? t("todo") : t("optional")));
  return h("ol.list", scanned().map(row));
}

async function sheet(at, gone) {
  const taken = await scanSheet();
  if (gone()) return;
  if (taken) await judged(at, taken, gone);
  else tell(t("scanHere"), "bad");
}

async function take(at, gone) { await judged(at, await picture(), gone); }

async function judged(at, taken, gone) {
  const page = await look(at.key, taken, gone);
  if (gone()) return;
  if (!page) { settled.add(at.key); now.case = await get(`/api/v1/cases/${now.case.case}`); }
  go("verdict", at.key, page ? page.id : "");
}

screens.verdict = (key, id) => {
  const at = scanned().find((m) => m.key === key);
  const page = at.pages.find((p) => p.id === id);
  const wrong = flaws(page);
  const drop = doing(async () => { now.case = await removePage(now.case.case, id); settled.delete(key); go("scan", key, true); });
  const more = at.pages.length < at.max_pages && at.pages.length < Math.max(at.min_pages, at.max_pages);
  const advice = (f) => h("li", h("b", f.message), h("p", f.advice));
  const on = () => { settled.add(key); go("scan"); };
  const short = at.pages.length < at.min_pages;
  return wrong.length
    ? [h("h1", at.name), h("div.result.mend", { role: "status" }, h("p.big", t("mend")), h("ul.plain", wrong.map(advice))), listed(key), told(),
      h("div.foot", button(t("useIt"), () => (short ? go("scan", key) : on()), "quiet"), button(t("again"), drop, "main"))]
    : [h("h1", at.name), h("div.result.fine", { role: "status" }, h("p.big", page ? t("good") : t("slow")), h("p", t("pages", { n: at.pages.length }))), listed(key), told(),
      h("div.foot", more && !short && button(t("nextPage"), () => go("scan", key), "quiet"), button(short ? t("nextPage") : t("keepGoing"), () => (short ? go("scan", key) : on()), "main"))];
};

function done() {
  return [h("h1", t("doneAll")), listed(""), told(), h("div.foot", button(t("next"), () => go("check"), "main"))];
}
