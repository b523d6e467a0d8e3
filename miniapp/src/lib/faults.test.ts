import { describe, expect, it } from "vitest";
import { faultsOf } from "./faults";
import type { Picture } from "./fields";
import type { Case, Finding, Page } from "./shapes";

const SENT = "2026-11-20T10:00:00.000+08:00";
const BEFORE = "2026-11-20T09:00:00.000+08:00";
const AFTER = "2026-11-20T11:00:00.000+08:00";

function page(id: string, uploaded_at: string, findings: Finding[] = [], state = "read"): Page {
  return { id, material: "form", ordinal: 1, state, state_label: "", uploaded_at, read_at: null, kind: null, findings };
}

function finding(by: Partial<Finding>): Finding {
  return { code: "blurred", severity: "fixable", material: "form", page: null, field: null, box: null, message: "模糊", advice: "重拍", ...by };
}

function returned(pages: Page[], found: Finding, most = 1): Case {
  const material = { key: "form", name: "申请表", max_pages: most, min_pages: 1, pages };
  return { materials: [material], correction: { round: 1, sent_at: SENT, due: "2026-12-01", findings: [found] } } as unknown as Case;
}

const PICTURE: Picture = { page: "old", material: "form", number: 1, width: 200, height: 100, rotation: 0 };

describe("what is to be mended", () => {
  it("is open with its picture and the marked place until its page was photographed again", () => {
    const box: [number, number][] = [[20, 10], [60, 10], [60, 30], [20, 30]];
    const [fault] = faultsOf(returned([page("old", BEFORE)], finding({ page: 1, page_id: "old", box })), [PICTURE]);
    expect(fault).toMatchObject({ state: "open", page: "old", picture: PICTURE });
    expect(fault!.mark!.left).toBeCloseTo(0.1);
    expect(fault!.mark!.height).toBeCloseTo(0.2);
  });

  it("is being read, then good, or still bad with what is wrong now", () => {
    const found = finding({ page: 1, page_id: "old" });
    const state = (p: Page) => faultsOf(returned([p], found), [PICTURE])[0]!;
    expect(state(page("new", AFTER, [], "uploaded")).state).toBe("reading");
    expect(state(page("new", AFTER)).state).toBe("good");
    const bad = state(page("new", AFTER, [finding({ message: "反光" })]));
    expect([bad.state, bad.again[0]!.message, bad.newest]).toEqual(["bad", "反光", "new"]);
  });

  it("is not taken for another page that moved into its place in the counting", () => {
    const pages = [page("second", BEFORE), page("new", AFTER)];
    const [fault] = faultsOf(returned(pages, finding({ page: 1, page_id: "old" }), 2), []);
    expect(fault!.state).toBe("good");
  });

  it("is open after its page was only taken out", () => {
    expect(faultsOf(returned([], finding({ page: 1, page_id: "old" })), [])[0]!.state).toBe("open");
  });

  it("is the only page of a material that was returned as a whole, and a missing one until there is a page", () => {
    expect(faultsOf(returned([page("old", BEFORE)], finding({})), [])[0]!.page).toBe("old");
    expect(faultsOf(returned([], finding({ code: "missing_material" })), [])[0]).toMatchObject({ page: null, state: "open" });
    expect(faultsOf(returned([page("new", AFTER)], finding({ code: "missing_material" })), [])[0]!.state).toBe("good");
  });

  it("goes by what a person said of the paper, once the case is accepted", () => {
    const state = (said: string, pages: Page[]) => {
      const file = returned(pages, finding({ page_id: "old" }));
      file.correction!.after_acceptance = true;
      file.materials[0]!.state = said;
      return faultsOf(file, [])[0]!.state;
    };
    expect(state("returned", [page("old", BEFORE)])).toBe("open");
    expect(state("uploaded", [page("new", AFTER, [], "uploaded")])).toBe("reading");
    expect(state("read", [page("new", AFTER)])).toBe("good");
    expect(state("returned", [page("new", AFTER)])).toBe("open");
    expect(state("accepted", [page("old", BEFORE)])).toBe("good");
  });

  it("knows what was typed, which has no paper", () => {
    expect(faultsOf(returned([], finding({ material: null })), [])[0]).toMatchObject({ material: null, page: null });
  });
});
