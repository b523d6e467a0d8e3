// Keeps the empty page of the terminal, so that one that starts without a network says so. Nothing of anybody is kept:
// only these files, by name; every call to the service goes past.
"use strict";

const KEPT = "kiosk";
const FILES = [
  "/kiosk", "/static/icon.svg", "/static/kiosk.css", "/static/kiosk.js", "/static/kiosk-api.js", "/static/kiosk-words.js",
  "/static/kiosk-screens.js", "/static/kiosk-scan.js", "/static/kiosk-end.js", "/static/kiosk-parts.js",
  "/static/kiosk-bridge.js", "/static/kiosk-state.js",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method === "GET" && FILES.includes(path)) event.respondWith(fresh(event.request, path));
});

// The network first: a new version counts at the next start.
async function fresh(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(KEPT)).put(path, answer.clone());
    return answer;
  } catch {
    return (await caches.match(path)) || Response.error();
  }
}
