// The grid worker's page: what to fetch and deliver, hand-overs by scan or typed code, also without a network.
"use strict";

const $ = (id) => document.getElementById(id);
const TASKS = "grid.tasks";
const LOOK_MS = 60000;
const LOOK_LIKE = { I: "1", O: "0", S: "5", V: "U", Z: "2" };
let csrf = "";
let busy = false;

function clean(code) {
  const upper = code.toUpperCase().replace(/[\s-]/g, "");
  return /^[GDC]/.test(upper) ? upper.replace(/[IOSVZ]/g, (c) => LOOK_LIKE[c]) : upper;
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
  if (answer.status === 401) document.body.classList.add("signed-out");
  throw Object.assign(new Error((said.error && said.error.message) || ""), { status: answer.status });
}

const cached = () => { try { return JSON.parse(localStorage.getItem(TASKS)) || null; } catch { return null; } };

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

function done(task) {
  return readQueue(localStorage).filter((s) => s.code === task.code).map((s) => s.event);
}

function row(task) {
  const li = document.createElement("li");
  li.dataset.code = task.code;
  const waits = done(task);
  const fetched = task.todo === "deliver" || waits.includes("picked_up");
  const word = fetched ? "待送" : "待取";
  li.append(line(`${word} · ${task.window_label}${task.late ? "（已过时）" : ""}`, task.late ? "when late" : "when"));
  li.append(line(task.address, "where"));
  li.append(line(`${task.contact} · ${task.item_name} · ${task.direction_label}`));
  li.append(line(task.code_label, "code"));
  if (waits.length) li.append(line("已登记，待上传"));
  const buttons = document.createElement("div");
  buttons.className = "row";
  buttons.append(button(fetched ? "已送达" : "已取件", () => hand(task, fetched ? "delivered" : "picked_up")));
  buttons.append(button("未成功", () => hand(task, "failed"), true));
  buttons.append(button("电话", () => phone(task, li), true));
  li.append(buttons);
  return li;
}

function show(seen) {
  if (!seen) return;
  $("head").textContent = `${seen.day.slice(5).replace("-", "月")}日，${seen.tasks.length}项任务`;
  $("tasks").replaceChildren(...seen.tasks.map(row));
  if (!seen.tasks.length) $("tasks").append(Object.assign(line("今天没有任务。"), { className: "none" }));
}

function showQueue() {
  const scans = readQueue(localStorage);
  $("waiting").textContent = scans.length;
  $("queue").replaceChildren(...scans.map((s) => {
    const li = document.createElement("li");
    li.append(line(`${s.code} ${s.event} ${new Date(s.at).toLocaleString("zh-CN")}`));
    return li;
  }));
  $("net").textContent = navigator.onLine ? "" : "没有网络：登记会保存在手机上，联网后自动上传。";
}

async function phone(task, li) {
  try {
    const who = await call(`/grid/api/tasks/${encodeURIComponent(task.id)}/contact`);
    const link = document.createElement("a");
    link.href = `tel:${who.phone}`;
    link.textContent = `${who.contact} ${who.phone}`;
    const p = document.createElement("p");
    p.append(link);
    li.append(p);
  } catch { tell("联网后才能查看电话。", true); }
}

// ── hand-overs ──

const WORDS = { picked_up: "已取件", delivered: "已送达", failed: "未成功" };

function hand(task, event) {
  const dialog = $("hand");
  const form = dialog.querySelector("form");
  form.reset();
  const toResident = event === "delivered" && task.direction === "delivery";
  $("hand-what").textContent = `${WORDS[event]}：${task.code_label}，${task.address}`;
  $("hand-who").hidden = !toResident;
  $("hand-proof").hidden = !toResident;
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    const given = new FormData(form);
    addScan(localStorage, {
      code: task.code, event, note: given.get("note") || "",
      recipient: toResident ? given.get("recipient") : "self", proof: toResident ? given.get("proof") : "",
    });
    tell("已登记。");
    sync();
  };
  dialog.returnValue = "";
  dialog.showModal();
}

function find(text) {
  const code = clean(text);
  const seen = cached();
  const task = seen && seen.tasks.find((t) => code.includes(t.code) || code.includes(t.case));
  for (const li of $("tasks").children) li.classList.toggle("found", !!task && li.dataset.code === task.code);
  if (!task) return tell("今天的任务里没有这个号码。", true);
  const fetched = task.todo === "deliver" || done(task).includes("picked_up");
  hand(task, fetched ? "delivered" : "picked_up");
}

async function scan() {
  if (!("BarcodeDetector" in window)) return tell("这部手机不能扫码，请输入号码。", true);
  const video = $("video");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch { return tell("没有相机权限，请输入号码。", true); }
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128"] });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const stop = () => { stream.getTracks().forEach((t) => t.stop()); video.hidden = true; };
  const until = Date.now() + 30000;
  const look = async () => {
    const found = await detector.detect(video).catch(() => []);
    if (found.length) { stop(); return find(found[0].rawValue); }
    if (Date.now() > until) { stop(); return tell("没有识别到二维码，请输入号码。", true); }
    requestAnimationFrame(look);
  };
  look();
}

// ── with the service ──

async function sync() {
  show(cached());
  showQueue();
  if (busy || !navigator.onLine) return;
  busy = true;
  try {
    csrf = (await call("/grid/api/me")).csrf;
    document.body.classList.remove("signed-out");
    const refused = await flush(localStorage, (scans) => call("/grid/api/scans", { scans }));
    if (refused.length) tell(refused.map((r) => `${r.scan.code}：${r.result.message}`).join(" "), true);
    const seen = await call("/grid/api/tasks");
    localStorage.setItem(TASKS, JSON.stringify(seen));
    learnClock(localStorage, seen.made_at);
  } catch (error) {
    if (error.status && error.status !== 401) tell(error.message, true);
  } finally {
    busy = false;
  }
  show(cached());
  showQueue();
}

$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    await call("/grid/login", Object.fromEntries(new FormData(form)));
    form.reset();
    $("login-wrong").textContent = "";
    await sync();
  } catch (error) { $("login-wrong").textContent = error.message || "没有网络，请稍后再试。"; }
});
$("logout").addEventListener("click", async () => {
  if (readQueue(localStorage).length) return tell("还有登记没有上传，请联网后再退出。", true);
  try { await call("/grid/logout", {}); } catch { return tell("没有网络，请稍后再试。", true); }
  localStorage.removeItem(TASKS);
  if (window.caches) await caches.delete("grid");
  document.body.classList.add("signed-out");
  $("tasks").replaceChildren();
});
$("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  find(new FormData(event.target).get("code"));
  event.target.reset();
});
$("camera").addEventListener("click", scan);
$("refresh").addEventListener("click", sync);
window.addEventListener("online", sync);
window.addEventListener("offline", showQueue);
setInterval(sync, LOOK_MS);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/grid/sw.js");
if (!navigator.onLine && cached()) document.body.classList.remove("signed-out");
sync();
