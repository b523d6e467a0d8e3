/** What the service keeps sealed, brought to the phone with the session: papers (PDF) to open, pictures to show. */
import { Offline, SERVICE } from "./api";
import { signIn, token } from "./session";
import type { Attachment } from "./shapes";
import { say } from "./words";

export class NotYet extends Error {}

export function openDocument(number: string, id: string): Promise<void> {
  return openPaper(`/api/v1/cases/${number}/documents/${id}`);
}

/** A file that a decision came with: a picture is shown, anything else opens as a PDF does. */
export async function openAttachment(number: string, attachment: Attachment): Promise<void> {
  const path = `/api/v1/cases/${number}/attachments/${attachment.id}`;
  if (!attachment.media_type.startsWith("image/")) return openPaper(path);
  uni.previewImage({ urls: [await fetched(path)] });
}

/** Opens a PDF with what the phone has for it. Raises `NotYet` while it is being made. */
export async function openPaper(path: string): Promise<void> {
  // #ifdef H5
  // a tab that is opened later than the tap is taken for an advertisement, and not opened
  const tab = window.open("", "_blank");
  try {
    const file = await fetched(path);
    if (tab) tab.location.href = file;
    else window.location.href = file;
  } catch (error) {
    tab?.close();
    throw error;
  }
  // #endif
  // #ifdef MP-WEIXIN
  await uni.openDocument({ filePath: await fetched(path), fileType: "pdf", showMenu: true });
  // #endif
}

/** Where the phone keeps it: an address that an image or a viewer takes. A session that has run out is begun anew. */
export async function fetched(path: string): Promise<string> {
  const first = await download(path, await token(path));
  const { tempFilePath, statusCode } = first.statusCode === 401 ? await download(path, await signIn()) : first;
  if (statusCode === 409) throw new NotYet(say("paperNotYet"));
  if (statusCode !== 200) throw new Error(say("paperTrouble"));
  return tempFilePath;
}

function download(path: string, held: string): Promise<UniApp.DownloadSuccessData> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: SERVICE + path,
      header: { Authorization: `Bearer ${held}` },
      success: resolve,
      fail: () => reject(new Offline(say("offline"))),
    });
  });
}
