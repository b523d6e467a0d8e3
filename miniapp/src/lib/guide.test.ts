import { expect, test } from "vitest";
import { papers } from "./guide";
import type { ChecklistLine, Item } from "./shapes";

const line = (key: string, when: Record<string, unknown> = {}) => ({ key, when }) as unknown as ChecklistLine;
const item = {
  questions: [
    { key: "child", ask: "", type: "bool", choices: [], labels: [] },
    { key: "ground", ask: "", type: "choice", choices: ["住", "工", "学"], labels: [] },
  ],
  materials: [
    line("form"),
    line("card", { child: false }),
    line("register", { child: true }),
    line("lease", { ground: "住" }),
    line("proof", { ground: ["工", "学"] }),
    line("both", { child: true, ground: "学" }),
  ],
} as unknown as Item;
const keys = (lines: ChecklistLine[]) => lines.map((one) => one.key);

test("before a question is answered, what it decides may be needed", () => {
  const { sure, maybe, ruledOut } = papers(item, {});
  expect(keys(sure)).toEqual(["form"]);
  expect(keys(maybe)).toEqual(["card", "register", "lease", "proof", "both"]);
  expect(ruledOut).toBe(0);
});

test("an answer rules out what wants another one, also where a further question is open", () => {
  const { sure, maybe, ruledOut } = papers(item, { child: false });
  expect(keys(sure)).toEqual(["form", "card"]);
  expect(keys(maybe)).toEqual(["lease", "proof"]);
  expect(ruledOut).toBe(2);
});

test("with all answered, just what is needed is left", () => {
  const { sure, maybe } = papers(item, { child: true, ground: "学" });
  expect([keys(sure), keys(maybe)]).toEqual([["form", "register", "proof", "both"], []]);
});
