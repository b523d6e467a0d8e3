import { beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("@dcloudio/uni-app", () => ({ onShow: () => undefined }));

beforeEach(() => {
  vi.stubGlobal("uni", { getStorageSync: () => "", setStorageSync: () => undefined, setTabBarItem: () => undefined });
});

describe("dates", () => {
  it("are said with their weekday, in the service's own time", async () => {
    const { dated, moment, span } = await import("./dates");
    expect(dated("2026-11-27")).toBe("11月27日（周五）");
    expect(moment("2026-11-22T00:05:00.000+08:00")).toBe("11月22日 00:05");
    expect(span("2026-11-22T15:00:00+08:00", "2026-11-22T17:00:00+08:00")).toBe("11月22日（周日） 15:00–17:00");
  });

  it("are said in English too", async () => {
    const { dated } = await import("./dates");
    const { setLanguage } = await import("./words");
    setLanguage("en");
    expect(dated("2026-03-02T08:00:00+08:00")).toBe("Mon 2 Mar");
    setLanguage("zh");
  });

  it("that are none stay as they are", async () => {
    const { dated } = await import("./dates");
    expect(dated("长期")).toBe("长期");
  });
});
