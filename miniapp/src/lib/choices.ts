/**
 * Files that were chosen for a page: what cannot be used is told before anything is sent, one picture goes on to be
 * looked at, several and papers go on their way at once. The same from the page of the case and from the camera.
 */
import { ref } from "vue";
import { chooser } from "./choosing";
import { type Edit, type Looked, WHOLE } from "./editing";
import { isPicture, sendable } from "./kinds";
import { pictures } from "./pictures";
import { hand, type Place } from "./shots";
import { add, LARGEST_BYTES, NoRoom, sentBefore, TooLarge } from "./uploads";
import { say } from "./words";

const MEGABYTE = 1_000_000;
/** A picture is made smaller before it is sent; larger ones than this a phone cannot open. */
const LARGEST_PICTURE_BYTES = 50 * MEGABYTE;
const AS_IT_IS: Edit = { turn: 0, crop: WHOLE };
const TYPES: Partial<Record<Looked["kind"], string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  heic: "image/heic",
  pdf: "application/pdf",
};

/** What the resident is to know of what was chosen last. */
export const told = ref("");

export interface Chosen {
  path: string;
  looked: Looked;
}

/** Where it went: one picture to be looked at, files that are on their way, or nothing that could be used. */
export type Outcome = "look" | "sent" | "nothing";

export async function chooseFor(place: Place): Promise<Outcome> {
  told.value = "";
  const paths = await chooser.choose(place.room);
  const sentences = paths.length > place.room ? [tooMany(place, paths.length - place.room)] : [];
  paths.slice(place.room).forEach((path) => pictures.release(path));
  const good: Chosen[] = [];
  for (const path of paths.slice(0, place.room)) {
    const chosen = await usable(place, path, good);
    if (typeof chosen !== "string") good.push(chosen);
    else {
      sentences.push(chosen);
      pictures.release(path);
    }
  }
  const outcome = await goOn(place, good, sentences);
  told.value = [...new Set(sentences.filter(Boolean))].join("\n");
  return outcome;
}

async function goOn(place: Place, good: Chosen[], sentences: string[]): Promise<Outcome> {
  const [first] = good;
  if (!first) return "nothing";
  if (good.length === 1 && isPicture(first.looked.kind)) {
    hand({ ...first, crop: WHOLE, live: false });
    return "look";
  }
  for (const chosen of good) sentences.push(await sendOff(place, chosen, AS_IT_IS));
  return "sent";
}

function tooMany(place: Place, extra: number): string {
  return say("oneTooMany", { name: place.name, n: place.most, m: extra });
}

/** The file if it can be used, else the sentence that says why not; "" if the resident did not want it after all. */
async function usable(place: Place, path: string, others: Chosen[]): Promise<Chosen | string> {
  const looked = await pictures.look(path).catch(() => null);
  if (!looked) return say("unreadableFile");
  const why = refusalOf(looked);
  if (why) return why;
  const again = others.some((o) => o.looked.digest === looked.digest);
  if ((again || sentBefore(place.case, looked.digest, place.pages)) && !(await wanted())) return "";
  return { path, looked };
}

export function refusalOf(looked: Looked): string {
  if (looked.kind === "empty") return say("emptyFile");
  if (looked.kind === "video") return say("aVideo");
  if (!sendable(looked.kind)) return say("notAPicture");
  const most = looked.width ? LARGEST_PICTURE_BYTES : LARGEST_BYTES;
  return looked.bytes > most ? tooLarge(looked.bytes, most) : "";
}

function tooLarge(bytes: number, most: number): string {
  return say("tooLargeFile", { n: Math.ceil(bytes / MEGABYTE), most: Math.floor(most / MEGABYTE) });
}

function wanted(): Promise<boolean> {
  return new Promise((resolve) =>
    uni.showModal({
      title: say("sameTitle"),
      content: say("sameAgain"),
      confirmText: say("useAnyway"),
      cancelText: say("notAgain"),
      success: ({ confirm }) => resolve(confirm),
      fail: () => resolve(false),
    }),
  );
}

/** On its way, or the sentence of why not. The memory of the picture is given back. */
export async function sendOff(place: Place, chosen: Chosen, edit: Edit): Promise<string> {
  const made = await pictures.make(chosen.path, chosen.looked, edit);
  const type = made === chosen.path ? TYPES[chosen.looked.kind] ?? "" : "image/jpeg";
  try {
    await add(place.case, place.material, { path: made, type, digest: chosen.looked.digest }, place.instead);
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge(error.bytes, LARGEST_BYTES);
    return say(error instanceof NoRoom ? "noRoom" : "unreadableFile");
  } finally {
    if (made !== chosen.path) pictures.release(made);
  }
  pictures.release(chosen.path);
  return "";
}
