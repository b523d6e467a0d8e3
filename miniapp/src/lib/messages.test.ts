import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "./shapes";

const store = new Map<string, unknown>();

beforeEach(() => {
  store.clear();
  vi.stubGlobal("uni", {
    getStorageSync: (key: string) => store.get(key) ?? "",
    setStorageSync: (key: string, value: unknown) => store.set(key, value),
  });
});

function message(id: string, made_at: string): Message {
  return { id, made_at, case: null, title: "", text: "", page: "", state: "sent", channel: null };
}

const OLD = message("old", "2026-11-21T18:00:00.000+08:00");
const NEW = message("new", "2026-11-22T09:00:00.000+08:00");

describe("what was read on this phone", () => {
  it("is nothing at first, and everything once it was seen", async () => {
    const { allRead, unread } = await import("./messages");
    expect(unread([NEW, OLD])).toEqual([NEW, OLD]);
    allRead([NEW, OLD]);
    expect(unread([NEW, OLD])).toEqual([]);
  });

  it("is told by the moment, whatever the offset it is written with", async () => {
    const { allRead, unread } = await import("./messages");
    allRead([OLD]);
    expect(unread([message("same", "2026-11-21T10:00:00Z"), NEW]).map((m) => m.id)).toEqual(["new"]);
  });
});
