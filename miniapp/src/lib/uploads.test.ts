import { beforeEach, describe, expect, it, vi } from "vitest";

const MEGABYTE = 1024 * 1024;

/** A phone: its store, its files, and a service behind a line that may break. */
class Phone {
  store = new Map<string, unknown>();
  files = new Map<string, number>();
  full = false;
  /** What the line does with a request: an answer, or a break. */
  line: (ask: Ask) => Answer | "broken" = (ask) => this.service.answer(ask);
  service = new Service();
  asks: Ask[] = [];

  uni(): unknown {
    return {
      getStorageSync: (key: string) => structuredClone(this.store.get(key)) ?? "",
      setStorageSync: (key: string, value: unknown) => this.store.set(key, structuredClone(value)),
      getFileSystemManager: () => this.manager(),
      login: () => Promise.resolve({ code: "once" }),
      request: (ask: Ask & { success(a: Answer): void; fail(): void }) => {
        this.asks.push(ask);
        const answer = this.line(ask);
        void Promise.resolve().then(() => (answer === "broken" ? ask.fail() : ask.success(answer)));
      },
    };
  }

  private manager(): unknown {
    return {
      saveFile: (ask: { tempFilePath: string; success(a: unknown): void; fail(): void }) => {
        if (this.full) return ask.fail();
        const kept = ask.tempFilePath.replace("tmp:", "kept:");
        this.files.set(kept, this.files.get(ask.tempFilePath) ?? 0);
        ask.success({ savedFilePath: kept });
      },
      getFileInfo: (ask: { filePath: string; success(a: unknown): void }) =>
        ask.success({ size: this.files.get(ask.filePath) }),
      readFile: (ask: { filePath: string; length: number; success(a: unknown): void; fail(e: Error): void }) =>
        this.files.has(ask.filePath) ? ask.success({ data: new ArrayBuffer(ask.length) }) : ask.fail(new Error("none")),
      removeSavedFile: (ask: { filePath: string; complete(): void }) => {
        this.files.delete(ask.filePath);
        ask.complete();
      },
    };
  }
}

interface Ask {
  url: string;
  method: string;
  data: unknown;
  header: Record<string, string>;
}

interface Answer {
  statusCode: number;
  data: unknown;
}

function refused(status: number, code: string, details: object = {}): Answer {
  return { statusCode: status, data: { error: { code, message: `说明：${code}`, details } } };
}

interface Begun {
  id: string;
  size: number;
  received: number;
  chunk_max_bytes: number;
}

/** As the service behaves (tests/web/test_uploads.py), in short. */
class Service {
  uploads = new Map<string, Begun>();
  answered = new Map<string, Answer>();
  pages: string[] = [];
  token = "first";

  answer(ask: Ask): Answer {
    const path = new URL(ask.url, "http://service").pathname;
    if (path === "/api/v1/session") return { statusCode: 200, data: { token: this.token } };
    if (ask.header.Authorization !== `Bearer ${this.token}`) return refused(401, "unauthenticated");
    const [, , , what, id, then] = path.split("/");
    if (what === "cases") return this.remove(path.split("/").pop()!);
    if (!id) return this.begin(ask.data as { size: number; transaction_id: string });
    if (then) return this.complete(id, (ask.data as { transaction_id: string }).transaction_id);
    const upload = this.uploads.get(id);
    if (!upload) return refused(404, "not_found");
    return ask.method === "PUT" ? this.piece(upload, ask) : { statusCode: 200, data: { ...upload } };
  }

  private begin(data: { size: number; transaction_id: string }): Answer {
    return this.once(data.transaction_id, () => {
      const upload = { id: `u${this.uploads.size}`, size: data.size, received: 0, chunk_max_bytes: 10_000_000 };
      this.uploads.set(upload.id, upload);
      return { ...upload };
    });
  }

  private piece(upload: Begun, ask: Ask): Answer {
    if (Number(ask.header["Upload-Offset"]) !== upload.received)
      return refused(409, "conflict", { received: upload.received });
    upload.received += (ask.data as ArrayBuffer).byteLength;
    return { statusCode: 200, data: { ...upload } };
  }

  private complete(id: string, transaction: string): Answer {
    const before = this.answered.get(transaction);
    if (before) return before;
    if (!this.uploads.delete(id)) return refused(404, "not_found");
    return this.once(transaction, () => {
      this.pages.push(`p${this.pages.length}`);
      return { id: this.pages[this.pages.length - 1] };
    });
  }

  private remove(page: string): Answer {
    if (!this.pages.includes(page)) return refused(404, "not_found");
    this.pages = this.pages.filter((p) => p !== page);
    return { statusCode: 200, data: {} };
  }

  private once(transaction: string, make: () => unknown): Answer {
    const made = this.answered.get(transaction) ?? { statusCode: 201, data: make() };
    this.answered.set(transaction, made);
    return made;
  }
}

let phone: Phone;

/** The app started anew on the same phone. */
async function started() {
  vi.resetModules();
  vi.stubGlobal("uni", phone.uni());
  return import("./uploads");
}

function picture(megabytes: number, name = "a") {
  phone.files.set(`tmp:${name}`, megabytes * MEGABYTE);
  return { path: `tmp:${name}`, type: "image/jpeg", digest: name };
}

/** The phone's clock goes on until that holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 2000 && !holds(); n++) await vi.advanceTimersByTimeAsync(100);
  expect(holds()).toBe(true);
}

function puts(): number {
  return phone.asks.filter((a) => a.method === "PUT").length;
}

beforeEach(() => {
  vi.useFakeTimers();
  phone = new Phone();
  return () => void vi.useRealTimers();
});

describe("a picture on its way", () => {
  it("goes in pieces, becomes one page, and leaves nothing on the phone", async () => {
    const { add, sendings } = await started();
    await add("C1", "id_front", picture(2.5));
    await until(() => !sendings("C1").length);
    expect([phone.service.pages.length, puts(), phone.files.has("kept:a")]).toEqual([1, 3, false]);
  });

  it("goes on after the app was closed from where it came to, and is not sent twice", async () => {
    const first = await started();
    phone.line = (ask) => (ask.method === "PUT" && puts() > 2 ? "broken" : phone.service.answer(ask));
    await first.add("C1", "id_front", picture(4));
    await until(() => first.sendings("C1")[0]?.state === "offline");
    const again = await started();
    phone.line = (ask) => phone.service.answer(ask);
    phone.asks = [];
    again.resume();
    again.resume();
    await until(() => !again.sendings("C1").length);
    const sent = phone.asks.filter((a) => a.method === "PUT").map((a) => (a.data as ArrayBuffer).byteLength);
    expect(sent.reduce((a, b) => a + b)).toBe(2 * MEGABYTE);
    expect(phone.service.pages).toHaveLength(1);
  });

  it("whose last answer was lost is one page", async () => {
    const { add, sendings } = await started();
    let lost = false;
    phone.line = (ask) => {
      const answer = phone.service.answer(ask);
      if (!ask.url.endsWith("/complete") || lost) return answer;
      lost = true;
      return "broken";
    };
    await add("C1", "id_front", picture(1));
    await until(() => !sendings("C1").length);
    expect([lost, phone.service.pages.length]).toEqual([true, 1]);
  });

  it("whose piece arrived though its answer did not goes on behind it", async () => {
    const { add, sendings } = await started();
    phone.line = (ask) => {
      const answer = phone.service.answer(ask);
      return ask.method === "PUT" && puts() === 2 ? "broken" : answer;
    };
    await add("C1", "id_front", picture(3));
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toHaveLength(1);
  });

  it("that the service has forgotten is sent anew", async () => {
    const { add, sendings } = await started();
    phone.line = (ask) => {
      if (ask.method === "PUT" && puts() === 2) {
        phone.service.uploads.clear();
        return "broken";
      }
      return phone.service.answer(ask);
    };
    await add("C1", "id_front", picture(3));
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toHaveLength(1);
  });

  it("goes on with a new session when the old one has ended", async () => {
    const { add, sendings } = await started();
    phone.line = (ask) => {
      if (ask.method === "PUT" && puts() === 2) phone.service.token = "second";
      return phone.service.answer(ask);
    };
    await add("C1", "id_front", picture(4));
    await until(() => !sendings("C1").length);
    expect([phone.service.pages.length, puts()]).toEqual([1, 5]);
  });

  it("goes in smaller pieces on a line that carries no large one", async () => {
    const { add, sendings } = await started();
    const carries = (ask: Ask) => !(ask.data instanceof ArrayBuffer) || ask.data.byteLength <= 300_000;
    phone.line = (ask) => (carries(ask) ? phone.service.answer(ask) : "broken");
    await add("C1", "id_front", picture(1));
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toHaveLength(1);
  });

  it("is not tried for ever: it stays on the phone, and a tap goes on", async () => {
    const { add, sendings, resume } = await started();
    phone.line = () => "broken";
    await add("C1", "id_front", picture(1));
    await until(() => sendings("C1")[0]?.state === "stopped");
    expect(sendings("C1")[0]?.trouble).toBe("stopped");
    phone.line = (ask) => phone.service.answer(ask);
    resume();
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toHaveLength(1);
  });

  it("takes the place of an old page once the service has all of it", async () => {
    const { add, sendings } = await started();
    phone.service.pages = ["old"];
    await add("C1", "id_front", picture(1), "old");
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toEqual(["p0"]);
  });

  it("waits for the page before it of the same material, not for other materials", async () => {
    const { add, sendings } = await started();
    phone.line = () => "broken";
    await add("C1", "book", picture(1, "a"));
    await add("C1", "book", picture(1, "b"));
    await add("C1", "form", picture(1, "c"));
    await until(() => sendings("C1")[2]?.state === "offline");
    expect(sendings("C1").map((s) => s.state)).toEqual(["offline", "waiting", "offline"]);
    phone.line = (ask) => phone.service.answer(ask);
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toHaveLength(3);
  });

  it("that the service refuses says its sentence and lets the next go on", async () => {
    const { add, sendings } = await started();
    phone.line = (ask) =>
      ask.url.endsWith("/u0/complete") ? refused(422, "invalid_request") : phone.service.answer(ask);
    await add("C1", "book", picture(1, "a"));
    await add("C1", "book", picture(1, "b"));
    await until(() => sendings("C1").length === 1);
    expect(sendings("C1")[0]).toMatchObject({ state: "refused", message: "说明：invalid_request", digest: "a" });
    expect(phone.service.pages).toHaveLength(1);
  });
});

describe("a phone whose storage is full", () => {
  it("still sends the picture, and says that it is not kept", async () => {
    const { add, sendings } = await started();
    phone.full = true;
    phone.line = () => "broken";
    await add("C1", "id_front", picture(1));
    expect(sendings("C1")[0]?.fleeting).toBe(true);
    phone.line = (ask) => phone.service.answer(ask);
    await until(() => !sendings("C1").length);
    expect(phone.service.pages).toHaveLength(1);
  });

  it("says so when the app was closed meanwhile", async () => {
    const { add, sendings } = await started();
    phone.full = true;
    phone.line = () => "broken";
    await add("C1", "id_front", picture(1));
    await until(() => sendings("C1")[0]?.state === "offline");
    phone.files.clear();
    phone.line = (ask) => phone.service.answer(ask);
    await until(() => sendings("C1")[0]?.state === "refused");
    expect(sendings("C1")[0]?.trouble).toBe("gone");
  });

  it("without room for a note keeps nothing of it", async () => {
    const { add, NoRoom, sendings } = await started();
    const uni = phone.uni() as { setStorageSync(key: string): void };
    vi.stubGlobal("uni", {
      ...uni,
      setStorageSync: (key: string) => {
        throw new Error(`no room for ${key}`);
      },
    });
    await expect(add("C1", "id_front", picture(1))).rejects.toBeInstanceOf(NoRoom);
    expect([sendings("C1").length, phone.files.has("kept:a")]).toEqual([0, false]);
  });
});

describe("a picture that was sent before", () => {
  it("is known while it is on its way and while its page is there", async () => {
    const { add, sendings, sentBefore } = await started();
    expect(sentBefore("C1", "a", [])).toBe(false);
    await add("C1", "id_front", picture(1));
    expect(sentBefore("C1", "a", [])).toBe(true);
    await until(() => !sendings("C1").length);
    expect(sentBefore("C1", "a", ["p0"])).toBe(true);
    expect(sentBefore("C1", "a", ["another"])).toBe(false);
    expect(sentBefore("C2", "a", ["p0"])).toBe(false);
  });

  it("and is too large is not kept", async () => {
    const { add, TooLarge, sendings } = await started();
    await expect(add("C1", "id_front", picture(60))).rejects.toBeInstanceOf(TooLarge);
    expect([sendings("C1").length, phone.files.has("kept:a")]).toEqual([0, false]);
  });
});
