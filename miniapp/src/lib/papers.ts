/** Opens a notice or receipt (PDF) with what the phone has for it. */
import { SERVICE } from "./api";
import { token } from "./session";

export async function openDocument(number: string, id: string): Promise<void> {
  const url = `${SERVICE}/api/v1/cases/${number}/documents/${id}`;
  const header = { Authorization: `Bearer ${await token()}` };
  // #ifdef H5
  const answer = await fetch(url, { headers: header });
  if (!answer.ok) throw new Error("暂时打不开，请稍后再试。");
  window.open(URL.createObjectURL(await answer.blob()), "_blank");
  // #endif
  // #ifdef MP-WEIXIN
  const { tempFilePath, statusCode } = await uni.downloadFile({ url, header });
  if (statusCode !== 200) throw new Error("暂时打不开，请稍后再试。");
  await uni.openDocument({ filePath: tempFilePath, fileType: "pdf" });
  // #endif
}
