/** What a correction notice asks for, and how far each of it is mended. Pure. */
import type { Picture } from "./fields";
import { type Part, partOf } from "./parts";
import type { Case, Finding, Material, Page } from "./shapes";

/** `open`: as it was when the notice was sent; then photographed again: being read, found good, or not good either. */
export type FaultState = "open" | "reading" | "good" | "bad";

export interface Fault {
  key: string;
  material: string | null;
  /** The page to photograph again; null where a whole material is missing or was returned. */
  page: string | null;
  /** The page that took its place. */
  newest: string | null;
  title: string;
  message: string;
  advice: string;
  picture: Picture | null;
  mark: Part | null;
  state: FaultState;
  /** What is wrong with what was photographed again. */
  again: Finding[];
}

export function faultsOf(file: Case, pictures: Picture[]): Fault[] {
  const notice = file.correction;
  return notice ? notice.findings.map((finding, n) => faultOf(file, finding, `${notice.round}-${n}`, notice.sent_at, pictures)) : [];
}

function faultOf(file: Case, finding: Finding, key: string, sent: string, pictures: Picture[]): Fault {
  const material = file.materials.find((m) => m.key === finding.material);
  const page = pageOf(finding, material, sent);
  const mended = material ? newer(material, sent) : [];
  const still = page ? material?.pages.some((p) => p.id === page) : !mended.length;
  const picture = pictures.find((p) => p.page === page) ?? null;
  const bad = mended.filter((p) => p.findings.length || p.state === "unreadable");
  return {
    key,
    material: material?.key ?? null,
    page,
    newest: mended[mended.length - 1]?.id ?? null,
    title: titleOf(finding, material),
    message: finding.message,
    advice: finding.advice,
    picture,
    mark: finding.box && picture ? partOf(finding.box, picture.width, picture.height) : null,
    state: later(file, material) ?? (still || !mended.length ? "open" : stateOf(mended, bad)),
    again: still ? [] : bad.flatMap((p) => p.findings),
  };
}

/** After acceptance a person looks at each paper, and says by its state what came of it. */
function later(file: Case, material: Material | undefined): FaultState | null {
  if (!file.correction?.after_acceptance || !material) return null;
  if (["accepted", "waived"].includes(material.state)) return "good";
  return ["returned", "missing"].includes(material.state) ? "open" : null;
}

/** The notice names its page; a material of one page that was returned as a whole is that page. */
function pageOf(finding: Finding, material: Material | undefined, sent: string): string | null {
  if (finding.page_id) return finding.page_id;
  const old = material?.pages.filter((p) => before(p.uploaded_at, sent)) ?? [];
  return material?.max_pages === 1 && old.length === 1 ? old[0]!.id : null;
}

function newer(material: Material, sent: string): Page[] {
  return material.pages.filter((p) => !before(p.uploaded_at, sent));
}

function before(at: string, sent: string): boolean {
  return Date.parse(at) <= Date.parse(sent);
}

function stateOf(mended: Page[], bad: Page[]): FaultState {
  if (mended.some((p) => p.state === "uploaded")) return "reading";
  return bad.length ? "bad" : "good";
}

function titleOf(finding: Finding, material: Material | undefined): string {
  if (!material) return "";
  const several = material.max_pages > 1 && finding.page;
  return several ? `${material.name} · ${finding.page}` : material.name;
}
