import { beforeEach, describe, expect, it, vi } from "vitest";

const kept = new Map<string, unknown>();
const answers: { statusCode: number; data: unknown }[] = [];
const asked: { url: string; header: Record<string, string> }[] = [];
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => kept.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => void kept.set(key, value),
  removeStorageSync: (key: string) => void kept.delete(key),
  request: (call: { url: string; header: Record<string, string>; success: (a: unknown) => void }) => {
    asked.push(call);
    call.success(answers.shift());
  },
});

const { forgetCase, helping, helps, rememberCase, rememberCases, signInAgent } = await import("./helping");
const { mine } = await import("./session");
const { claimLink, numberIn } = await import("./village");

const OURS = "440105202611220000016";
const OWN = "440105202611220000024";

beforeEach(() => {
  kept.clear();
  answers.length = asked.length = 0;
  kept.set("zerotrip.token", "own");
});

async function signedIn(): Promise<void> {
  answers.push({ statusCode: 200, data: { token: "points", name: "王", point: {} } });
  await signInAgent("wang", "password", "123456");
  rememberCases([OURS]);
  asked.length = 0;
}

describe("which account a call is made with", () => {
  it("follows from the case, also of uploads and of a courier for several", async () => {
    await signedIn();
    expect(helps(`/api/v1/cases/${OURS}/timeline`)).toBe(true);
    expect(helps(`/api/v1/cases/${OWN}`)).toBe(false);
    expect(helps("/api/v1/cases")).toBe(false);
    expect(helps("/api/v1/agent/cases")).toBe(true);
    expect(helps("/api/v1/pickups", { cases: [OURS] })).toBe(true);
    expect(helps("/api/v1/uploads", { case: OURS })).toBe(true);
    answers.push({ statusCode: 201, data: { id: "u1" } });
    await mine("/api/v1/uploads", { method: "POST", data: { case: OURS } });
    expect(asked[0]?.header.Authorization).toBe("Bearer points");
    expect(helps("/api/v1/uploads/u1/complete")).toBe(true);
    expect(helps("/api/v1/uploads/u2")).toBe(false);
  });

  it("is one's own for what is taken over, and for the case from then on", async () => {
    await signedIn();
    expect(helps("/api/v1/claims", { case: OURS })).toBe(false);
    expect(helps("/api/v1/take-over", { case: OURS })).toBe(false);
    forgetCase(OURS);
    expect(helps(`/api/v1/cases/${OURS}`)).toBe(false);
    rememberCase(OURS);
    rememberCase(OURS);
    expect(kept.get("zerotrip.agent.cases")).toEqual([OURS]);
  });
});

describe("a session of the point that has ended", () => {
  it("is said, and nobody is signed in silently in their own name", async () => {
    await signedIn();
    answers.push({ statusCode: 401, data: { error: { code: "unauthenticated", message: "登录已失效" } } });
    await expect(mine(`/api/v1/cases/${OURS}`)).rejects.toMatchObject({ status: 401 });
    expect(asked).toHaveLength(1);
    expect(kept.has("zerotrip.agent")).toBe(false);
    expect(helps(`/api/v1/cases/${OURS}`)).toBe(true);
  });

  it("lets pictures on their way wait", async () => {
    await signedIn();
    answers.push({ statusCode: 401, data: {} });
    await expect(helping("/api/v1/uploads", { data: { case: OURS } })).rejects.toMatchObject({ status: 503 });
  });
});

describe("a case's number", () => {
  it("is found in a link, a label or digits with blanks", () => {
    expect(numberIn(claimLink(OURS, "https://zerotrip.example"))).toBe(OURS);
    expect(numberIn(OURS.replace(/(.{4})/g, "$1 "))).toBe(OURS);
    expect(numberIn("12345")).toBe("");
  });
});
