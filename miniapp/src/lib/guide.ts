/** What a guide shows of its checklist once some of its questions are answered. */
import { type Answers, needed, openQuestions } from "./needs";
import type { ChecklistLine, Item } from "./shapes";

const ANSWERS = "zerotrip.answers.";

/** For the application page, which takes them up by the item's code (`answersOf`). */
export function keepAnswers(code: string, answers: Answers): void {
  uni.setStorageSync(ANSWERS + code, { ...answers });
}

export interface Papers {
  /** Needed, whatever the open questions are answered. */
  sure: ChecklistLine[];
  /** Needed for some of the answers that are still open. */
  maybe: ChecklistLine[];
  ruledOut: number;
}

export function papers(item: Item, answers: Answers): Papers {
  const open = new Set(openQuestions(item, answers).map((question) => question.key));
  const hangs = (line: ChecklistLine) => Object.keys(line.when).some((key) => open.has(key));
  // an answer that is given rules out what another one wants, also where a further question is open
  const contradicted = (line: ChecklistLine) =>
    Object.entries(line.when).some(([key, wanted]) => {
      if (open.has(key)) return false;
      const given = answers[key] ?? false;
      return Array.isArray(wanted) ? !wanted.includes(given) : wanted !== given;
    });
  const sure = needed(item, answers).filter((line) => !hangs(line));
  const maybe = item.materials.filter((line) => hangs(line) && !contradicted(line));
  return { sure, maybe, ruledOut: item.materials.length - sure.length - maybe.length };
}
