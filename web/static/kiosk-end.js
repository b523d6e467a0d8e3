// Looking it over, handing in, the receipt, and thanks.

import { call, get, post, removePage, unique } from "./kiosk-api.js";
import { bridge, printSlip } from "./kiosk-bridge.js";
import { $, button, clockOf, doing, drawCode, go, h, screens, sentence, tell, told, watch } from "./kiosk-parts.js";
import { device, now } from "./kiosk-state.js";
import { t, tag } from "./kiosk-words.js";

const BYE_S = 30;

// ── looking it over ──

screens.check = () => {
  const gone = watch();
  const place = h("div.materials", { id: "read" });
  get(`/kiosk/api/cases/${now.case.case}/fields`).then((read) => {
    if (!gone()) place.replaceChildren(...read.materials.map(material));
  }).catch((error) => { if (!gone()) tell(sentence(error), "bad"); });
  return [
    h("h1", t("checkTitle")), h("p.lead", t("checkSay")),
    h("dl.sheet", h("dt", t("name")), h("dd", now.person.name), h("dt", t("phone")), h("dd", now.phone)),
    place, told(), h("div.foot", button(t("submit"), doing(() => submit(gone)), "main")),
  ];
};

function material(m) {
  const again = doing(async () => {
    const pages = now.case.materials.find((each) => each.key === m.key).pages;
    for (const page of pages) now.case = await removePage(now.case.case, page.id);
    go("scan", m.key, true);
  });
  const line = (f) => [h("dt", f.label), h("dd", f.value || "—", f.certain ? "" : h("em", t("sure")))];
  return h("section.material", h("h2", m.name, button(t("rescan"), again, "quiet.small")), m.fields.length ? h("dl", m.fields.flatMap(line)) : h("p", t("nothingRead")));
}

async function submit(gone) {
  tell(t("submitting"), "busy");
  const no = now.case.case;
  now.case = await post(`/api/v1/cases/${no}/submit`, { transaction_id: unique() });
  now.receipt = await post(`/kiosk/api/cases/${no}/receipt`);
  now.ended = "done";
  if (!gone()) go("receipt");
}

// ── the receipt ──

screens.receipt = () => {
  const { receipt } = now;
  const code = h("canvas.qr", { role: "img", "aria-label": t("qrAlt") });
  drawCode(code, receipt.qr);
  const paper = device.paper !== "out";
  slip(receipt);
  if (paper && !now.printed) print(receipt);
  now.printed = true;
  const finish = button(t("finishIn", { n: BYE_S }), () => $("screen").dispatchEvent(new CustomEvent("finish")), "main");
  countDown(finish, watch());
  return [
    h("h1.done", t("receiptTitle")),
    h("p.lead", t("took", { used: clockOf(receipt.seconds * 1000) })),
    h("div.receipt",
      h("dl.sheet.large", h("dt", t("caseNo")), h("dd", { id: "number" }, receipt.case), h("dt", t("slipItem")), h("dd", receipt.item_name), receipt.code && [h("dt", t("code")), h("dd.spaced", receipt.code)]),
      h("figure", code, h("figcaption", t("takeAlong"), h("small", t("idEnd"))))),
    h("p.notice", { id: "paper", role: "status" }, paper ? t("printed") : t("notPrinted", { phone: receipt.phone })),
    h("p", t("sms", { phone: receipt.phone })), told(), h("div.foot", finish),
  ];
};

function countDown(finish, gone) {
  let left = BYE_S;
  const again = () => { left = BYE_S; };
  const each = setInterval(() => {
    if (gone()) { clearInterval(each); document.removeEventListener("pointerdown", again); return; }
    left -= 1;
    finish.textContent = t("finishIn", { n: left });
    if (left <= 0) { clearInterval(each); $("screen").dispatchEvent(new CustomEvent("finish")); }
  }, 1000);
  document.addEventListener("pointerdown", again);
}

function slip(receipt) {
  const code = h("canvas");
  drawCode(code, receipt.qr);
  const at = new Date(receipt.submitted_at).toLocaleString(tag(), { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Shanghai" });
  $("slip").replaceChildren(h("h2", t("slipTitle")), h("p", `${t("slipItem")} ${receipt.item_name}`), h("p", t("caseNo")), h("p.no", receipt.case),
    h("p", `${t("slipAt")} ${at}`), h("p", `${t("slipOffice")} ${device.me.office}`), code, h("p.fine", t("slipFoot")));
}

async function print(receipt) {
  const gone = watch();
  if (!bridge()) { window.print(); return; }
  const pdf = await call("POST", `/kiosk/api/cases/${receipt.case}/receipt.pdf`, receipt.code ? { code: receipt.code } : {}, { whole: true })
    .then((answer) => answer.blob()).catch(() => null);
  if ((pdf && (await printSlip(pdf))) || gone()) return;
  $("paper").textContent = t("notPrinted", { phone: receipt.phone });
}

screens.thanks = () => h("section.idle", h("h1.huge", t("thanks")), h("p.lead", { role: "status" }, t("thanksSay")), h("p.lead", t("cardBack")));
