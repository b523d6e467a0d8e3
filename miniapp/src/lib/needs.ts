/** Which papers the answers choose, and which questions are open: as the service decides it (`cases/checklist.py`). */
import type { ChecklistLine, Item, Material, Question } from "./shapes";

export type Answers = Record<string, boolean | string>;

/** Answers given on the guide, carried over to the application. */
export function answersOf(code: string): Answers {
  return (uni.getStorageSync(`zerotrip.answers.${code}`) as Answers) || {};
}

export function openQuestions(item: Item, answers: Answers): Question[] {
  return item.questions.filter((q) => !answered(q, answers[q.key]));
}

function answered(question: Question, given: boolean | string | undefined): boolean {
  if (question.type === "bool") return typeof given === "boolean";
  return question.type !== "choice" || question.choices.includes(String(given));
}

export function needed(item: Item, answers: Answers): ChecklistLine[] {
  return item.materials.filter((line) =>
    Object.entries(line.when).every(([key, wanted]) => {
      const given = answers[key] ?? false;
      return Array.isArray(wanted) ? wanted.includes(given) : wanted === given;
    }),
  );
}

/** Put off to a day, and still to come. */
export function isPromised(material: Pick<Material, "defer_until" | "state">): boolean {
  return Boolean(material.defer_until) && !["accepted", "waived"].includes(material.state);
}
