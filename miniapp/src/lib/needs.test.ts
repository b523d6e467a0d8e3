import { describe, expect, it } from "vitest";
import { isPromised, needed, openQuestions } from "./needs";
import type { Item } from "./shapes";

const ITEM = {
  questions: [
    { key: "child", ask: "?", type: "bool", choices: [] },
    { key: "why", ask: "?", type: "choice", choices: ["lost", "broken"] },
  ],
  materials: [
    { key: "card", when: { child: false } },
    { key: "register", when: { child: true } },
    { key: "old", when: { why: ["broken", "worn"] } },
    { key: "form", when: {} },
  ],
} as unknown as Item;

describe("answers", () => {
  it("leave a question open that was answered neither yes nor no, or with none of the choices", () => {
    expect(openQuestions(ITEM, {}).map((q) => q.key)).toEqual(["child", "why"]);
    expect(openQuestions(ITEM, { child: false, why: "other" }).map((q) => q.key)).toEqual(["why"]);
    expect(openQuestions(ITEM, { child: false, why: "lost" })).toEqual([]);
  });

  it("choose the papers", () => {
    expect(needed(ITEM, { child: true, why: "broken" }).map((m) => m.key)).toEqual(["register", "old", "form"]);
    expect(needed(ITEM, { child: false, why: "lost" }).map((m) => m.key)).toEqual(["card", "form"]);
  });
});

describe("what was promised", () => {
  it("is open until it is accepted or done without", () => {
    const states = ["deferred", "uploaded", "read", "returned", "accepted", "waived"];
    expect(states.filter((state) => isPromised({ defer_until: "2026-03-30", state }))).toEqual(states.slice(0, 4));
    expect(isPromised({ defer_until: null, state: "missing" })).toBe(false);
  });
});
