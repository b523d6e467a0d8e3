import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it("writes nothing while the desk shows a draft in it", async () => {
  const asked: string[] = [];
  const request = (one: { url: string; success: (answer: unknown) => void }) => {
    asked.push(one.url);
    one.success({ statusCode: 200, data: {} });
  };
  vi.stubGlobal("location", { search: "?preview=d1", origin: "http://here" });
  vi.stubGlobal("uni", { getStorageSync: () => "", request });
  const { call, PREVIEW } = await import("./api");
  expect(PREVIEW).toBe("d1");
  for (const method of ["POST", "PUT", "DELETE"] as const)
    await expect(call("/api/v1/cases", { method, data: {} })).rejects.toMatchObject({ status: 403 });
  await call("/api/v1/items/X");
  expect(asked).toEqual(["http://here/api/v1/items/X?lang=zh"]);
});

it("says what it saw last and shows it again when nothing changed", async () => {
  const sent: Record<string, string>[] = [];
  const answers = [
    { statusCode: 200, data: { state: "draft" }, header: { ETag: 'W/"1"' } },
    { statusCode: 304, data: "", header: {} },
    { statusCode: 200, data: { state: "submitted" }, header: { etag: 'W/"2"' } },
  ];
  const request = (one: { header: Record<string, string>; success: (answer: unknown) => void }) => {
    sent.push(one.header);
    one.success(answers[sent.length - 1]);
  };
  vi.stubGlobal("location", { search: "", origin: "http://here" });
  vi.stubGlobal("uni", { getStorageSync: () => "", request });
  const { call } = await import("./api");
  const seen = {};
  const states = [];
  for (const _ of answers) states.push((await call<{ state: string }>("/api/v1/cases/1", { seen })).state);
  expect(states).toEqual(["draft", "draft", "submitted"]);
  expect(sent.map((header) => header["If-None-Match"])).toEqual([undefined, 'W/"1"', 'W/"1"']);
});
