// Keeps the page and its scripts, so that they open without a network; signing out deletes the page, which holds tasks.
// Answers of the API are never kept here: tasks stand in the page's own store, which signing out empties too.
"use strict";

const NAME = "grid";
const PAGE = "/grid";
const KEPT = [PAGE, "/static/icon.svg", "/static/grid.css", "/static/grid.js", "/static/grid-queue.js", "/static/grid-qr.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || !KEPT.includes(path)) return;
  event.respondWith(fresh(event.request, path));
});

async function fresh(request, path) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  } catch {
    return (await cache.match(path)) || Response.error();
  }
}
