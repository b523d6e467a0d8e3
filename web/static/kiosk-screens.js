// From the first touch to the first question: enrolling the terminal, idle, out of service, choosing, the checklist, asking.

import { Refused, get, post, unique } from "./kiosk-api.js";
import { $, button, doing, go, h, screens, sentence, tell, told, watch } from "./kiosk-parts.js";
import { device, now } from "./kiosk-state.js";
import { t } from "./kiosk-words.js";

const TYPING_MS = 300;

screens.enrol = () => {
  const field = h("input.code", { id: "code", maxlength: 10, autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  const act = doing(async () => {
    device.me = await post("/kiosk/enrol", { code: field.value.trim() }).catch((error) => {
      // a wrong code is no session that ended
      if (error instanceof Refused) { tell(sentence(error), "bad"); return null; }
      throw error;
    });
    // the page anew: what it may speak to is told with it
    if (device.me) location.replace("/kiosk");
  });
  return h("section.narrow", h("h1", t("enrolTitle")), h("p", t("enrolSay")), h("label", { for: "code" }, t("enrolCode")), field, button(t("enrol"), act, "main"), told());
};

const notice = () => (device.paper === "out" ? h("p.notice", { role: "note" }, t("paperOut")) : null);

screens.idle = () => {
  const step = (n, key) => h("li", h("span.sign", { "aria-hidden": "true" }, n), t(key));
  const start = doing(async () => {
    const begun = await post("/kiosk/api/sessions");
    Object.assign(now, { session: begun.session, token: begun.token, begun: Date.now() });
    go("choose");
  });
  return h("section.idle",
    h("h1.huge", t("idleTitle")), h("p.lead", t("idleSay")),
    h("ol.three", step("1", "idle1"), step("2", "idle2"), step("3", "idle3")),
    button(t("start"), start, "main.giant"), told(), notice());
};

screens.out = () => h("section.idle",
  h("h1.huge", t("outTitle")), h("p.lead", { role: "status" }, t("outSay")),
  h("div.sheet", h("h2", t("outElse")), h("ul.plain", ["out1", "out2", "out3"].map((key) => h("li", t(key))))));

// ── choosing ──

const line = (item) => button(h("span", h("b", item.name), h("small", item.summary)), doing(() => choose(item.code)), "row.card");

async function choose(code) {
  now.item = await get(`/api/v1/items/${encodeURIComponent(code)}`);
  now.answers = {};
  go("guide");
}

screens.choose = () => {
  const gone = watch();
  const field = h("input", { id: "search", type: "search", placeholder: t("search"), "aria-label": t("searchLabel"), autocomplete: "off", enterkeyhint: "search", maxlength: 64 });
  const place = h("div", { id: "offered", "aria-live": "polite" });
  let typing = 0;
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => (field.value.trim() ? find(field.value.trim(), place, gone) : offer(place, gone)), TYPING_MS);
  });
  offer(place, gone);
  return [h("h1", t("chooseTitle")), field, told(), place];
};

async function offer(place, gone) {
  const [events, items] = await Promise.all([get("/kiosk/api/life-events"), get("/kiosk/api/items")])
    .catch((error) => { tell(sentence(error), "bad"); return [{ events: [] }, { items: [] }]; });
  if (gone()) return;
  const tile = (event) => button([h("span.sign", { "aria-hidden": "true" }, event.sign), event.name], () => list(place, event.name, event.items, true), "tile");
  place.replaceChildren(
    ...(events.events.length ? [h("h2", t("events")), h("div.tiles", events.events.map(tile))] : []),
    h("h2", t("all")), h("div.lines", items.items.map(line)));
}

async function find(words, place, gone) {
  const found = await get(`/kiosk/api/items?q=${encodeURIComponent(words)}`).catch((error) => { tell(sentence(error), "bad"); return null; });
  if (gone() || !found || $("search").value.trim() !== words) return;
  if (found.items.length) list(place, t("found"), found.items);
  else place.replaceChildren(h("p.lead", { role: "status" }, t("none")), button(t("all"), () => back(place), "quiet"));
}

function back(place) {
  $("search").value = "";
  offer(place, watch());
}

function list(place, title, items, returns = false) {
  place.replaceChildren(h("h2", title), h("div.lines", items.map(line)), ...(returns ? [button(t("back"), () => back(place), "quiet")] : []));
}

// ── what it takes ──

const money = (fee) => (fee && fee.amount_fen ? t("fee", { yuan: (fee.amount_fen / 100).toString() }) : t("free"));

screens.guide = () => {
  const { item } = now;
  const paper = (m) => h("li", h("b", m.name), m.need === "required" ? "" : h("small.tag", t("optional")), m.only_if ? h("small", t("when", { clause: m.only_if })) : h("small", m.accept));
  const agree = doing(() => (item.questions.length ? go("ask") : open()));
  return [
    h("h1", item.name),
    h("p.facts", h("span", item.kind === "instant" ? t("instant") : t("days", { n: item.promised_days })), h("span", money(item.fee))),
    h("div.sheet", h("h2", t("privacy")), h("p", t("privacySay"))), notice(),
    h("h2", t("bring")), h("p", t("gather")), h("ul.papers", item.materials.map(paper)), told(),
    h("div.foot", button(t("back"), () => go("choose"), "quiet"), button(t("agree"), agree, "main")),
  ];
};

screens.ask = () => {
  const { item } = now;
  const next = button(t("next"), doing(open), "main");
  const open_ = () => item.questions.some((q) => now.answers[q.key] === undefined || now.answers[q.key] === "");
  const check = () => { next.disabled = open_(); };
  check();
  return [
    h("h1", t("askTitle")), h("div.questions", item.questions.map((q) => question(q, check))), told(),
    h("div.foot", button(t("back"), () => go("guide"), "quiet"), next),
  ];
};

function question(q, check) {
  const put = (value) => { now.answers[q.key] = value; check(); };
  if (q.type === "text") {
    return h("label.question", q.ask, h("input", { autocomplete: "off", maxlength: 200, placeholder: t("typeHere"), oninput: (e) => put(e.target.value.trim()) }));
  }
  const choices = q.type === "bool" ? [[true, t("yes")], [false, t("no")]] : q.choices.map((c, i) => [c, (q.labels && q.labels[i]) || c]);
  const chosen = (value) => String(now.answers[q.key] === value);
  const pick = (value) => (event) => {
    put(value);
    for (const each of event.currentTarget.parentNode.children) each.setAttribute("aria-pressed", String(each === event.currentTarget));
  };
  return h("fieldset.question", h("legend", q.ask), h("div.choices", choices.map(([value, label]) => button(label, pick(value), "choice", { "aria-pressed": chosen(value) }))));
}

async function open() {
  now.case = await post("/kiosk/api/cases", { item: now.item.code, answers: now.answers, consent: true, transaction_id: unique() });
  go("identify");
}
