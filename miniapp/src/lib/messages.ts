/** What the service told this person, and up to where it was read on this phone. */
import { mine } from "./session";
import type { Message } from "./shapes";

const READ = "zerotrip.read";

export async function told(): Promise<Message[]> {
  return (await mine<{ messages: Message[] }>("/api/v1/messages")).messages;
}

/** When the newest message that was read was made. */
export function readUntil(): string {
  return (uni.getStorageSync(READ) as string) || "";
}

export function unread(messages: Message[], until = readUntil()): Message[] {
  return messages.filter((m) => Date.parse(m.made_at) > (Date.parse(until) || 0));
}

export function allRead(messages: Message[]): void {
  const newest = messages[0];
  if (newest) uni.setStorageSync(READ, newest.made_at);
}
