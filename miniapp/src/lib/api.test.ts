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
