// The grid worker's page: what to fetch and deliver, hand-overs by scan or typed code, also without a network.
"use strict";

const $ = (id) => document.getElementById(id);
const TASKS = "grid.tasks";
const WHO = "grid.login";
const SENT = "grid.sent";
const LOOK_MS = 60000;
const RETRY_MS = 5000;
const SENT_MS = 120000;
const SCAN_MS = 30000;
const FRAME_MS = 120;
const FRAME_PX = 720;
const LOOK_LIKE = { I: "1", O: "0", S: "5", V: "U", Z: "2" };
const WORDS = { picked_up: "已取件", delivered: "已送达", failed: "未成功" };
let csrf = "";
let busy = false;
let again = false;
let camera = null;
let unreached = false;

// Whatever was read: letters that look alike are told apart by whose number it is.
function readings(text) {
  const plain = text.toUpperCase().replace(/[\s-]/g, "");
  const label = plain.replace(/[OIL]/g, (c) => (c === "O" ? "0" : "1"));
  return [plain, label, plain.replace(/[IOSVZ]/g, (c) => LOOK_LIKE[c])];
}

function tell(text, wrong) {
  $("told").textContent = text;
  $("told").className = wrong ? "told wrong" : "told";
}

async function call(path, body) {
  const options = { credentials: "same-origin", headers: {} };
  if (body !== undefined) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  }
  const answer = await fetch(path, options);
  const said = await answer.json();
  if (answer.ok) return said;
  throw Object.assign(new Error((said.error && said.error.message) || ""), { status: answer.status });
}

// A phone may call itself connected where nothing gets through.
const offline = () => unreached || !navigator.onLine;

function kept(key) { try { return JSON.parse(localStorage.getItem(key)) || null; } catch { return null; } }
const cached = () => kept(TASKS);
const who = () => localStorage.getItem(WHO) || "";
const signedIn = (yes) => document.body.classList.toggle("signed-out", !yes);

// ── what is shown ──

function line(text, name) {
  const p = document.createElement("p");
  p.textContent = text;
  if (name) p.className = name;
  return p;
}

function button(text, act, quiet) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (quiet) made.className = "quiet";
  made.addEventListener("click", act);
  return made;
}

const waiting = (task) => readQueue(localStorage).filter((s) => s.code === task.code).map((s) => s.event);

// Scans that the service has, and of which its list of tasks does not know yet.
function sent(task) {
  const last = (kept(SENT) || {})[task.code];
  return last && Date.now() - last.at < SENT_MS ? [last.event] : [];
}

const done = (task) => [...waiting(task), ...sent(task)];
const fetched = (task) => task.todo === "deliver" || done(task).includes("picked_up");
const over = (task) => done(task).some((event) => event !== "picked_up");

function row(task) {
  const li = document.createElement("li");
  li.dataset.code = task.code;
  const word = fetched(task) ? "待送" : "待取";
  li.append(line(`${word} · ${task.window_label}${task.late ? "（已过时）" : ""}`, task.late ? "when late" : "when"));
  li.append(line(task.address, "where"));
  li.append(line(`${task.contact} · ${task.item_name} · ${task.direction_label}`));
  li.append(line(task.code_label, "code"));
  if (done(task).length) li.append(line(waiting(task).length ? "已登记，待上传" : "已登记", "noted"));
  if (task.taken && !fetched(task)) li.append(line(task.taken === "me" ? "我已接单" : "已由同事接单", "noted"));
  if (over(task)) return li;
  const buttons = document.createElement("div");
  buttons.className = "row";
  buttons.append(button(fetched(task) ? "已送达" : "已取件", () => hand(task, fetched(task) ? "delivered" : "picked_up")));
  buttons.append(button("未成功", () => hand(task, "failed"), true));
  buttons.append(button("电话", () => phone(task, li), true));
  if (!fetched(task) && task.taken !== "other") buttons.append(take(task));
  li.append(buttons);
  return li;
}

// Who goes: a courtesy among colleagues, so that two do not ring at one door. Whoever scans has the envelope.
function take(task) {
  const mine = task.taken === "me";
  const act = async () => {
    try { await call(`/grid/api/tasks/${encodeURIComponent(task.id)}/${mine ? "give-back" : "take"}`, {}); tell(""); }
    catch (error) { tell(error.status ? error.message : "联网后才能接单。", true); }
    sync();
  };
  return button(mine ? "退回" : "接单", act, true);
}

function show(seen) {
  if (!seen) return;
  const [, month, day] = seen.day.split("-");
  $("head").textContent = `${month}月${day}日，${seen.tasks.length}项任务`;
  $("tasks").replaceChildren(...seen.tasks.map(row));
  if (!seen.tasks.length) $("tasks").append(Object.assign(document.createElement("li"), { className: "none", textContent: "今天没有任务。" }));
}

function scanLine(scan, ...more) {
  const li = document.createElement("li");
  const at = new Date(scan.at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  li.append(line(`${WORDS[scan.event]} · ${at}`, "when"), line(scan.code.replace(/(.{4})(?=.)/g, "$1 "), "code"));
  for (const text of more.filter(Boolean)) li.append(line(text, "wrong"));
  return li;
}

function showQueue() {
  const scans = readQueue(localStorage);
  const refused = readRefused(localStorage);
  $("waiting").textContent = scans.length;
  $("queued").hidden = !scans.length;
  $("queue").replaceChildren(...scans.map((s) => scanLine(s, s.by !== who() && `由 ${s.by} 登记，请 ${s.by} 登录后上传。`)));
  $("refusals").hidden = !refused.length;
  $("refused").replaceChildren(...refused.map((s) => scanLine(s, s.message)));
  $("net").textContent = !offline() ? "" : "没有网络：登记会保存在手机上，联网后自动上传。";
  $("login-why").textContent = scans.length ? `登录已失效，请重新登录。手机上有${scans.length}条登记等待上传，不会丢失。` : "";
}

async function phone(task, li) {
  li.querySelector(".call")?.remove();
  try {
    const found = await call(`/grid/api/tasks/${encodeURIComponent(task.id)}/contact`);
    const link = document.createElement("a");
    link.href = `tel:${found.phone}`;
    link.textContent = `${found.contact} ${found.phone}`;
    const p = Object.assign(document.createElement("p"), { className: "call" });
    p.append(link);
    li.append(p);
  } catch (error) { tell(error.status ? error.message : "联网后才能查看电话。", true); }
}

// ── hand-overs ──

function hand(task, event) {
  const dialog = $("hand");
  const form = dialog.querySelector("form");
  form.reset();
  const toResident = event === "delivered" && task.direction === "delivery";
  $("hand-title").textContent = WORDS[event];
  $("hand-what").textContent = `${task.address}（${task.code_label}）`;
  $("hand-envelope").hidden = event === "failed";
  form.elements.seal.value = task.seal || "";
  for (const choice of form.elements.condition) choice.required = event !== "failed";
  $("hand-who").hidden = !toResident;
  $("hand-proof").hidden = !toResident;
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    const given = new FormData(form);
    addScan(localStorage, who(), {
      code: task.code, event, note: given.get("note") || "",
      ...(event === "failed" ? {} : { seal: given.get("seal"), condition: given.get("condition") }),
      recipient: toResident ? given.get("recipient") : "self", proof: toResident ? given.get("proof") : "",
    });
    tell(offline() ? "已登记，联网后自动上传。" : "已登记。");
    sync();
  };
  dialog.returnValue = "";
  dialog.showModal();
}

function find(text) {
  const read = readings(text);
  const seen = cached();
  const known = (t) => [t.code, t.case, t.label].filter(Boolean);
  const task = seen && seen.tasks.find((t) => known(t).some((code) => read.some((r) => r.includes(code))));
  for (const li of $("tasks").children) li.classList.toggle("found", !!task && li.dataset.code === task.code);
  if (!task) return tell("今天的任务里没有这个号码。请核对，或刷新后再试。", true);
  if (over(task)) return tell("这个信封已经登记过了。");
  tell("");
  hand(task, fetched(task) ? "delivered" : "picked_up");
}

// ── the camera ──

// The phone's own reader where it has one, else ours.
async function reader() {
  if ("BarcodeDetector" in window) {
    const own = new BarcodeDetector({ formats: ["qr_code", "code_128"] });
    return async (video) => (await own.detect(video).catch(() => []))[0]?.rawValue;
  }
  if (!window.jsQR) await load("/static/grid-qr.js");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, FRAME_PX / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const frame = pen.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(frame.data, frame.width, frame.height, { inversionAttempts: "dontInvert" })?.data;
  };
}

function load(path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: path, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

function stopCamera() {
  if (camera) camera.getTracks().forEach((track) => track.stop());
  camera = null;
  $("scanner").hidden = true;
}

async function scan() {
  if (camera) return;
  if (!navigator.mediaDevices) return tell("这部手机不能扫码，请输入号码。", true);
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch { return tell("没有相机权限，请输入号码。", true); }
  tell("请将信封标签上的二维码放进画面。");
  const video = $("video");
  video.srcObject = camera;
  $("scanner").hidden = false;
  const text = await watch(video).catch(() => "");
  const stopped = !camera;
  stopCamera();
  if (text) return find(text);
  if (!stopped) tell("没有识别到二维码，请输入号码。", true);
}

async function watch(video) {
  await video.play();
  const read = await reader();
  const until = Date.now() + SCAN_MS;
  while (camera && Date.now() < until) {
    const text = video.videoWidth && (await read(video));
    if (text) return text;
    await new Promise((next) => setTimeout(next, FRAME_MS));
  }
  return "";
}

// ── with the service ──

async function sync() {
  show(cached());
  showQueue();
  if (busy) { again = true; return; }
  if (!navigator.onLine) return;
  busy = true;
  try {
    do {
      again = false;
      await exchange();
    } while (again);
    unreached = false;
  } catch (error) {
    unreached = !error.status;
    if (unreached) setTimeout(sync, RETRY_MS);
    if (error.status === 401) signedIn(false);
    else if (error.status) tell(error.message, true);
    else if (readQueue(localStorage).length) tell("暂时连不上，登记保存在手机上，稍后自动上传。", true);
  } finally {
    busy = false;
  }
  show(cached());
  showQueue();
}

async function exchange() {
  const me = await call("/grid/api/me");
  csrf = me.csrf;
  $("help").hidden = !me.permissions.includes("agent_work");
  signedIn(true);
  const before = readRefused(localStorage).length;
  const taken = await flush(localStorage, who(), (scans) => call("/grid/api/scans", { scans }));
  remember(taken);
  if (readRefused(localStorage).length > before) tell("有登记没有成功，请看下面的说明。", true);
  const seen = await call("/grid/api/tasks");
  localStorage.setItem(TASKS, JSON.stringify(seen));
  learnClock(localStorage, seen.made_at);
  forget(seen.tasks);
}

function remember(taken) {
  const known = kept(SENT) || {};
  for (const scan of taken) known[scan.code] = { event: scan.event, at: Date.now() };
  localStorage.setItem(SENT, JSON.stringify(known));
}

// The list of tasks has caught up: an envelope is gone from it, or stands in it as fetched.
function forget(tasks) {
  const known = kept(SENT) || {};
  const left = tasks.filter((t) => known[t.code] && !(known[t.code].event === "picked_up" && t.todo === "deliver"));
  localStorage.setItem(SENT, JSON.stringify(Object.fromEntries(left.map((t) => [t.code, known[t.code]]))));
}

$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const given = Object.fromEntries(new FormData(form));
  try {
    await call("/grid/login", given);
    if (given.login !== who()) for (const key of [TASKS, SENT]) localStorage.removeItem(key);
    localStorage.setItem(WHO, given.login);
    form.reset();
    $("login-wrong").textContent = "";
    tell("");
    await sync();
  } catch (error) { $("login-wrong").textContent = error.message && error.status ? error.message : "没有网络，请稍后再试。"; }
});
// Who also works at an agent point goes on there, in the residents' app, without typing a second code.
$("help").addEventListener("click", async () => {
  try {
    localStorage.setItem("zerotrip.agent", (await call("/grid/api/agent", {})).token);
    location.assign("/app/#/pages/village/index");
  } catch (error) { tell(error.status ? error.message : "没有网络，请稍后再试。", true); }
});
$("logout").addEventListener("click", async () => {
  if (mine(localStorage, who()).length) return tell("还有登记没有上传，请联网后再退出。", true);
  try { await call("/grid/logout", {}); } catch (error) { if (error.status !== 401) return tell("没有网络，请稍后再试。", true); }
  for (const key of [TASKS, SENT]) localStorage.removeItem(key);
  $("tasks").replaceChildren();
  $("head").textContent = "";
  signedIn(false);
  if (window.caches) await (await caches.open("grid")).delete("/grid");
  if (navigator.onLine) await fetch("/grid").catch(() => null); // the page to sign in takes the place of the tasks
});
$("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  find(new FormData(event.target).get("code"));
  event.target.reset();
});
$("camera").addEventListener("click", scan);
$("stop").addEventListener("click", () => { tell(""); stopCamera(); });
$("refresh").addEventListener("click", sync);
$("seen").addEventListener("click", () => { forgetRefused(localStorage); showQueue(); });
window.addEventListener("online", sync);
window.addEventListener("offline", showQueue);
setInterval(sync, LOOK_MS);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/grid/sw.js", { scope: "/grid" });
if (cached()) signedIn(true); // until the service says otherwise
sync();
