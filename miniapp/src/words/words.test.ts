import { describe, expect, it } from "vitest";

const areas = import.meta.glob<{ zh: Record<string, unknown>; en: Record<string, unknown> }>("./*.ts", { eager: true });
const spoken = Object.entries(areas).filter(([file]) => !file.endsWith(".test.ts"));

describe("words", () => {
  it("have each key in one area only, so that none hides another", () => {
    const keys = spoken.flatMap(([file, words]) => Object.keys(words.zh).map((key) => [key, file]));
    const twice = keys.filter(([key], at) => keys.findIndex(([other]) => other === key) !== at);
    expect(twice).toEqual([]);
  });

  it("are said in both languages", () => {
    for (const [file, { zh, en }] of spoken) expect([file, Object.keys(en).sort()]).toEqual([file, Object.keys(zh).sort()]);
  });

  it("have the same values to fill in", () => {
    const holes = (text: unknown) => String(text).match(/\{\w+\}/g)?.sort() ?? [];
    for (const [, { zh, en }] of spoken)
      for (const key of Object.keys(zh)) expect([key, holes(en[key])]).toEqual([key, holes(zh[key])]);
  });
});
